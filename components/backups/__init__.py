"""AWS Backup: a vault and a plan for what holds state."""
