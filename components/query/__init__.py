"""Queries: Athena workgroups over the catalogs of a system."""
