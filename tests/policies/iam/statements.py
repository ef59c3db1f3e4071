"""Short ways to write policy documents in tests."""

from __future__ import annotations

from policies.guardrails.iam.documents import Kind, PolicyDocument, parse
from policies.guardrails.iam.findings import Finding, Outcome
from policies.guardrails.iam.permissions import Permissions, role_policies

ACCOUNT = "123456789012"
OTHER_ACCOUNT = "210987654321"


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action, resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def identity(*statements) -> PolicyDocument:
    return parse(document(*statements), "policy", Kind.IDENTITY)


def permissions(*statements, boundary=None, managed=()) -> Permissions:
    return Permissions(role_policies({"policy": document(*statements)}, managed, boundary))


def trusting(principal, condition=None, action="sts:AssumeRole") -> PolicyDocument:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition is not None:
        statement["Condition"] = condition
    return parse(document(statement), "trust", Kind.TRUST)


def resource_policy(*statements) -> PolicyDocument:
    return parse(document(*statements), "resource policy", Kind.RESOURCE)


def outcome(findings: tuple[Finding, ...]) -> Outcome:
    assert findings, "an analysis always says something"
    worst = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS)
    return min((finding.outcome for finding in findings), key=worst.index)
