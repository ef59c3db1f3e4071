"""Roles that deploy another stack, each opened by one pipeline's own token."""
