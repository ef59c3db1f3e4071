"""How many tasks a service runs."""
