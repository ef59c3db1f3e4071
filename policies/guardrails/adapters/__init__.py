"""Readers that turn what a tool hands over into ``ResourceFacts``."""
