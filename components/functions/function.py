"""The function component: code on Lambda that may do what its links say, called by whom it names.

Builds a log group and a dead-letter queue; in subnets a security group with its rules; a role; the
function; with warm runs a published version, the alias `live` and its capacity; how events are
tried again; a URL that IAM guards; and what calls it.

Promises:
- The role is the function's links, its own log and its dead letters.
- Its log group is there first, with its retention and key; no role may make one.
- An event that it fails on is kept for a person to look at, and an alarm tells of it.
- Its ARN is known before it is made, so two functions may call each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import (
    AccountRegion,
    AlarmSpec,
    Arn,
    Grant,
    Link,
    Placement,
    WidgetSpec,
)
from components.functions.function_alarms import Watched, alarms_of, widgets_of
from components.functions.lambda_function import (
    ALIAS,
    Code,
    Network,
    check_environment,
    lambda_function,
    live_alias,
    retries,
)
from components.functions.links import OFFER, call_grants, url_grants
from components.functions.role import TRACES, function_role, write_log
from components.functions.settings import FunctionSettings
from components.naming import Kind, Naming
from components.parts.dead_letters import dead_letter_grants, dead_letter_queue
from components.parts.function_network import network_interfaces
from components.parts.invocation_arn import invocation_arn
from components.parts.links import join
from components.parts.log_group import log_group
from components.parts.security_group import security_group
from components.parts.ways_out import ways_out


class Function(pulumi.ComponentResource):
    """One function. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: FunctionSettings,
        *,
        naming: Naming,
        where: AccountRegion,
        placement: Placement | None = None,
        environment_key_arn: Arn | None = None,
        log_key_arn: Arn | None = None,
        message_key_arn: Arn | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make what others need of it: log group, dead letters, security group.

        Args:
            name: key in the stack file: Pulumi name, and the prefix of every child's.
            placement: where it has network interfaces; None for nowhere.
            environment_key_arn: customer key of the environment.
            message_key_arn: customer key of the dead letters.
        """
        super().__init__("trellis:functions:Function", name, None, opts)
        self._key = name
        self._settings = settings
        self._naming = naming
        self._where = where
        self._placement = placement
        self._environment_key_arn = environment_key_arn
        self._message_key_arn = message_key_arn
        self._child = pulumi.ResourceOptions(parent=self)
        self._function_name = function_name(name, settings, naming)
        self._log_name = f"/aws/lambda/{self._function_name}"
        self._dead_name = naming.of(Kind.QUEUE, name, "failed-events")
        self._log = log_group(
            name,
            physical_name=self._log_name,
            retention_days=settings.log_retention_days,
            key_arn=log_key_arn,
            opts=self._child,
        )
        self._dead_letters = dead_letter_queue(
            f"{name}-failed-events",
            physical_name=self._dead_name,
            key_arn=message_key_arn,
            opts=self._child,
        )
        self._group = (
            security_group(
                name,
                physical_name=naming.of(Kind.SECURITY_GROUP, name, "function"),
                description=f"Function {name}",
                vpc_id=placement.vpc_id,
                opts=self._child,
            )
            if placement is not None
            else None
        )
        self._function: aws.lambda_.Function | None = None
        self._alias: aws.lambda_.Alias | None = None
        self._url: aws.lambda_.FunctionUrl | None = None
        self.register_outputs({"name": self._function_name})

    @property
    def key(self) -> str:
        """Its key in the stack file."""
        return self._key

    @property
    def name(self) -> str:
        """Its name in AWS."""
        return self._function_name

    @property
    def arn(self) -> Arn:
        """ARN of the function, known before it is made."""
        return self._where.arn("lambda", f"function:{self._function_name}")

    @property
    def called_arn(self) -> Arn:
        """ARN that callers call: the alias where there is one. Known before it is made."""
        suffix = f":{ALIAS}" if self._settings.has_alias else ""
        return self._where.arn("lambda", f"function:{self._function_name}{suffix}")

    @property
    def invoke_arn(self) -> Arn:
        """What an API's integration names, known before the function is made."""
        return invocation_arn(self._where, self.called_arn)

    @property
    def resource(self) -> aws.lambda_.Function:
        """The function, once `run` has made it.

        Raises:
            LookupError: it has not.
        """
        if self._function is None:
            raise LookupError(f"function {self._key} is not made yet")
        return self._function

    @property
    def created_arn(self) -> pulumi.Output[str]:
        """What callers call, known once it exists: for who must come after it."""
        return self._alias.arn if self._alias is not None else self.resource.arn

    @property
    def qualifier(self) -> pulumi.Output[str] | None:
        """Name of the alias, for permissions and the like; None where there is none."""
        return self._alias.name if self._alias is not None else None

    @property
    def dead_letters(self) -> aws.sqs.Queue:
        """Where events go that it failed on."""
        return self._dead_letters

    @property
    def dead_letter_grants(self) -> tuple[Grant, ...]:
        """What a role needs to put something there."""
        return dead_letter_grants(
            "KeepFailedEvents",
            "EncryptFailedEvents",
            self._dead_name,
            self._message_key_arn,
            self._where,
        )

    def link(self, access: str | None = None) -> Link:
        """What a caller needs.

        Raises:
            UnknownAccessError: there is no such access.
            LookupError: it has a URL, and `run` has not made it.
        """
        access = OFFER.chosen(self._key, self._settings, access)
        values: dict[str, pulumi.Input[str]] = {"arn": self.called_arn}
        if self._settings.url:
            if self._url is None:
                raise LookupError(f"the URL of function {self._key} is not made yet")
            values["url"] = self._url.function_url
        grants = call_grants if access == "call" else url_grants
        return Link(
            f"function-{self._key}",
            access,
            grants=grants(self._key, self.called_arn),
            environment=OFFER.environment(self._key, self._settings, values),
        )

    def run(
        self,
        code: Code,
        links: Sequence[Link],
        *,
        grants: Sequence[Grant] = (),
        environment: Mapping[str, pulumi.Input[str]] | None = None,
        after: Sequence[pulumi.Resource] = (),
    ) -> aws.lambda_.Function:
        """Make the function, from its links.

        Args:
            grants: of its role, beside those of the links: what polls for it reads by its role.
            environment: beside that of the settings and links.
            after: what must be there before it is called.

        Raises:
            links.GivenTwiceError: two links give one environment variable or folder.
            ValueError: the environment or the policy is longer than AWS takes, or a file system
                can't be mounted where a link says.
        """
        settings, placement = self._settings, self._placement
        joined = join({**settings.environment}, links)
        rules = (
            ways_out(
                self._key,
                self._group.id,
                placement,
                joined.endpoints,
                internet=settings.internet,
                outside=joined.outside,
                opts=self._child,
            )
            if placement is not None and self._group is not None
            else []
        )
        role, allowed = function_role(
            self._key,
            [
                *joined.grants,
                *grants,
                *([TRACES] if settings.tracing == "active" else []),
                *(network_interfaces(self._where) if placement is not None else ()),
                write_log(self._log_name, self._where),
                *self.dead_letter_grants,
            ],
            naming=self._naming,
            opts=self._child,
        )
        variables = {**joined.environment, **(environment or {})}
        check_environment(self._key, variables)
        self._function = lambda_function(
            self._key,
            self._function_name,
            settings,
            code,
            role,
            variables,
            description=settings.description or f"{self._key} of {self._naming.system}",
            environment_key_arn=self._environment_key_arn,
            dead_letters=self._dead_letters,
            log=self._log,
            network=self._network(),
            mounts=joined.mounts,
            after=[*allowed, *rules, *joined.depends_on, *code.after, *after],
            parent=self,
        )
        if settings.has_alias:
            self._alias = live_alias(self._key, self._function, settings, self._child)
        retries(self._key, self._function, self.qualifier, settings, self._child)
        if settings.url:
            self._url = aws.lambda_.FunctionUrl(
                self._key,
                function_name=self._function.name,
                qualifier=self.qualifier,
                authorization_type="AWS_IAM",
                opts=self._child,
            )
        return self._function

    def permit(
        self,
        name: str,
        service: str,
        source_arn: pulumi.Input[str],
        *,
        account: pulumi.Input[str] | None = None,
        parent: pulumi.Resource | None = None,
    ) -> aws.lambda_.Permission:
        """Let one source of a service call it.

        Args:
            name: of the caller, the end of the Pulumi name.
            service: as in `sns.amazonaws.com`.
            account: of the source, where its ARN does not have it.
        """
        return aws.lambda_.Permission(
            f"{self._key}-{name}",
            # Of a path's signs it takes none; AWS makes up the end, so two stay apart.
            statement_id_prefix=f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name)[:60]}-",
            action="lambda:InvokeFunction",
            function=self.resource.name,
            qualifier=self.qualifier,
            principal=service,
            source_arn=source_arn,
            source_account=account,
            opts=pulumi.ResourceOptions(parent=parent or self),
        )

    def alarms(self) -> tuple[AlarmSpec, ...]:
        """Errors, throttles, slow runs, events given up, changes that wait too long."""
        return alarms_of(self._watched())

    def widgets(self) -> tuple[WidgetSpec, ...]:
        """Runs, errors, how long they take and how many there are at once."""
        return widgets_of(self._watched())

    def _network(self) -> Network | None:
        if self._placement is None or self._group is None:
            return None
        return Network(self._placement.subnet_ids, self._group.id)

    def _watched(self) -> Watched:
        settings = self._settings
        return Watched(
            self._key,
            self._function_name,
            self._log_name,
            self._dead_name,
            settings.timeout,
            any(trigger.kind in ("table", "stream") for trigger in settings.triggers.values()),
            settings.has_alias,
        )


def function_name(key: str, settings: FunctionSettings, naming: Naming) -> str:
    """The physical name, known from the settings alone."""
    return naming.of(Kind.FUNCTION, settings.name or key)
