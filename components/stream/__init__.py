"""Kinesis data streams: capacity, retention, consumers with a way of their own."""
