"""Mail: domains that the system sends as."""
