"""A task: its definition, containers, roles and traces."""
