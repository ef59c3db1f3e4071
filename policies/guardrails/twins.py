"""Resource types that are one thing under several tokens, each judged as the one that is current.

Sources: the aliases that pulumi-aws 7.51.1 registers for its own types (former names of a module or
of a resource), and pairs of tokens with the same inputs. A test derives both from the installed SDK
and refuses a token that is not sorted here.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, cast

from . import aws

_BALANCING: Final = (
    aws.LOAD_BALANCER,
    aws.LISTENER,
    aws.LISTENER_RULE,
    aws.TARGET_GROUP,
    aws.TARGET_ATTACHMENT,
)
# `aws.alb` beside `aws.lb`, and what both were called before.
_MODULES: Final = ("alb", "applicationloadbalancing", "elasticloadbalancingv2")
_BUCKET_PARTS: Final = (
    aws.BUCKET,
    aws.BUCKET_ENCRYPTION,
    aws.BUCKET_VERSIONING,
    aws.BUCKET_LOGGING,
    aws.BUCKET_LIFECYCLE,
    aws.BUCKET_ACL,
    aws.BUCKET_CORS,
    aws.BUCKET_OBJECT_LOCK,
    aws.BUCKET_WEBSITE,
)


def _versioned(token: str) -> str:
    """The token that a resource had while it stood beside an older one: ``...V2``."""
    module, name = token.rsplit(":", 1)
    return f"{module}V2:{name}V2"


TWINS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{
            token.replace("aws:lb/", f"aws:{module}/"): token
            for module in _MODULES
            for token in _BALANCING
        },
        **{_versioned(token): token for token in _BUCKET_PARTS},
        "aws:s3/bucketObject:BucketObject": aws.OBJECT,
        "aws:s3/BucketObject:BucketObject": aws.OBJECT,
        # What AWS makes with an account, once a program takes it over; and an instance on the spot
        # market, which has the inputs of any other.
        "aws:ec2/defaultSubnet:DefaultSubnet": aws.SUBNET,
        "aws:ec2/defaultVpc:DefaultVpc": aws.VPC,
        "aws:ec2/spotInstanceRequest:SpotInstanceRequest": aws.INSTANCE,
        aws.CLASSIC_BALANCER.replace("aws:elb/", "aws:elasticloadbalancing/"): aws.CLASSIC_BALANCER,
    }
)

# Blocks that the versioned bucket writes in the plural, by path, as the current one reads them.
_RENAMED: Final[Mapping[str, Mapping[str, str]]] = {
    _versioned(aws.BUCKET): {
        "loggings": "logging",
        "replicationConfigurations": "replicationConfiguration",
        "serverSideEncryptionConfigurations": "serverSideEncryptionConfiguration",
        "serverSideEncryptionConfigurations.rules": "rule",
        "serverSideEncryptionConfigurations.rules.applyServerSideEncryptionByDefaults": (
            "applyServerSideEncryptionByDefault"
        ),
        "versionings": "versioning",
        "websites": "website",
    }
}


def current(token: str) -> str:
    """The token under which the controls know a resource."""
    return TWINS.get(token, token)


def current_inputs(token: str, inputs: Mapping[str, object]) -> Mapping[str, object]:
    """A twin's inputs under the names that the current type gives them."""
    names = _RENAMED.get(token)
    return inputs if names is None else _renamed(inputs, names, "")


def _renamed(
    inputs: Mapping[str, object], names: Mapping[str, str], above: str
) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for name, value in inputs.items():
        path = f"{above}{name}"
        inside = value
        if isinstance(value, Sequence) and not isinstance(value, str):
            members = cast("Sequence[object]", value)
            inside = [_member(one, names, path) for one in members]
        found[names.get(path, name)] = _member(inside, names, path)
    return found


def _member(value: object, names: Mapping[str, str], path: str) -> object:
    if not isinstance(value, Mapping):
        return value
    return _renamed(cast("Mapping[str, object]", value), names, f"{path}.")
