"""Measurements and seeded campaigns: `python -m bench [NAME ...]`."""
