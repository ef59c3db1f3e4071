"""What a person says of a firewall: whom it lets through, how often, and which rules AWS keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.parts.countries import Country
from components.parts.model import Development, Entry, Key, Settings
from components.parts.reference import Reference
from components.parts.retention import Retention

RATE_WINDOWS = (60, 120, 300, 600)
"""Seconds over which AWS WAF counts requests ("RateBasedStatement", AWS WAF API, 2026-11)."""

INCLUDED_WCU, MOST_WCU = 1500, 5000
"""Capacity units of a web ACL that its price includes, and that AWS allows ("AWS WAF web ACL
capacity units", 2026-11)."""


@dataclass(frozen=True)
class ManagedSet:
    """A rule group that AWS keeps."""

    name: str
    wcu: int
    version: str | None = None
    """The static version that is pinned; None where AWS offers none (lists of addresses)."""


ManagedName = Literal["common", "knownBadInputs", "sqli", "ipReputation", "anonymousIps"]

MANAGED: Mapping[str, ManagedSet] = {
    "ipReputation": ManagedSet("AWSManagedRulesAmazonIpReputationList", 25),
    "anonymousIps": ManagedSet("AWSManagedRulesAnonymousIpList", 50),
    "common": ManagedSet("AWSManagedRulesCommonRuleSet", 700, "Version_1.19"),
    "knownBadInputs": ManagedSet("AWSManagedRulesKnownBadInputsRuleSet", 200, "Version_1.22"),
    "sqli": ManagedSet("AWSManagedRulesSQLiRuleSet", 200, "Version_2.3"),
}
"""In the order they are asked, cheap ones first ("AWS Managed Rules changelog" and "AWS Managed
Rules rule groups list", 2026-11). A version ends about a year after its successor: then set
`versions`."""

SIZE_RULES: Mapping[str, Mapping[str, str]] = {
    "common": {"SizeRestrictions_BODY": "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body"}
}
"""Rules that refuse bodies above 8 KiB, with the labels they leave, by managed set ("Core rule set
(CRS) managed rule group", 2026-11)."""

BODY_RULES: Mapping[str, Mapping[str, str]] = {
    "common": {
        "EC2MetaDataSSRF_BODY": "awswaf:managed:aws:core-rule-set:EC2MetaDataSSRF_Body",
        "GenericLFI_BODY": "awswaf:managed:aws:core-rule-set:GenericLFI_Body",
        "GenericRFI_BODY": "awswaf:managed:aws:core-rule-set:GenericRFI_Body",
        "CrossSiteScripting_BODY": "awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body",
    },
    "knownBadInputs": {
        "JavaDeserializationRCE_BODY": (
            "awswaf:managed:aws:known-bad-inputs:JavaDeserializationRCE_Body"
        ),
        "Log4JRCE_BODY": "awswaf:managed:aws:known-bad-inputs:Log4JRCE_Body",
    },
    "sqli": {
        "SQLi_BODY": "awswaf:managed:aws:sql-database:SQLi_Body",
        "SQLiExtendedPatterns_BODY": "awswaf:managed:aws:sql-database:SQLiExtendedPatterns_Body",
    },
}
"""Rules that look for attacks in bodies, with the labels they leave, by managed set ("Baseline rule
groups" and "Use-case specific rule groups", AWS WAF Developer Guide, 2026-11)."""

BOTS = ManagedSet("AWSManagedRulesBotControlRuleSet", 50, "Version_3.2")
"""Bot Control, billed by request besides ("AWS WAF Bot Control rule group", 2026-11)."""


def _block(value: str) -> str:
    try:
        network = ip_network(value)
    except ValueError:
        raise ValueError("an IPv4 or IPv6 block such as 192.0.2.0/24 or 2001:db8::/32") from None
    if network.prefixlen == 0:
        raise ValueError("a block smaller than the whole internet: AWS WAF takes no /0")
    return value


Block = Annotated[str, AfterValidator(_block), Field(json_schema_extra={"format": "cidr"})]
"""An IPv4 or IPv6 block in CIDR notation."""

PathPrefix = Annotated[str, StringConstraints(pattern=r"^/.*$", max_length=200)]


class RateSettings(Settings):
    """How many requests one address may send; what comes beyond is blocked until it slows down."""

    requests: int = Field(default=2000, ge=10, le=2_000_000_000)
    """Most requests of one address within the window; more are blocked."""
    seconds: Annotated[int, Field(json_schema_extra={"enum": list(RATE_WINDOWS)})] = 300
    """60, 120, 300 or 600."""

    @model_validator(mode="after")
    def _a_window_aws_has(self) -> RateSettings:
        if self.seconds not in RATE_WINDOWS:
            raise ValueError(f"`seconds` one of {', '.join(map(str, RATE_WINDOWS))}")
        return self


class PathRateSettings(RateSettings):
    """The same for one part of the paths, as a login."""

    path: PathPrefix
    """What the path begins with."""


class BotSettings(Settings):
    """Bot Control: what looks like a program and is no known search engine or monitor."""

    captcha: bool = True
    """Whether a page that it asks for is a puzzle, to prove that somebody is there, instead of a
    refusal. Requests of scripts, which could show none, are refused until one was solved."""
    programs: tuple[PathPrefix, ...] = ()
    """What paths begin with that programs may call, such as an API or webhooks."""
    version: str | None = None
    """Another static version than the pinned one."""

    @property
    def wcu(self) -> int:
        """Capacity units its rules take, those of `programs` and of the puzzle among them."""
        total = BOTS.wcu + len(self.programs) * _PREFIX_WCU
        return total + (_PUZZLE_WCU if self.captcha else 0)


class FirewallSettings(Entry):
    """A web ACL for CloudFront and one for the stack's region, as what it protects needs."""

    sites: Literal["all", "none"] | tuple[Annotated[Key, Reference("sites")], ...] = "all"
    """Sites that stand behind it."""
    load_balancers: (
        Literal["all", "none"] | tuple[Annotated[Key, Reference("loadBalancers")], ...]
    ) = "all"
    """Load balancers that stand behind it."""
    apis: Literal["all", "none"] | tuple[Annotated[Key, Reference("apis")], ...] = "all"
    """REST APIs that stand behind it; AWS has no firewall for HTTP APIs."""
    user_pools: Literal["all", "none"] | tuple[Annotated[Key, Reference("userPools")], ...] = "all"
    """User pools made here that stand behind it: their sign-in pages and Cognito's own calls."""
    mode: Literal["block", "count"] = "block"
    """`count` lets everything through and only counts: to look at before it is armed."""
    rate: RateSettings | Literal["none"] = Field(default_factory=RateSettings)
    """Of all requests together, or `none`."""
    rates: dict[Key, PathRateSettings] = Field(default_factory=dict[str, PathRateSettings])
    """By a name of your choice."""
    managed: tuple[ManagedName, ...] = ("common", "knownBadInputs", "sqli", "ipReputation")
    """Rule sets that AWS keeps."""
    versions: dict[ManagedName, str] = Field(default_factory=dict[ManagedName, str])
    """Static versions other than the pinned ones, as in `Version_1.19`."""
    uploads: tuple[PathPrefix, ...] = ()
    """What paths begin with where bodies may be longer than 8 KiB, which `common` refuses; `/` for
    everywhere."""
    foreign_bodies: tuple[PathPrefix, ...] = ()
    """What paths begin with where bodies hold what attackers wrote, as a log collector's do: the
    managed rules that look for attacks in bodies only count there. `/` for everywhere."""
    countries: tuple[Country, ...] = ()
    """The only countries that are let in; all when empty."""
    bots: BotSettings | None = None
    allow: tuple[Block, ...] = ()
    """Blocks that no other rule is asked about."""
    deny: tuple[Block, ...] = ()
    """Blocks that are always refused."""
    capacity: int = Field(default=INCLUDED_WCU, ge=1, le=MOST_WCU)
    """Capacity units (WCU) the rules may take together; AWS bills more than 1500 by request."""
    log_days: Annotated[Retention, Development(30)] = 365
    """Days its log is kept: what was blocked or counted, and by which rule."""

    @model_validator(mode="after")
    def _versions_of_what_has_some(self) -> FirewallSettings:
        for name, version in self.versions.items():
            if MANAGED[name].version is None:
                raise ValueError(f"no version of {name}: AWS keeps its addresses current")
            if not version.startswith("Version_"):
                raise ValueError(f"`versions.{name}` as in Version_1.19")
        return self

    @model_validator(mode="after")
    def _lenient_where_something_is_strict(self) -> FirewallSettings:
        if self.foreign_bodies and not self.body_readers:
            sets = ", ".join(BODY_RULES)
            raise ValueError(f"no `foreignBodies` where none of {sets} is `managed`")
        return self

    @property
    def body_readers(self) -> tuple[str, ...]:
        """Managed sets with rules that look for attacks in bodies, in the order they are asked."""
        return tuple(name for name in MANAGED if name in self.managed and name in BODY_RULES)

    @property
    def covers_sites(self) -> bool:
        """Whether any site may stand behind it."""
        return self.sites not in {"none", ()}

    @property
    def wcu(self) -> int:
        """Capacity units its rules take ("Web ACL capacity units of rule statements", 2026-11)."""
        total = sum(MANAGED[name].wcu for name in dict.fromkeys(self.managed))
        total += self.bots.wcu if self.bots else 0
        total += bool(self.countries)
        total += len(_families(self.allow)) + len(_families(self.deny))
        total += 2 if self.rate != "none" else 0
        # A rate-based statement, a prefix match and its one text transformation.
        total += len(self.rates) * (2 + _PREFIX_WCU)
        if self.uploads and "/" not in self.uploads and "common" in self.managed:
            total += 1 + len(self.uploads) * _PREFIX_WCU
        if self.foreign_bodies and "/" not in self.foreign_bodies:
            total += sum(len(BODY_RULES[name]) for name in self.body_readers)
            total += len(self.foreign_bodies) * _PREFIX_WCU
        return total


_PREFIX_WCU = 2 + 10

_PUZZLE_WCU = (3 + 2 + 10 + 10 + 10) + (3 + 1)
"""Three labels, a method, a header that contains something, a text transformation each; and three
labels with one more."""


def _families(blocks: tuple[str, ...]) -> set[int]:
    return {ip_network(block).version for block in blocks}


def by_family(blocks: tuple[str, ...]) -> dict[Literal["IPV4", "IPV6"], list[str]]:
    """Blocks by address family: an IP set holds one."""
    found: dict[Literal["IPV4", "IPV6"], list[str]] = {}
    for block in blocks:
        found.setdefault("IPV4" if ip_network(block).version == 4 else "IPV6", []).append(block)
    return found
