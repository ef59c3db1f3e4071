"""A secret: its name and key are ours, its value is nobody's.

Builds the empty secret and, where a rotation function makes its value, the permission to call that
function, the call that makes the first value, and the schedule. Promises:
- No value passes through this program: there is no argument for one, and the call answers with a
  version id.
- The first value exists before `ready` resolves, and consumers wait for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant, Link, RegistrySignIn, SecretRef
from components.naming import Naming
from components.parts.access import sid_part
from components.parts.key_grant import READ, key_grant
from components.parts.offer import Offer
from components.secrets.names import SECRET_NAME
from components.secrets.rotation import RotationFunction
from components.secrets.settings import (
    CredentialsSecret,
    GeneratedSecret,
    GivenSecret,
    RotationSettings,
    SecretSettings,
)
from components.tags import name_tag

URL = "url"
"""The JSON field of a credentials secret that a connection string stands in."""


OFFER = Offer[SecretSettings](
    kind="secret",
    accesses=("read",),
    default="read",
    variables={"arn": "{KEY}_SECRET_ARN"},
    interface="secretsmanager",
)


class Secret(pulumi.ComponentResource):
    """One secret. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: GivenSecret | GeneratedSecret | CredentialsSecret,
        *,
        naming: Naming,
        where: AccountRegion,
        key_arn: Arn | None,
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the empty secret; `name` is the stack file's key.

        Args:
            key_arn: customer key; AWS's own for Secrets Manager without one.
            protect: whether it survives a mistaken deletion.
        """
        super().__init__("trellis:secrets:Secret", name, None, opts)
        self._key = name
        self._settings = settings
        self._where = where
        self._key_arn = key_arn
        self._rotation = None if isinstance(settings, GivenSecret) else settings.rotation
        self._ready: pulumi.Output[str] | None = None
        self._filled: tuple[pulumi.Resource, ...] = ()
        self._physical_name = secret_name(name, settings, naming)
        self._secret = aws.secretsmanager.Secret(
            name,
            name=self._physical_name,
            description=settings.description,
            kms_key_id=key_arn,
            recovery_window_in_days=settings.recovery_days,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=protect,
                retain_on_delete=protect,
            ),
        )
        self.register_outputs({"arn": self._secret.arn})

    @property
    def name(self) -> str:
        """Its name in Secrets Manager."""
        return self._physical_name

    @property
    def resource(self) -> aws.secretsmanager.Secret:
        """The secret."""
        return self._secret

    @property
    def arn(self) -> pulumi.Output[str]:
        """ARN; AWS ends it in characters of its own."""
        return self._secret.arn

    def fill(self, function: RotationFunction, *, made_for: Mapping[str, Any]) -> None:
        """Have `function` make the first value now, and a new one as the settings say.

        Args:
            made_for: what the value is of: server, user, and whatever else makes it another one.
                When it changes the function is asked again, in the same update.
        """
        first = aws.lambda_.Invocation(
            self._key,
            # A value that still fits is left alone.
            triggers=_texts(made_for),
            function_name=function.resource.name,
            input=self._secret.arn.apply(
                lambda arn: json.dumps({"action": "initialize", "secret": arn})
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(function.path)),
        )
        self._ready = first.result
        self._filled = (first,)
        if isinstance(self._rotation, RotationSettings):
            self._create_schedule(function, self._rotation, first)

    def link(
        self,
        access: str | None = None,
        environment: str | None = None,
        json_key: str | None = None,
    ) -> Link:
        """What a consumer needs.

        Args:
            environment: name of the variable that receives the value as the task starts; then the
                consumer's own code needs no right to read it. Without it the code reads the value
                itself, whose ARN is in `{KEY}_SECRET_ARN`.
            json_key: the field of the value; a credentials secret's `url` when left out.

        Raises:
            UnknownAccessError: `access` is not `read`.
        """
        access = OFFER.chosen(self._key, self._settings, access)
        producer = f"secret-{self._key}"
        if environment is None:
            return Link(
                producer=producer,
                access=access,
                grants=self._read_grants(),
                environment=OFFER.environment(self._key, self._settings, {"arn": self._secret.arn}),
                depends_on=(self._secret, *self._filled),
            )
        credentials = isinstance(self._settings, CredentialsSecret)
        reference = SecretRef(
            environment=environment,
            arn=self._secret.arn,
            json_key=json_key or (URL if credentials else None),
            key_arn=self._key_arn,
            ready=self._ready,
            given=isinstance(self._settings, GivenSecret),
            rotates=isinstance(self._rotation, RotationSettings),
        )
        return Link(
            producer=producer,
            access=access,
            secrets=(reference,),
            depends_on=(self._secret, *self._filled),
        )

    def registry_sign_in(self, container: str) -> Link:
        """What ECS needs to pull a container's image from the registry whose password this is."""
        reference = SecretRef("", self._secret.arn, key_arn=self._key_arn, given=True)
        return Link(
            producer=f"secret-{self._key}",
            access="read",
            depends_on=(self._secret,),
            registry_sign_ins=(RegistrySignIn(container, self._secret.arn, reference),),
        )

    def _read_grants(self) -> tuple[Grant, ...]:
        words = sid_part(self._key)
        read = Grant(
            f"ReadSecret{words}",
            ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"),
            (self._secret.arn,),
        )
        if self._key_arn is None:
            return (read,)
        context = {"StringEquals": {"kms:EncryptionContext:SecretARN": self._secret.arn}}
        key = key_grant(
            f"KeyOfSecret{words}", self._key_arn, READ, "secretsmanager", self._where, context
        )
        return (read, key)

    def _create_schedule(
        self, function: RotationFunction, rotation: RotationSettings, first: pulumi.Resource
    ) -> None:
        permission = aws.lambda_.Permission(
            self._key,
            action="lambda:InvokeFunction",
            function=function.resource.name,
            principal="secretsmanager.amazonaws.com",
            source_account=self._where.account,
            source_arn=self._secret.arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        rules = aws.secretsmanager.SecretRotationRotationRulesArgs(
            automatically_after_days=None if rotation.schedule else rotation.every_days,
            schedule_expression=rotation.schedule,
            duration=f"{rotation.window_hours}h",
        )
        aws.secretsmanager.SecretRotation(
            self._key,
            secret_id=self._secret.id,
            rotation_lambda_arn=function.arn,
            rotation_rules=rules,
            # The first value was just made; rotating at once would only make a second.
            rotate_immediately=False,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission, first]),
        )


def _texts(made_for: Mapping[str, Any]) -> dict[str, pulumi.Output[str]]:
    """What an invocation's triggers may hold."""
    return {
        name: pulumi.Output.from_input(value).apply(str) for name, value in sorted(made_for.items())
    }


def secret_name(
    key: str, settings: GivenSecret | GeneratedSecret | CredentialsSecret, naming: Naming
) -> str:
    """The physical name, known from the settings alone.

    Raises:
        IllegalNameError: Secrets Manager would refuse it.
    """
    template = settings.name or "{name}/{environment}/" + key
    name = template.replace("{name}", naming.system).replace("{environment}", naming.environment)
    return naming.exact(SECRET_NAME, name)
