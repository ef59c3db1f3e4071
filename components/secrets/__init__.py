"""Secrets: values that no file, state or person holds, and the function that makes them."""
