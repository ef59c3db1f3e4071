"""The redeployer component: deploys services again after a secret of theirs was rotated.

Builds one small function that asks ECS for a new deployment, with its role, log group and
dead-letter queue, and for each service an EventBridge rule that hears of its rotated secrets.

Tasks read secrets when they start, so without this they would keep the old value. The event comes
through CloudTrail, so the account needs a trail of management events ("Monitor Secrets Manager
secrets by using Amazon EventBridge", AWS Secrets Manager User Guide, 2026-11). A value that a task
has stays valid until the rotation after next, so nothing breaks meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Grant
from components.naming import Kind, Naming
from components.parts.function_alarms import function_alarms
from components.parts.json_text import json_text
from components.parts.small_function import SmallFunction, small_function
from components.tags import name_tag


@dataclass(frozen=True)
class Rotated:
    """A service whose secrets are rotated."""

    service: str
    """Physical name."""
    arn: Arn
    secret_arns: tuple[pulumi.Input[str], ...]


class Redeployer(pulumi.ComponentResource):
    """New deployments after rotations. See the module's text for what it builds."""

    def __init__(
        self,
        name: str,
        services: Mapping[str, Rotated],
        *,
        naming: Naming,
        where: AccountRegion,
        cluster: str,
        log_days: int,
        log_key_arn: Arn | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the function and the rules.

        Args:
            name: Pulumi name; the prefix of the function's children.
            services: by key.
            cluster: physical name.
            log_days: days the function's log is kept.
        """
        super().__init__("trellis:services:Redeployer", name, None, opts)
        self._key = name
        self._naming = naming
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)
        arns = tuple(services[key].arn for key in sorted(services))
        self._function = small_function(
            name,
            "redeploy",
            naming=naming,
            where=where,
            description="Deploys services again after a secret of theirs was rotated",
            grants=(Grant("DeployAgain", ("ecs:UpdateService",), arns),),
            timeout=30,
            log_days=log_days,
            log_key_arn=log_key_arn,
            dead_letters=True,
            opts=self._child,
        )
        for key in sorted(services):
            self._create_rule(key, services[key], cluster, self._function)
        self.register_outputs({"function": self._function.name})

    @property
    def name(self) -> str:
        """The function's name."""
        return self._function.name

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN of the function."""
        return self._function.resource.arn

    @property
    def resource(self) -> aws.lambda_.Function:
        """The function."""
        return self._function.resource

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Deployments that could not be asked for."""
        return function_alarms(
            self._key,
            self._function.name,
            title="Services were not deployed again after a rotation",
            meaning="A secret was rotated, and the services that use it still have the value "
            "before; it works until the next rotation.",
            action="Read the function's log, then deploy the service again by hand: "
            "`aws ecs update-service --force-new-deployment`.",
            parent=self._key,
            dead_letters=self._function.dead_letters,
        )

    def _create_rule(
        self, key: str, rotated: Rotated, cluster: str, function: SmallFunction
    ) -> None:
        name = self._naming.of(Kind.EVENT_RULE, key, "rotated")
        rule = aws.cloudwatch.EventRule(
            f"{key}-rotated",
            name=name,
            description=f"A secret of {key} was rotated",
            event_pattern=json_text(_pattern(rotated.secret_arns)),
            tags=name_tag(name),
            opts=self._child,
        )
        permission = aws.lambda_.Permission(
            f"{key}-rotated",
            action="lambda:InvokeFunction",
            function=function.resource.name,
            principal="events.amazonaws.com",
            source_account=self._where.account,
            source_arn=self._where.arn("events", f"rule/{name}"),
            opts=self._child,
        )
        aws.cloudwatch.EventTarget(
            f"{key}-rotated",
            rule=rule.name,
            target_id="deploy",
            arn=function.resource.arn,
            input=json.dumps({"cluster": cluster, "service": rotated.service}),
            retry_policy={"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 10},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
        )


def _pattern(secret_arns: Sequence[pulumi.Input[str]]) -> dict[str, Any]:
    return {
        "source": ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": {
            "eventSource": ["secretsmanager.amazonaws.com"],
            "eventName": ["RotationSucceeded"],
            "additionalEventData": {"SecretId": list(secret_arns)},
        },
    }
