"""The rotation function: a Lambda that makes the values of secrets, first and ever after.

Builds the function (one a database or cache, one for all random values), its role, log group,
dead-letter queue, and for a server a security group with the two rules to it and one to Secrets
Manager. Promises:
- The role may touch its own secrets, its server's users and its own logs.
- It runs in the private subnets only where there is a server to reach; a function for random values
  stays outside the VPC and reaches nothing but Secrets Manager.
- No value leaves it: it answers with version ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    Endpoint,
    LoginServer,
    Placement,
)
from components.naming import Kind, Naming
from components.parts.log_group import log_group
from components.parts.role import granted_role
from components.parts.security_group import connect, rule_options, security_group
from components.secrets.alarms import rotation_alarms
from components.secrets.grants import rotation_grants
from components.secrets.specification import Member, rotation_variable
from components.tags import name_tag

RUNTIME = "python3.13"
"""Supported until 2029 ("Lambda runtimes", 2026-11)."""

CACHE_TIMEOUT = 900
"""Seconds, the most Lambda gives: a cache takes minutes to learn a password ("Lambda quotas")."""

TIMEOUT = 120
"""Seconds: a database's or random value's steps take some, retries included."""

MEMORY = 256
"""MiB; the function waits more than it computes."""

DEAD_LETTER_DAYS = 14
DAY = 86_400
"""Seconds."""

HTTPS = 443
ANYWHERE = "0.0.0.0/0"


class RotationFunction(pulumi.ComponentResource):
    """One rotation function. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        members: Sequence[Member],
        *,
        naming: Naming,
        where: AccountRegion,
        package: Path,
        handler: str,
        key_arn: Arn | None,
        log_key_arn: Arn | None,
        log_days: int,
        placement: Placement | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the function.

        Args:
            name: of the server (`database-main`), or `random` for random values.
            members: the secrets it makes values for.
            package: the zip of `functions/rotation` and what it imports.
            key_arn: customer key of the secrets and of the function's environment.
            log_days: days its logs are kept.
            placement: the private subnets, for members that have a server.

        Raises:
            ValueError: a server without a placement, or one from which AWS can't be reached.
        """
        server = next((member.server for member in members if member.server is not None), None)
        if server is not None:
            _check_path(name, server, placement)
        super().__init__("trellis:secrets:RotationFunction", name, None, opts)
        self._key = name
        self._where = where
        self._child = pulumi.ResourceOptions(parent=self)
        self._physical_name = naming.of(Kind.FUNCTION, "rotation", name)
        self._key_arn = key_arn
        self._server = server
        self._rules: tuple[pulumi.Resource, ...] = ()
        self._log_group = log_group(
            name,
            physical_name=f"/aws/lambda/{self._physical_name}",
            retention_days=log_days,
            key_arn=log_key_arn,
            opts=self._child,
        )
        self._dead_letters = self._create_dead_letters()
        self._role, self._allowed = self._create_role(naming, members)
        self._paths = placement.paths if server is not None and placement is not None else ()
        group = self._create_group(placement) if server and placement else None
        self._function = self._create_function(members, package, handler, group, placement)
        self.register_outputs({"arn": self._function.arn})

    @property
    def arn(self) -> pulumi.Output[str]:
        """The function's ARN."""
        return self._function.arn

    @property
    def name(self) -> str:
        """The function's name."""
        return self._physical_name

    @property
    def resource(self) -> aws.lambda_.Function:
        """The function."""
        return self._function

    @property
    def path(self) -> tuple[pulumi.Resource, ...]:
        """What must exist before it can do its work: rights, rules, routes and a login."""
        ready = self._server.ready if self._server is not None else ()
        return (*self._allowed, *self._rules, *self._paths, *ready)

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Tell when a value could not be made."""
        return rotation_alarms(self._key, self._physical_name, self._dead_name)

    @property
    def _dead_name(self) -> str:
        return f"{self._physical_name}-dead-letters"

    def _create_dead_letters(self) -> aws.sqs.Queue:
        """Invocations that failed for good: ARNs and version ids, no values."""
        return aws.sqs.Queue(
            f"{self._key}-dead-letters",
            name=self._dead_name,
            message_retention_seconds=DEAD_LETTER_DAYS * DAY,
            sqs_managed_sse_enabled=True,
            tags=name_tag(self._dead_name),
            opts=self._child,
        )

    def _create_role(
        self, naming: Naming, members: Sequence[Member]
    ) -> tuple[aws.iam.Role, tuple[pulumi.Resource, ...]]:
        logs = self._where.arn("logs", f"log-group:/aws/lambda/{self._physical_name}:*")
        dead = self._where.arn("sqs", self._dead_name)
        return granted_role(
            self._key,
            physical_name=naming.of(Kind.ROLE, "rotation", self._key),
            description=f"Makes and rotates the secrets of {self._key}",
            # Lambda assumes the role for this account's functions only, by PassRole; it does not
            # promise to send a source ("Lambda execution role", 2026-11).
            service="lambda.amazonaws.com",
            grants=rotation_grants(
                members,
                self._where,
                key_arn=self._key_arn,
                log_group_arn=logs,
                dead_letter_arn=dead,
            ),
            opts=self._child,
        )

    def _create_group(self, placement: Placement) -> aws.ec2.SecurityGroup:
        group = security_group(
            self._key,
            physical_name=self._physical_name,
            description=f"Rotation function of {self._key}",
            vpc_id=placement.vpc_id,
            opts=self._child,
        )
        rules: list[pulumi.Resource] = []
        if self._server is not None:
            rules += connect(
                f"rotation-{self._key}", group.id, self._server.endpoint, opts=self._child
            )
        endpoints = [placement.endpoints.get(service) for service in self._services()]
        if all(endpoints):
            rules.append(self._create_endpoint_rule(group, endpoints[0]))
        else:
            rules.append(self._create_internet_rule(group))
        self._rules = tuple(rules)
        return group

    def _services(self) -> tuple[str, ...]:
        return services_called(self._server)

    def _create_endpoint_rule(
        self, group: aws.ec2.SecurityGroup, endpoint: Endpoint | None
    ) -> pulumi.Resource:
        """The interface endpoints of a network share one group, which lets the subnets in."""
        description = f"HTTPS from rotation-{self._key} to AWS services"
        return aws.vpc.SecurityGroupEgressRule(
            f"rotation-{self._key}-to-endpoints",
            security_group_id=group.id,
            referenced_security_group_id=endpoint.security_group_id if endpoint else None,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            description=description,
            tags=name_tag(description),
            opts=rule_options(self._child),
        )

    def _create_internet_rule(self, group: aws.ec2.SecurityGroup) -> pulumi.Resource:
        description = f"HTTPS from rotation-{self._key} to AWS services by NAT"
        return aws.vpc.SecurityGroupEgressRule(
            f"rotation-{self._key}-to-internet",
            security_group_id=group.id,
            cidr_ipv4=ANYWHERE,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            description=description,
            tags=name_tag(description),
            opts=rule_options(self._child),
        )

    def _create_function(
        self,
        members: Sequence[Member],
        package: Path,
        handler: str,
        group: aws.ec2.SecurityGroup | None,
        placement: Placement | None,
    ) -> aws.lambda_.Function:
        variables: Mapping[str, pulumi.Input[str]] = {"ROTATION": rotation_variable(members)}
        network = None
        if group is not None and placement is not None:
            network = aws.lambda_.FunctionVpcConfigArgs(
                subnet_ids=placement.subnet_ids, security_group_ids=[group.id]
            )
        return aws.lambda_.Function(
            self._key,
            name=self._physical_name,
            description=f"Makes and rotates the secrets of {self._key}",
            runtime=RUNTIME,
            architectures=["arm64"],
            handler=handler,
            code=pulumi.FileArchive(str(package)),
            role=self._role.arn,
            timeout=CACHE_TIMEOUT if _is_cache(self._server) else TIMEOUT,
            memory_size=MEMORY,
            environment={"variables": variables},
            kms_key_arn=self._key_arn,
            dead_letter_config={"target_arn": self._dead_letters.arn},
            logging_config={"log_format": "Text", "log_group": self._log_group.name},
            vpc_config=network,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(self._allowed)),
        )


def services_called(server: LoginServer | None) -> tuple[str, ...]:
    """AWS services that a function for this server calls, as endpoints are named."""
    if _is_cache(server):
        return ("secretsmanager", "elasticache")
    return ("secretsmanager",)


def _is_cache(server: LoginServer | None) -> bool:
    return server is not None and server.engine in {"redis", "valkey"}


def _check_path(name: str, server: LoginServer, placement: Placement | None) -> None:
    if placement is None:
        raise ValueError(f"rotation of {name} needs a network to reach {server.name}")
    missing = [service for service in services_called(server) if service not in placement.endpoints]
    if missing and not placement.has_egress:
        raise ValueError(
            f"rotation of {name} can't reach {' and '.join(missing)} from the "
            f"{placement.tier.value} subnets: add the endpoint to `network.endpoints`, or a NAT "
            "gateway (`network.nat`)"
        )
