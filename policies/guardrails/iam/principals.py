"""Who a principal is: anyone, an account, a service; and whether conditions make it known.

"Public" is taken as AWS takes it for buckets: Amazon S3 User Guide, "The meaning of public"
(2026-11): a condition restricts if it fixes one of the keys below to values without wildcards.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from ..unknown import Tri, all_of, any_of, is_unknown
from .conditions import is_negated, operator_parts
from .documents import Condition, Principal, Statement

_ACCOUNT = re.compile(r"^[0-9]{12}$")
_ARN_ACCOUNT = re.compile(r"^arn:[^:]*:(?:iam|sts):[^:]*:(?P<account>[0-9]{12}|\*?):")

# Keys (lower case) whose fixed value says who calls or from where.
IDENTIFYING_KEYS: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
# Not aws:VpcSourceIp: every account may have the address in a network of its own; and not
# sts:ExternalId, which whoever calls may say.
_ADDRESS_KEYS: Final = frozenset({"aws:sourceip"})
# True for what has passed the network that a file system's mount targets stand in.
_FLAGS: Final = frozenset({"elasticfilesystem:accessedviamounttarget"})
_PATH_KEYS: Final = frozenset({"aws:principalorgpaths", "aws:sourceorgpaths"})
# Blocks larger than these are as good as the world (the S3 page's limits).
_WIDEST_IPV4_PREFIX: Final = 8
_WIDEST_IPV6_PREFIX: Final = 32
_ARN_KEYS: Final = frozenset({"aws:sourcearn", "aws:principalarn", "s3:dataaccesspointarn"})


def is_anyone(principal: Principal) -> Tri:
    """Whether the principal is everyone: `*`, {"AWS": "*"}, or any account by wildcard."""
    if is_unknown(principal.type) or is_unknown(principal.value):
        known_service = principal.type in ("Service", "Federated")
        return Tri.NO if known_service else Tri.UNKNOWN
    if principal.type in ("Service", "Federated"):
        return Tri.of(principal.value == "*")
    return Tri.of("*" in principal.value and account_of(principal.value) in (None, "*", ""))


def account_of(value: str) -> str | None:
    """The account id of an AWS principal (ARN or bare id); None if it names none."""
    if _ACCOUNT.match(value):
        return value
    found = _ARN_ACCOUNT.match(value)
    return found["account"] if found else None


def restricted_to_known(statement: Statement) -> Tri:
    """Whether the statement's conditions limit it to known callers, networks or sources."""
    return any_of(identifies(condition) for condition in statement.conditions)


def identifies(condition: Condition) -> Tri:
    """Whether one condition fixes who calls, from where, or for which source."""
    if is_unknown(condition.operator) or is_unknown(condition.key):
        return Tri.UNKNOWN
    key = condition.key.lower()
    qualifier, name, if_exists = operator_parts(condition.operator)
    if key not in IDENTIFYING_KEYS | _ADDRESS_KEYS | _FLAGS:
        return Tri.NO
    # Without the key the request would pass, or any value but the listed ones would.
    if qualifier == "ForAllValues" or if_exists or name == "Null" or is_negated(condition.operator):
        return Tri.NO
    if not condition.values:
        return Tri.NO
    return all_of(
        Tri.UNKNOWN if is_unknown(value) else Tri.of(_fixed(key, name, value))
        for value in condition.values
    )


def _fixed(key: str, operator: str, value: str) -> bool:
    if key in _ADDRESS_KEYS:
        return operator == "IpAddress" and _narrow_block(value)
    if key in _FLAGS:
        return operator == "Bool" and value.lower() == "true"
    if key in _ARN_KEYS and ("*" in value or "?" in value):
        # A pattern still says who it is as long as the account (or an S3 bucket) is fixed.
        parts = value.split(":", 5)
        if len(parts) < 6:
            return False
        bucket = parts[2] == "s3" and not parts[4] and parts[5].strip("*?/") != ""
        return bool(_ACCOUNT.match(parts[4])) or (bucket and parts[5][:1] not in "*?")
    if "${" in value:
        return False
    if operator in ("StringLike", "ArnLike", "ArnEquals"):
        value = _fixed_part(key, value)
        return bool(value) and "*" not in value and "?" not in value
    return bool(value)


def _fixed_part(key: str, value: str) -> str:
    """The part of a pattern that must hold no wildcard: `o-*` is every organisation there is."""
    if key in _PATH_KEYS:
        return value.partition("/")[0]
    # The unique id of a role, before the name of the session.
    return value.partition(":")[0] if key == "aws:userid" else value


def _narrow_block(value: str) -> bool:
    try:
        block = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    widest = _WIDEST_IPV4_PREFIX if block.version == 4 else _WIDEST_IPV6_PREFIX
    return block.prefixlen >= widest


def excluded_strangers(deny: Statement) -> Tri:
    """Whether a Deny for everyone spares only known callers (StringNotEquals and the like).

    Such a statement makes a public Allow beside it harmless where it covers it. A second
    condition would be a second way round the deny, so there must be one only.
    """
    if len(deny.conditions) != 1:
        return Tri.NO
    condition = deny.conditions[0]
    if is_unknown(condition.operator) or is_unknown(condition.key):
        return Tri.UNKNOWN
    key = condition.key.lower()
    _, name, _ = operator_parts(condition.operator)
    if key not in IDENTIFYING_KEYS and key not in _ADDRESS_KEYS:
        return Tri.NO
    if not is_negated(condition.operator):
        return Tri.NO
    positive = name.replace("Not", "", 1)
    everyone = any_of(is_anyone(principal) for principal in deny.principals)
    return everyone & all_of(
        Tri.UNKNOWN if is_unknown(value) else Tri.of(_fixed(key, positive, value))
        for value in condition.values
    )
