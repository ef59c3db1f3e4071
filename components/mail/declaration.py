"""How mail identities are declared."""

from __future__ import annotations

from components.mail.identity import OFFER
from components.mail.settings import MailSettings
from components.parts.adoption import Adopts
from components.parts.changes import Change, Unique
from components.parts.declaration import CONFIGURATION, RECORDS, Resource, Tier, Watched
from components.parts.shown import Category, Shown

TIERS = (
    Tier(
        field="mail",
        settings=MailSettings,
        components={
            "trellis:mail:MailIdentity": Shown(
                "mail",
                glyph="M2 4h14v10H2zM2 4l7 6 7-6",
                category=Category.MESSAGES,
                icon=r"(Simple-Email-Service|\bSES)",
                rank=4,
            ),
        },
        resources={
            "aws:sesv2/configurationSet:ConfigurationSet": Resource(
                Watched(
                    ("Reputation.BounceRate", "Reputation.ComplaintRate"), ("configurationSetName",)
                ),
                unique=Unique("region", ("configurationSetName",)),
            ),
            "aws:sesv2/emailIdentity:EmailIdentity": Resource(
                RECORDS,
                facts=("emailIdentity",),
                unique=Unique(
                    "region",
                    ("emailIdentity",),
                    hint=(
                        "let one stack have it, and say `existing: true` under `mail` in the other"
                    ),
                ),
                change=Change(loses="a verified identity"),
            ),
            "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": Resource(
                CONFIGURATION
            ),
        },
        keys=frozenset(),
        offer=OFFER,
        adopts=Adopts(
            ("aws:sesv2/emailIdentity:EmailIdentity",),
            over=("return path",),
            also=("DNS records",),
            name=lambda _, settings, __: settings.domain,
            setting="domain",
        ),
    ),
)
"""What this package adds to a stack file."""
