"""Caches: Redis and Valkey replication groups, with users or a token."""
