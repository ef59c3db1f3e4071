"""The account's baseline: trail, configuration, threat detection and safe account settings."""
