"""What a person says of a domain that mail is sent as."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.adoption import Adoptable
from components.parts.domain import DomainName
from components.parts.model import Settings


class DmarcSettings(Settings):
    """What receivers shall do with mail that only pretends to come from the domain."""

    policy: Literal["none", "quarantine", "reject"] = "quarantine"
    """What receivers are asked to do with mail that fails DMARC."""
    reports: Annotated[str, StringConstraints(pattern=r"^[^@\s,;!]+@[^@\s,;!]+$")] | None = None
    """Address for aggregate reports."""


class MailSettings(Adoptable):
    """An Amazon SES identity: a domain, signed with DKIM, with its own return path."""

    domain: DomainName
    """The domain of the senders' addresses."""
    existing: bool = False
    """The domain is an identity of this account and region already, of another stack or by hand:
    its owner keeps it and its records. Only a configuration set is made here, and senders may use
    the identity."""
    mail_from: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")] = (
        "bounce"
    )
    """Label under the domain for the return path, so that SPF aligns."""
    dmarc: DmarcSettings | Literal["none"] = Field(default_factory=DmarcSettings)
    """`none` where the domain's owner publishes a policy already."""
    key_bits: Literal[1024, 2048] = 2048
    """Length of the DKIM key."""
    senders: tuple[str, ...] = ()
    """Addresses that may be sent as; any of the domain when empty."""
    suppress: tuple[Literal["BOUNCE", "COMPLAINT"], ...] = ("BOUNCE", "COMPLAINT")
    """Reasons to stop sending to an address."""

    @model_validator(mode="after")
    def _senders_are_of_the_domain(self) -> MailSettings:
        for sender in self.senders:
            if not sender.endswith(f"@{self.domain}"):
                raise ValueError(f"`senders` of the domain, as in hello@{self.domain}")
        return self
