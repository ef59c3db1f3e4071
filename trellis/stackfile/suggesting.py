"""The nearest known word to a mistyped one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LIKENESS = 0.6
"""Least ratio of `difflib.SequenceMatcher` for a word to be suggested."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like a mistyped one, or None.

    Case, hyphens and underscores do not count: `flow_logs` is nearest to `flowLogs`.
    """
    by_letters = {_letters(allowed): allowed for allowed in known}
    found = difflib.get_close_matches(_letters(word), by_letters, n=1, cutoff=LIKENESS)
    return by_letters[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The question with the nearest known word, or nothing."""
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found is not None else ""


def _letters(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()
