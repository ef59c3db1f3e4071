"""Who may reach what, over which port and way, and who may do what: read from a plan."""
