"""Buckets: objects, private and encrypted, with all that S3 keeps in separate resources."""
