"""Makes the table of properties whose change replaces a resource: `make replacing`."""
