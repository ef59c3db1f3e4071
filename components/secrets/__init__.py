"""Secrets: given, generated, or credentials that the rotation function makes and keeps fresh."""
