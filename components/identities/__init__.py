"""Identities outside AWS: roles that a token of another issuer opens, without users or keys."""
