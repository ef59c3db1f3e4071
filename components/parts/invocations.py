"""What an edit does to what a function makes: databases of a server, providers of sign-in."""

from __future__ import annotations

from typing import Final

from components.parts.changes import Inputs, is_mapping, json_block

NAMED_BY_KEY: Final = frozenset({"OIDC", "SAML"})
"""Types of Cognito's providers whose name, the entry's key, begins the names of their users."""


def called_once(_: Inputs, after: Inputs) -> bool:
    """An invocation that lives as its resource does is told of another input."""
    return after.get("lifecycleScope") != "CRUD"


def another_provider(before: Inputs, after: Inputs) -> str:
    """The function that tells Cognito changes a provider, and makes none of it another one."""
    old, new = _provider(before), _provider(after)
    if not old or not new or (old["name"], old["type"]) == (new["name"], new["type"]):
        return ""
    return (
        f"provider {old['name']} would become {new['name']} of the type {new['type']}, and Cognito "
        "changes neither name nor type (give the new one another key, then take this one away)"
    )


def left(before: Inputs, after: Inputs | None) -> str:
    """What stays behind that nobody takes away, or what its users lose."""
    return (
        _database_left(before, after) or _users_left(before, after) or _password_left(before, after)
    )


def _password_left(before: Inputs, after: Inputs | None) -> str:
    """What the function set that sets a master password from a secret."""
    asked = json_block(before, "input")
    if after is not None or not {"database", "cluster", "user", "secret"} <= asked.keys():
        return ""
    kind = "cluster" if asked["cluster"] else "instance"
    return (
        f"{asked['database']} keeps the password that its secret has: RDS manages none of its own "
        f"until it is told (`aws rds modify-db-{kind} --manage-master-user-password "
        f"--apply-immediately`, then `pulumi refresh`), and what reads RDS's secret fails"
    )


def _database_left(before: Inputs, after: Inputs | None) -> str:
    """What the rotation function made and takes away nowhere: a further database of a server."""
    old, new = (_triggers(inputs) for inputs in (before, after))
    name = old.get("dbname")
    if "initialDatabase" not in old or name == new.get("dbname"):
        return ""
    return (
        f"database {name} stays on its server with its data and users (nothing renames or drops "
        "it: move the data, or drop it as the master user)"
    )


def _users_left(before: Inputs, after: Inputs | None) -> str:
    old = _provider(before)
    if not old or after is not None:
        return ""
    others = ", and under another key they are other users" if old["type"] in NAMED_BY_KEY else ""
    return f"users of {old['name']} can't sign in any more; they stay in the pool{others}"


def _triggers(inputs: Inputs | None) -> Inputs:
    found = (inputs or {}).get("triggers")
    return found if is_mapping(found) else {}


def _provider(inputs: Inputs) -> Inputs:
    """What the function that tells Cognito of a provider was asked; nothing where another was."""
    if inputs.get("lifecycleScope") != "CRUD":
        return {}
    asked = json_block(inputs, "input")
    return asked if {"pool", "name", "type", "details"} <= asked.keys() else {}
