"""Roles of delivery, derived from a plan: what a deployment of exactly this stack may do."""
