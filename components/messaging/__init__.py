"""Messaging: notification topics and work queues."""
