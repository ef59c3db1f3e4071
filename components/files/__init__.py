"""Shared file systems (Amazon EFS)."""
