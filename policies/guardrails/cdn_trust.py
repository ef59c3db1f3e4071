"""Whether a bucket's policy lets CloudFront in for the distributions it serves, and no others."""

from collections.abc import Sequence

from . import aws
from .control import Verdict, require
from .evidence import Resource, Stack
from .iam.documents import Condition, Effect, Statement
from .policies import statements
from .reading import Reading
from .unknown import Tri, all_of, any_of, is_unknown


def trusted(distribution: Resource, origin: Reading, stack: Stack) -> Verdict:
    """Whether the bucket's policy lets CloudFront in for this distribution only."""
    bucket = _bucket_of(origin, distribution, stack)
    if bucket is None:
        return require(Tri.UNKNOWN, "its bucket, and whom it trusts, is not in this stack")
    found = Tri.NO
    for companion in stack.companions(bucket, aws.BUCKET_POLICY, "bucket"):
        listed = statements(companion.resource["policy"])
        if listed is None:
            found = found | Tri.UNKNOWN
            continue
        for statement in listed:
            if _admits_cdn(statement) is Tri.NO:
                continue
            bound = _bound_to(statement, (distribution,))
            if bound is Tri.NO:
                readers = _readers(bucket, stack)
                if _bound_to(statement, readers) is not Tri.NO:
                    # What a bucket serves through several distributions may name them all.
                    found = found | (_admits_cdn(statement) & _names_one(statement, distribution))
                    continue
                return require(
                    ~_admits_cdn(statement),
                    "its bucket trusts CloudFront for more than the distributions it serves",
                )
            found = found | (_admits_cdn(statement) & bound)
    return require(found, "its bucket's policy does not trust this distribution")


def _bucket_of(origin: Reading, distribution: Resource, stack: Stack) -> Resource | None:
    domain = origin["domainName"].text()
    if domain is not None:
        name = domain.split(".s3", 1)[0]
        for bucket in stack.of_type(*aws.BUCKETS):
            if bucket.identities() & {name, domain}:
                return bucket
        return None
    dependencies = distribution.facts.property_dependencies.get("origins", ())
    candidates = [
        one
        for one in map(stack.by_urn, dependencies)
        if one is not None and one.type in aws.BUCKETS
    ]
    return candidates[0] if len(candidates) == 1 else None


def _admits_cdn(statement: Statement) -> Tri:
    named = any_of(
        Tri.UNKNOWN
        if is_unknown(principal.value)
        else Tri.of(principal.value == "cloudfront.amazonaws.com")
        for principal in statement.principals
    )
    allows = (
        Tri.UNKNOWN if is_unknown(statement.effect) else Tri.of(statement.effect is Effect.ALLOW)
    )
    return allows & named


def _readers(bucket: Resource, stack: Stack) -> tuple[Resource, ...]:
    """The distributions that have the bucket as an origin."""
    return tuple(
        resource
        for resource in stack.of_type(aws.DISTRIBUTION)
        if not resource["origins"].is_unknown
        and any(
            _bucket_of(one, resource, stack) is bucket for one in resource["origins"].elements()
        )
    )


def _bound_to(statement: Statement, distributions: Sequence[Resource]) -> Tri:
    """Whether it names these distributions only."""
    known = frozenset[str]().union(*(distribution.identities() for distribution in distributions))
    open_ = not all(map(_has_arn, distributions))
    return any_of(
        _is_source(condition)
        & all_of(
            Tri.UNKNOWN
            if is_unknown(value)
            else Tri.of("*" not in value and (value in known or open_))
            for value in condition.values
        )
        for condition in statement.conditions
    )


def _names_one(statement: Statement, distribution: Resource) -> Tri:
    """Whether this distribution is among those it names."""
    known = distribution.identities()
    return any_of(
        _is_source(condition)
        & any_of(
            Tri.UNKNOWN
            if is_unknown(value)
            else Tri.of(value in known or not _has_arn(distribution))
            for value in condition.values
        )
        for condition in statement.conditions
    )


def _is_source(condition: Condition) -> Tri:
    if is_unknown(condition.key):
        return Tri.UNKNOWN
    return Tri.of(condition.key.lower() == "aws:sourcearn")


def _has_arn(distribution: Resource) -> bool:
    return any(one.startswith("arn:") for one in distribution.identities())
