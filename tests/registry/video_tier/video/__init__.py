"""Video streams: a tier that only a test adds to Trellis (tests/registry/test_new_tier.py)."""
