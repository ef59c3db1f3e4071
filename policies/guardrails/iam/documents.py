"""Reads an IAM policy document into typed statements, keeping what is unknown as unknown.

Grammar: IAM User Guide, "Grammar of the IAM JSON policy language" (2026-11).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import cast

from ..unknown import UNKNOWN, Unknown, is_unknown
from .findings import Location

Text = str | Unknown

_STATEMENT_KEYS = frozenset(
    {
        "Sid",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Principal",
        "NotPrincipal",
        "Condition",
    }
)
_PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")


class DocumentError(ValueError):
    """A policy document AWS would refuse; the text says what was found, where and what is right."""


class Kind(Enum):
    """Which elements a document must have: an identity policy has no principal, and so on."""

    IDENTITY = "identity policy"
    RESOURCE = "resource policy"
    TRUST = "trust policy"
    ANY = "policy"


class Effect(Enum):
    """What a statement does when it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Principal:
    """One principal of a statement: its type (AWS, Service, Federated, CanonicalUser) and value.

    `Principal: "*"` reads as type "*" and value "*"; {"AWS": "*"} keeps its type.
    """

    type: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator and key of a condition block with its values (any one of which may match)."""

    operator: Text
    key: Text
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `UNKNOWN` stands for a single value, or for the whole of a field.

    A field that is absent is an empty tuple. `location` says where the statement stands.
    """

    location: Location
    effect: Effect | Unknown
    actions: tuple[Text, ...] = ()
    not_actions: tuple[Text, ...] = ()
    resources: tuple[Text, ...] = ()
    not_resources: tuple[Text, ...] = ()
    principals: tuple[Principal, ...] = ()
    not_principals: tuple[Principal, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def may_allow(self) -> bool:
        """Whether the statement allows, or may turn out to."""
        return self.effect is not Effect.DENY

    @property
    def may_deny(self) -> bool:
        """Whether the statement denies, or may turn out to."""
        return self.effect is not Effect.ALLOW


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A parsed document. A wholly unknown one holds a single statement of unknowns."""

    label: str
    statements: tuple[Statement, ...]

    @property
    def wholly_unknown(self) -> bool:
        """Whether nothing is known of the document, not even how many statements it has."""
        return any(statement.location.index is None for statement in self.statements)


ANY_CONDITION = (Condition(UNKNOWN, UNKNOWN, (UNKNOWN,)),)


def _unknown_statement(location: Location, effect: Effect | Unknown = UNKNOWN) -> Statement:
    return Statement(
        location,
        effect,
        actions=(UNKNOWN,),
        resources=(UNKNOWN,),
        principals=(Principal(UNKNOWN, UNKNOWN),),
        conditions=ANY_CONDITION,
    )


def unknown_document(label: str) -> PolicyDocument:
    """A document of which nothing is known yet: it may allow and deny anything."""
    return PolicyDocument(label, (_unknown_statement(Location(label)),))


def unseen_document(label: str) -> PolicyDocument:
    """A document that exists but is not seen: it may allow anything.

    That it may deny something is not counted, or attaching it would hide what others allow.
    """
    return PolicyDocument(label, (_unknown_statement(Location(label), Effect.ALLOW),))


def parse(
    document: object,
    label: str,
    kind: Kind = Kind.ANY,
    unknown: Callable[[object], bool] = is_unknown,
) -> PolicyDocument:
    """Read `document`: a mapping, JSON text, or a value for which `unknown` answers true.

    `label` names the policy in findings and errors. Raises DocumentError for what AWS refuses.
    """
    if unknown(document):
        return unknown_document(label)
    if isinstance(document, str):
        return _parse_text(document, label, kind, unknown)
    return _parse_object(document, label, kind, unknown)


@lru_cache(maxsize=1024)
def _parse_text(
    text: str, label: str, kind: Kind, unknown: Callable[[object], bool]
) -> PolicyDocument:
    """The document in a JSON text; kept, because several controls ask about the same one."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"{label}: not JSON (line {error.lineno}, column {error.colno}); "
            "a policy document is a JSON object with Version and Statement"
        ) from error
    return _parse_object(document, label, kind, unknown)


def _parse_object(
    document: object, label: str, kind: Kind, unknown: Callable[[object], bool]
) -> PolicyDocument:
    fields = _mapping(document, label, "a policy document")
    extra = sorted(set(fields) - {"Version", "Id", "Statement"})
    if extra:
        raise DocumentError(
            f"{label}: unknown element {extra[0]!r}; a document has Version, Id and Statement"
        )
    version = fields.get("Version", "2008-10-17")
    if not unknown(version) and version not in ("2012-10-17", "2008-10-17"):
        raise DocumentError(
            f"{label}: Version is {version!r}; use '2012-10-17' (policy variables need it)"
        )
    if "Statement" not in fields:
        raise DocumentError(f"{label}: no Statement; a document needs at least one")
    statements = fields["Statement"]
    if unknown(statements):
        return unknown_document(label)
    listed = _sequence(statements) or [statements]
    return PolicyDocument(
        label,
        tuple(
            _unknown_statement(Location(label, index))
            if unknown(statement)
            else _Reader(label, index, kind, unknown).statement(statement)
            for index, statement in enumerate(listed)
        ),
    )


def _mapping(value: object, where: str, what: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise DocumentError(f"{where}: {type(value).__name__} where {what} (an object) is expected")
    return cast("Mapping[str, object]", value)


def _sequence(value: object) -> list[object] | None:
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return list(cast("Sequence[object]", value))
    return None


class _Reader:
    """Reads one statement, knowing its place for the error text."""

    def __init__(
        self, label: str, index: int, kind: Kind, unknown: Callable[[object], bool]
    ) -> None:
        self._where = f"{label} statement {index}"
        self._label, self._index, self._kind, self._unknown = label, index, kind, unknown

    def statement(self, value: object) -> Statement:
        fields = _mapping(value, self._where, "a statement")
        extra = sorted(set(fields) - _STATEMENT_KEYS)
        if extra:
            raise DocumentError(
                f"{self._where}: unknown element {extra[0]!r}; allowed are "
                + ", ".join(sorted(_STATEMENT_KEYS))
            )
        self._check_elements(fields)
        sid = fields.get("Sid")
        return Statement(
            Location(self._label, self._index, sid if isinstance(sid, str) else None),
            self._effect(fields),
            actions=self._texts(fields, "Action"),
            not_actions=self._texts(fields, "NotAction"),
            resources=self._texts(fields, "Resource"),
            not_resources=self._texts(fields, "NotResource"),
            principals=self._principals(fields, "Principal"),
            not_principals=self._principals(fields, "NotPrincipal"),
            conditions=self._conditions(fields.get("Condition", {})),
        )

    def _check_elements(self, fields: Mapping[str, object]) -> None:
        kind = self._kind
        for name, opposite, needed in (
            ("Action", "NotAction", True),
            ("Resource", "NotResource", kind is Kind.IDENTITY),
            ("Principal", "NotPrincipal", kind in (Kind.RESOURCE, Kind.TRUST)),
        ):
            if name in fields and opposite in fields:
                raise DocumentError(f"{self._where}: both {name} and {opposite}; keep one")
            if needed and name not in fields and opposite not in fields:
                raise DocumentError(
                    f"{self._where}: no {name}; a {kind.value} needs {name} or {opposite}"
                )
        for name, refused in (
            ("Principal", kind is Kind.IDENTITY),
            ("Resource", kind is Kind.TRUST),
        ):
            if refused and (name in fields or f"Not{name}" in fields):
                raise DocumentError(f"{self._where}: {name} is not allowed in a {kind.value}")

    def _effect(self, fields: Mapping[str, object]) -> Effect | Unknown:
        value = fields.get("Effect")
        if self._unknown(value):
            return UNKNOWN
        if value not in ("Allow", "Deny"):
            raise DocumentError(f"{self._where}: Effect is {value!r}; it must be Allow or Deny")
        return Effect.ALLOW if value == "Allow" else Effect.DENY

    def _texts(self, fields: Mapping[str, object], name: str) -> tuple[Text, ...]:
        if name not in fields:
            return ()
        return self._values(fields[name], name)

    def _values(self, value: object, name: str) -> tuple[Text, ...]:
        listed = _sequence(value)
        if listed is not None and not listed:
            raise DocumentError(f"{self._where}: {name} is an empty list; name at least one")
        return tuple(self._text(element, name) for element in (listed or [value]))

    def _text(self, value: object, name: str) -> Text:
        if self._unknown(value):
            return UNKNOWN
        if isinstance(value, str):
            return value
        raise DocumentError(
            f"{self._where}: {name} holds {type(value).__name__}; it takes text or a list of text"
        )

    def _principals(self, fields: Mapping[str, object], name: str) -> tuple[Principal, ...]:
        if name not in fields:
            return ()
        value = fields[name]
        if self._unknown(value):
            return (Principal(UNKNOWN, UNKNOWN),)
        if isinstance(value, str):
            if value != "*":
                raise DocumentError(
                    f"{self._where}: {name} is {value!r}; it must be '*' or an object such as "
                    '{"AWS": "arn:..."}'
                )
            return (Principal("*", "*"),)
        typed = _mapping(value, self._where, f"{name} ('*' or an object)")
        for type_name in typed:
            if type_name not in _PRINCIPAL_TYPES:
                raise DocumentError(
                    f"{self._where}: {name} type {type_name!r}; allowed are "
                    + ", ".join(_PRINCIPAL_TYPES)
                )
        return tuple(
            Principal(type_name, identifier)
            for type_name, items in typed.items()
            for identifier in self._values(items, f"{name}.{type_name}")
        )

    def _conditions(self, value: object) -> tuple[Condition, ...]:
        if self._unknown(value):
            return ANY_CONDITION
        found: list[Condition] = []
        for operator, keys in _mapping(value, self._where, "Condition").items():
            if self._unknown(keys):
                found.append(Condition(operator, UNKNOWN, (UNKNOWN,)))
                continue
            block = _mapping(keys, self._where, f"Condition.{operator}")
            for key, items in block.items():
                listed = _sequence(items)
                values = [items] if listed is None else listed
                texts = tuple(self._condition_value(element, key) for element in values)
                found.append(Condition(operator, key, texts))
        return tuple(found)

    def _condition_value(self, value: object, key: str) -> Text:
        if self._unknown(value):
            return UNKNOWN
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int | float):
            return str(value)
        raise DocumentError(
            f"{self._where}: condition {key} holds {type(value).__name__}; "
            "it takes text, a number or true/false"
        )
