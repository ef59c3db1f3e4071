"""How a new version takes over, and when services are deployed again."""
