"""Signing in at the load balancer: the rule's first action, the way to Cognito, and its alarm.

Numbers and ways: "Authenticate users using an Application Load Balancer" (Application Load
Balancers guide, 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AlarmSpec, WidgetSpec
from components.parts.alarm import AlarmText, Limit, alarm, measured
from components.parts.security_group import rule_options
from components.services.routing.balancer_alarms import FIVE_MINUTES, NAMESPACE
from components.services.routing.settings import RouteSettings
from components.tags import name_tag

CALLBACK = "/oauth2/idpresponse"
"""Where Cognito leads users back to; the load balancer itself answers there."""

PROVIDER = "identity_provider"
"""The word by which Cognito leads on to a provider without a page of its own ("Authorize endpoint",
Amazon Cognito Developer Guide, 2026-11, from memory)."""

OPENID = "openid"
"""The scope without which Cognito tells a load balancer nothing of a user."""

HTTPS = 443
SECONDS = 60
"""Of a minute."""

ERRORS = 10
"""In five minutes, as of the load balancer's other errors."""


@dataclass(frozen=True)
class SignInPool:
    """A pool of users that load balancers let users in by."""

    arn: pulumi.Input[str]
    pages: pulumi.Input[str]
    """First part of the sign-in pages' address."""
    client_ids: Mapping[str, pulumi.Input[str]]
    """By key of the client."""
    scopes: Mapping[str, tuple[str, ...]]
    """What each client may ask for, by its key."""
    providers: Mapping[str, str] = field(default_factory=dict[str, str])
    """What Cognito calls the other providers that are registered, by key."""


def callbacks(route: RouteSettings) -> list[str]:
    """What a route's client must have among its callbacks, one for each host."""
    return [f"https://{host}{CALLBACK}" for host in route.hosts]


def authentication(route: RouteSettings, pools: Mapping[str, SignInPool]) -> list[Any]:
    """The action before the one that forwards; none where nobody signs in.

    Raises:
        ValueError: the pool is none of `pools`, or has no such client.
    """
    asked = route.sign_in
    if asked is None:
        return []
    pool = pools.get(asked.user_pool)
    if pool is None or asked.client not in pool.client_ids:
        raise ValueError(
            f"`signIn` by a client of a user pool with sign-in pages; found {asked.user_pool}, "
            f"{asked.client}"
        )
    # One that still waits for its secret is on no page either: till then users choose another.
    provider = pool.providers.get(asked.provider or "")
    return [
        {
            "type": "authenticate-cognito",
            "order": 1,
            "authenticate_cognito": {
                "user_pool_arn": pool.arn,
                "user_pool_client_id": pool.client_ids[asked.client],
                "user_pool_domain": pool.pages,
                "scope": " ".join(sorted(pool.scopes[asked.client])),
                "session_timeout": asked.session_minutes * SECONDS,
                "session_cookie_name": asked.cookie,
                "on_unauthenticated_request": asked.unauthenticated,
                **(
                    {"authentication_request_extra_params": {PROVIDER: provider}}
                    if provider is not None
                    else {}
                ),
            },
        }
    ]


def way_to_sign_in(
    key: str, group_id: pulumi.Input[str], *, opts: pulumi.ResourceOptions
) -> pulumi.Resource:
    """The load balancer asks Cognito for tokens and of users itself, by IPv4 and HTTPS; Cognito's
    addresses are no list that a rule could name."""
    return aws.vpc.SecurityGroupEgressRule(
        f"{key}-to-sign-in",
        security_group_id=group_id,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        description="HTTPS to Cognito, which signs users in",
        tags=name_tag(f"{key}-to-sign-in"),
        opts=rule_options(opts),
    )


def sign_in_alarms(key: str, arn_suffix: pulumi.Input[str]) -> tuple[AlarmSpec, ...]:
    """Sign-ins that the load balancer could not complete; those that Cognito refused are users'."""
    label = f"load-balancer-{key}"
    return (
        alarm(
            f"{label}-sign-in",
            AlarmText(
                f"Load balancer {key}: more than {ERRORS} sign-ins failed in 5 minutes",
                "It could not finish them: Cognito could not be asked, or the client's secret or "
                "callback is not what it was.",
                "Look for errors that begin with Auth in the load balancer's access logs; see "
                "whether its subnets have a way to the internet, and whether the client changed.",
            ),
            measured(NAMESPACE, "ELBAuthError", {"LoadBalancer": arn_suffix}, "Sum", FIVE_MINUTES),
            Limit(ERRORS),
            parent=label,
        ),
    )


def sign_in_widgets(key: str, arn_suffix: pulumi.Input[str]) -> tuple[WidgetSpec, ...]:
    """Sign-ins: done, refused by Cognito, and not completed."""
    own = {"LoadBalancer": arn_suffix}
    lines = tuple(
        measured(NAMESPACE, metric, own, "Sum", FIVE_MINUTES, id_=id_)
        for id_, metric in (
            ("done", "ELBAuthSuccess"),
            ("refused", "ELBAuthFailure"),
            ("errors", "ELBAuthError"),
        )
    )
    return (WidgetSpec(f"{key}: sign-ins", "Load balancers", lines),)
