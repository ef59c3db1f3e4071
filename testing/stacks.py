"""The stack files of the repository."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

STACKS: tuple[tuple[str, str], ...] = (
    (".", "dev"),
    (".", "prod"),
    ("systems/afric-analyzer", "starter"),
    ("systems/afric-analyzer", "prod"),
    ("systems/mantissa-log", "dev"),
    ("systems/mantissa-log", "staging"),
    ("systems/mantissa-log", "prod"),
    ("systems/chat-backend", "dev"),
    ("systems/chat-backend", "staging"),
    ("systems/chat-backend", "prod"),
    ("systems/engify", "prod"),
)
"""Project folder and stack of every stack file there is; a test holds it against the files."""
