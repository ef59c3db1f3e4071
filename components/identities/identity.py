"""The identity component: a role that one workload outside AWS opens with its own signed token.

Builds an IAM role with one policy. Promises: exactly one issuer, audience and subject, compared
letter by letter; exactly what its links say; no user, no access key, nothing that lasts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Link
from components.identities.settings import IdentitySettings
from components.naming import Kind, Naming
from components.parts.json_text import json_text
from components.parts.links import join, refuse_mounts
from components.parts.policy_document import INLINE_ROLE_LIMIT, identity_document
from components.parts.token_trust import token_trust
from components.tags import name_tag


class Identity(pulumi.ComponentResource):
    """One identity. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: IdentitySettings,
        links: Sequence[Link],
        *,
        naming: Naming,
        where: AccountRegion,
        sign_in: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the role.

        Args:
            name: key in the stack file.
            links: what it may do.
            sign_in: the account's providers of tokens, which a role that trusts one comes after.

        Raises:
            links.GivenTwiceError: two links give one variable.
            ValueError: the policy is longer than AWS takes, or a link brings a file system.
        """
        joined = join({}, links)
        refuse_mounts(f"identity {name}", joined)
        document = identity_document(joined.grants)
        if isinstance(document, str) and len(document) > INLINE_ROLE_LIMIT:
            raise ValueError(
                f"the policy of identity {name} has {len(document)} characters; AWS takes "
                f"{INLINE_ROLE_LIMIT}: use fewer things, or make two identities of it"
            )
        super().__init__("trellis:identities:Identity", name, None, opts)
        self._physical_name = naming.of(Kind.ROLE, name, "identity")
        self._variables = joined.environment
        self._role = aws.iam.Role(
            name,
            name=self._physical_name,
            description=f"{name}: a workload outside AWS, by {settings.provider}",
            assume_role_policy=json_text(_trust(settings, where)),
            max_session_duration=settings.session_minutes * 60,
            tags=name_tag(self._physical_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(sign_in)),
        )
        aws.iam.RolePolicy(
            name,
            name="grants",
            role=self._role.name,
            policy=document,
            opts=pulumi.ResourceOptions(parent=self._role),
        )
        self.register_outputs({"arn": self._role.arn})

    @property
    def name(self) -> str:
        """The role's name."""
        return self._physical_name

    @property
    def resource(self) -> aws.iam.Role:
        """The role."""
        return self._role

    @property
    def arn(self) -> pulumi.Output[str]:
        """What the workload names when it brings its token."""
        return self._role.arn

    def exports(self) -> dict[str, pulumi.Input[object]]:
        """What a person sets where the workload runs: the role, and where the things are."""
        variables: Mapping[str, pulumi.Input[str]] = self._variables
        return {"role": self._role.arn, "environment": dict(variables)}


def _trust(settings: IdentitySettings, where: AccountRegion) -> dict[str, object]:
    claims = {"aud": settings.audience, "sub": settings.subject, **settings.claims}
    return token_trust(where, settings.provider, claims)
