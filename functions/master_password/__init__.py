"""The function that deploys a service again after a secret was rotated."""
