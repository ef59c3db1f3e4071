"""Relational databases: RDS instances with replicas, Aurora clusters, and proxies before them."""
