"""What a person says of a workload outside AWS: whose token it brings, and what it may do."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.parts.domain import PATTERN
from components.parts.model import Entry
from components.parts.uses import UseSettings

SESSION_MINUTES = (15, 720)
"""Minutes of a role's session, least (of a call) and most ("AssumeRoleWithWebIdentity" and
"UpdateRole", API References, 2026-11)."""

GLOBAL_ISSUERS = {
    "oidc.vercel.com": "https://oidc.vercel.com/<team>, the issuer of your team alone",
}
"""Issuers that sign for all their customers, and what to name instead ("OpenID Connect (OIDC)
Federation Reference", Vercel documentation, 2026-11: issuer mode Team)."""

WIDE = "*?"


def _issuer(url: str) -> str:
    if url.endswith("/"):
        raise ValueError("the issuer as its tokens say it (`iss`), without a slash at its end")
    host = url.removeprefix("https://").partition("/")[0]
    if url.removeprefix("https://") in GLOBAL_ISSUERS:
        raise ValueError(GLOBAL_ISSUERS[host])
    return url


def _exact(text: str) -> str:
    if any(sign in text for sign in WIDE):
        raise ValueError("the whole text, without `*` or `?`: it is compared letter by letter")
    return text


Issuer = Annotated[
    str,
    StringConstraints(pattern=rf"^https://{PATTERN}(/[\w.~-]+)*/?$", max_length=255),
    AfterValidator(_issuer),
]
"""As its tokens say it (`iss`), with the path where it has one."""

Exact = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_exact)]


class IdentitySettings(Entry):
    """A role for one workload that runs elsewhere and brings a signed token.

    Issuers, audiences and subjects: Vercel `https://oidc.vercel.com/<team>`,
    `https://vercel.com/<team>` and `owner:<team>:project:<project>:environment:production`; GitHub
    `https://token.actions.githubusercontent.com`, `sts.amazonaws.com` and
    `repo:<owner>/<repository>:ref:refs/heads/main`; GitLab `https://gitlab.com`, an audience of
    your choice and `project_path:<group>/<project>:ref_type:branch:ref:main`.
    """

    issuer: Issuer
    """HTTPS address of the OpenID Connect provider that signs the tokens."""
    audience: Exact
    """Whom the token must be meant for (`aud`)."""
    subject: Exact
    """Which workload it must be of (`sub`), whole."""
    claims: dict[Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")], Exact] = Field(
        default_factory=dict[str, str]
    )
    """Further claims that must be so, as GitHub's `repository_id`: the number stays with a
    repository, its name may become somebody else's."""
    session_minutes: int = Field(default=60, ge=60, le=SESSION_MINUTES[1])
    """Minutes after which it has to bring a token again, at most."""
    uses: Annotated[tuple[UseSettings, ...], Field(min_length=1)]
    """All it may do: exactly what these lines allow. Nothing comes as an environment variable: see
    the stack's output `identities`."""

    @model_validator(mode="after")
    def _other_claims(self) -> IdentitySettings:
        for name in ("aud", "sub"):
            if name in self.claims:
                raise ValueError("`audience` and `subject` for `aud` and `sub`")
        return self

    @property
    def environment(self) -> dict[str, str]:
        """None of its own: the workload runs elsewhere."""
        return {}

    @property
    def provider(self) -> str:
        """The issuer as IAM names its provider: host and path."""
        return self.issuer.removeprefix("https://")
