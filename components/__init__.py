"""Reusable Pulumi component resources: one package a tier, its settings beside it."""
