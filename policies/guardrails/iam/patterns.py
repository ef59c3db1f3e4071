"""Matching of IAM's `*` and `?` patterns: against a value, inside another, overlapping another.

Actions match without regard to case, resources with it (IAM User Guide, "IAM JSON policy
elements: Resource", 2026-11). A policy variable (`${aws:username}`) stands for one value that
only the request knows; `${*}`, `${?}` and `${$}` are the literal characters.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..unknown import Tri

# "arn", partition, service, region, account, resource.
_ARN_PARTS = 6
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERALS = {"*": "*", "?": "?", "$": "$"}

# Tokens of a compiled pattern. Private-use code points cannot stand in an action or an ARN.
_STAR, _ANY, _VAR = "\ue000", "\ue001", "\ue002"


@lru_cache(maxsize=65536)
def _tokens(pattern: str) -> str:
    """The pattern as tokens; a variable is one `_VAR`, a run of stars one `_STAR`."""

    def part(text: str) -> str:
        return text.replace("*", _STAR).replace("?", _ANY)

    out: list[str] = []
    position = 0
    for variable in _VARIABLE.finditer(pattern):
        out.append(part(pattern[position : variable.start()]))
        out.append(_LITERALS.get(variable.group(1), _VAR))
        position = variable.end()
    out.append(part(pattern[position:]))
    return re.sub(f"{_STAR}+", _STAR, "".join(out))


@lru_cache(maxsize=65536)
def _expression(tokens: str, variables_match: bool) -> re.Pattern[str]:
    special = {_STAR: ".*", _ANY: ".", _VAR: ".*" if variables_match else "(?!)"}
    return re.compile("".join(special.get(c) or re.escape(c) for c in tokens), re.DOTALL)


def has_wildcard(pattern: str) -> bool:
    """Whether the pattern can match more than one value (a policy variable is one value)."""
    return any(token in (_STAR, _ANY) for token in _tokens(pattern))


def matches_action(pattern: str, action: str) -> bool:
    """Whether an action pattern such as `s3:Get*` matches `s3:GetObject`, in any case."""
    return _expression(_tokens(pattern.lower()), False).fullmatch(action.lower()) is not None


def matches_resource(pattern: str, resource: str) -> Tri:
    """Whether a resource pattern matches one ARN; UNKNOWN if it depends on a policy variable."""
    literal, strict, loose = _resource_expression(pattern)
    if not resource.startswith(literal):
        return Tri.NO
    if strict.fullmatch(resource) is not None:
        return Tri.YES
    return Tri.UNKNOWN if loose is not None and loose.fullmatch(resource) is not None else Tri.NO


@lru_cache(maxsize=65536)
def _resource_expression(
    pattern: str,
) -> tuple[str, re.Pattern[str], re.Pattern[str] | None]:
    """The literal beginning of a resource pattern, its expression, and one if variables match."""
    parts = _split_arn(pattern)
    tokens = [_tokens(part) for part in parts] if parts else [_tokens(pattern)]

    def expression(variables_match: bool) -> re.Pattern[str]:
        # Only the last part of an ARN may hold colons for a wildcard to take.
        wild = [("[^:]*", "[^:]")] * (len(tokens) - 1) + [(".*", ".")]
        text = ":".join(
            "".join(
                {_STAR: many, _ANY: one, _VAR: many if variables_match else "(?!)"}.get(c)
                or re.escape(c)
                for c in part
            )
            for part, (many, one) in zip(tokens, wild, strict=True)
        )
        return re.compile(text, re.DOTALL)

    joined = ":".join(tokens)
    literal = re.split(f"[{_STAR}{_ANY}{_VAR}]", joined, maxsplit=1)[0]
    return literal, expression(False), expression(True) if _VAR in joined else None


def covers(outer: str, inner: str) -> bool:
    """Whether every ARN that `inner` matches is matched by `outer` (never a wrong yes)."""
    pairs = _aligned(outer, inner)
    return all(_token_covers(_tokens(left), _tokens(right)) for left, right in pairs)


def overlaps(one: str, other: str) -> bool:
    """Whether some ARN may be matched by both (a variable may take any value)."""
    pairs = _aligned(one, other)
    return all(
        _token_overlap(_tokens(left).replace(_VAR, _STAR), _tokens(right).replace(_VAR, _STAR))
        for left, right in pairs
    )


def covers_action(outer: str, inner: str) -> bool:
    """Whether every action that `inner` matches is matched by `outer`."""
    return _token_covers(_tokens(outer.lower()), _tokens(inner.lower()))


def overlaps_action(one: str, other: str) -> bool:
    """Whether some action may be matched by both patterns."""
    return _token_overlap(_tokens(one.lower()), _tokens(other.lower()))


def _split_arn(pattern: str) -> list[str] | None:
    """An ARN's six parts; a colon inside `${...}` does not part it. None if it has fewer."""
    parts: list[str] = []
    start = depth = 0
    for position, character in enumerate(pattern):
        if pattern.startswith("${", position):
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif character == ":" and not depth:
            parts.append(pattern[start:position])
            start = position + 1
            if len(parts) == _ARN_PARTS - 1:
                break
    parts.append(pattern[start:])
    return parts if len(parts) == _ARN_PARTS else None


@lru_cache(maxsize=65536)
def _aligned(one: str, other: str) -> list[tuple[str, str]]:
    """The two patterns part by part, or as a whole if either is `*` or no ARN.

    A wildcard does not reach over the colons that part an ARN ("IAM JSON policy elements:
    Resource"), except `*` alone, which is every resource.
    """
    left, right = _split_arn(one), _split_arn(other)
    if left is None or right is None:
        return [(one, other)]
    return list(zip(left, right, strict=True))


@lru_cache(maxsize=65536)
def _token_covers(outer: str, inner: str) -> bool:
    """Glob containment by simulation: `inner`'s star must be taken by a star of `outer`."""

    # states: positions in `outer` that are reachable after reading a prefix of `inner`
    def closure(states: set[int]) -> set[int]:
        result = set(states)
        for state in sorted(states):
            position = state
            while position < len(outer) and outer[position] == _STAR:
                position += 1
                result.add(position)
        return result

    states = closure({0})
    for token in inner:
        following: set[int] = set()
        for state in states:
            if state == len(outer):
                continue
            mine = outer[state]
            if mine == _STAR:
                following.add(state)
            elif token == mine or (mine == _ANY and token not in (_STAR, _VAR)):
                following.add(state + 1)
        states = closure(following)
        if not states:
            return False
    return len(outer) in states


@lru_cache(maxsize=65536)
def _token_overlap(one: str, other: str) -> bool:
    """Whether the two globs have a common value: reachability over pairs of positions."""
    seen: set[tuple[int, int]] = set()
    pending = [(0, 0)]
    while pending:
        left, right = pending.pop()
        if (left, right) in seen:
            continue
        seen.add((left, right))
        if left == len(one) and right == len(other):
            return True
        mine = one[left] if left < len(one) else ""
        yours = other[right] if right < len(other) else ""
        if mine == _STAR:
            pending.append((left + 1, right))
        if yours == _STAR:
            pending.append((left, right + 1))
        if mine and yours:
            step_left = left if mine == _STAR else left + 1
            step_right = right if yours == _STAR else right + 1
            if mine in (_STAR, _ANY) or yours in (_STAR, _ANY) or mine == yours:
                pending.append((step_left, step_right))
    return False


def is_wide(pattern: str) -> bool:
    """Whether a resource pattern names nothing in particular: `*`, `.../role/*`, `...:function:*`.

    A pattern bounded by a name (`role/shop-*`) is not wide, one bounded by a type or account is.
    """
    if pattern.strip("*?") == "":
        return True
    parts = _split_arn(pattern)
    if parts is None:
        return has_wildcard(pattern)
    resource = parts[-1]
    separator = re.search(r"[/:]", resource)
    # "user/*" and "function:*" name a type first; "bucket/*" (S3) names the bucket itself.
    if separator and parts[2] not in ("s3", "s3express"):
        resource = resource[separator.end() :] or resource
    return _tokens(resource)[:1] in (_STAR, _ANY)
