"""DNS: hosted zones, records, and certificates that prove themselves there."""
