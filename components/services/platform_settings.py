"""What a person says of what services stand on: the cluster, repositories and load balancers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.adoption import Adopt, Adoptable
from components.parts.cidr import Cidr
from components.parts.model import Development, Key, Losable, Settings
from components.parts.principals import AccountId
from components.parts.reference import Reference
from components.parts.retention import Retention

CertificateArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]{36}$"),
]

TLS_POLICIES = (
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
)
"""TLS 1.2 and 1.3 with forward secrecy; the first is what AWS recommends, with a key exchange that
also withstands quantum computers ("Security policies for your Application Load Balancer", 2026-11).
"""


ClusterName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,255}$")]
"""As in `shared` ("CreateCluster", Amazon ECS API Reference, 2026-11)."""

ClusterArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster/[A-Za-z0-9_-]{1,255}$"
    ),
]


class ExistingCluster(Settings):
    """A cluster that somebody else made in this account and region: exactly one of `arn`, `name`.

    Among its capacity providers are `FARGATE` and, for services and jobs on Spot, `FARGATE_SPOT`.
    """

    arn: ClusterArn | None = None
    """ARN of the cluster."""
    name: ClusterName | None = None
    """Name of the cluster."""
    insights: bool = False
    """Whether it has Container Insights, which count running tasks for alarms and charts."""

    @model_validator(mode="after")
    def _one_way_to_find_it(self) -> ExistingCluster:
        if (self.arn is None) == (self.name is None):
            raise ValueError("exactly one of arn, name")
        return self

    @property
    def found_name(self) -> str:
        """Its name, said or out of the ARN."""
        return self.name or str(self.arn).rpartition("/")[2]


class ClusterSettings(Losable):
    """The ECS cluster of all services and jobs."""

    existing: ExistingCluster | None = None
    """One that somebody else made, where services and jobs run beside those of others; nothing of
    it is changed. In another cluster services are made anew: their tasks stop meanwhile."""
    adopt: Adopt | None = None
    """Name of a cluster that exists already and becomes this system's: see
    [taking over](migrating.md#take-it-over)."""
    name: str | None = None
    """Whole name; `{name}-{environment}` when left out."""
    insights: bool | Literal["enhanced"] = True
    """CloudWatch Container Insights; `enhanced` adds metrics by task and container."""
    exec_retention_days: Annotated[Retention, Development(30)] = 365
    """Days the recorded shell sessions are kept."""

    @property
    def counts_tasks(self) -> bool:
        """Whether Container Insights' metrics are there."""
        return self.existing.insights if self.existing is not None else bool(self.insights)


class RepositorySettings(Adoptable):
    """An ECR repository."""

    name: str | None = None
    """Whole name; made from the key when left out."""
    keep: int = Field(default=10, ge=1, le=1000)
    """Newest images that are kept."""
    untagged_days: int = Field(default=7, ge=1, le=365)
    """Days after which an image without tag goes."""
    mutable_tags: bool = False
    """Whether a tag may be moved to another image."""
    pull_accounts: tuple[AccountId, ...] = ()
    """Other accounts that may pull."""
    empty_on_delete: Annotated[bool, Development(True)] = False
    """Whether its images are deleted with it; without, AWS refuses to delete one that holds any."""


class CertificateSettings(Settings):
    """A certificate of AWS Certificate Manager, in the load balancer's region."""

    arn: CertificateArn
    """ARN of a certificate in ACM, in the load balancer's region."""


class TestListenerSettings(Settings):
    """Where the next version can be tried before it takes over (not with `strategy: rolling`)."""

    __test__ = False
    port: int = Field(default=8443, ge=1, le=65_535)
    """The port on which the new version is tried before it gets traffic."""
    sources: tuple[Cidr, ...] = Field(alias="from", min_length=1)
    """Blocks (CIDR) that may call it."""


class LoadBalancerSettings(Adoptable):
    """An Application Load Balancer: HTTPS in, to the services whose routes name it."""

    name: str | None = None
    """Whole name, 32 characters at most; made from the key when left out."""
    scheme: Literal["public", "internal"] = "public"
    """Whether the internet reaches it, or only the network. Another scheme makes another load
    balancer, listeners and target groups beside the old ones; the names lead there, then the old
    ones go. AWS deletes none that is protected: first set `deletionProtection: false` and deploy
    that, then change the scheme. With a `name` of your own give it another one with it."""
    certificates: tuple[CertificateSettings, ...] = ()
    """The first serves clients that name no host, the others by name. When left out, one is made
    for the hosts of its routes, and validated in their zone."""
    http: Literal["redirect", "none"] = "redirect"
    """What port 80 does: sends clients to HTTPS, or is not there."""
    sources: Annotated[tuple[Cidr, ...], Field(alias="from")] = ()
    """Blocks (CIDR) that may call it; anywhere, or the network where it is internal."""
    cloud_front_only: bool = False
    """Whether only CloudFront's servers may call it, by HTTPS: anybody's distributions, so let the
    service ask for a header that yours sends. Their list counts as 55 of the 60 rules that a
    security group takes, so it goes with `http: none` and without `from`."""
    ipv6: bool = False
    """Whether a public one has IPv6 addresses too; names in zones of this stack then lead to both.
    Its subnets need IPv6 blocks: `network: {ipv6: true}`."""
    tls_policy: Annotated[str, Field(json_schema_extra={"enum": list(TLS_POLICIES)})] = (
        TLS_POLICIES[0]
    )
    """The security policy of HTTPS listeners: TLS versions and ciphers."""
    hsts_seconds: int = Field(default=31_536_000, ge=0, le=63_072_000)
    """How long browsers use HTTPS only (Strict-Transport-Security); 0 sends no header."""
    idle_timeout: int = Field(default=60, ge=1, le=4000)
    """Seconds without data after which a connection is closed."""
    access_logs: Annotated[Key, Reference("buckets")] | Literal["none"] | None = None
    """Key of the bucket that receives a line for every request: the one with `receives:
    [loadBalancers]` when left out; one is made in a stack file without a bucket for logs."""
    deletion_protection: Annotated[bool, Development(False)] = True
    """Whether AWS refuses to delete the load balancer."""
    test_listener: TestListenerSettings | None = None

    @model_validator(mode="after")
    def _parts_that_fit(self) -> LoadBalancerSettings:
        if self.tls_policy not in TLS_POLICIES:
            raise ValueError(f"`tlsPolicy` one of {', '.join(TLS_POLICIES)}")
        if self.cloud_front_only and (
            self.scheme != "public" or self.sources or self.http != "none"
        ):
            raise ValueError(
                "`cloudFrontOnly` with `scheme: public`, `http: none` and without `from`"
            )
        if self.ipv6 and self.scheme != "public":
            raise ValueError("`ipv6` with `scheme: public`")
        if self.ipv6 and (self.sources or self.cloud_front_only):
            raise ValueError(
                "`ipv6` without `from` and `cloudFrontOnly`, which say IPv4 addresses only"
            )
        if self.test_listener is not None and self.test_listener.port in (80, 443):
            raise ValueError("a `testListener` on another port than 80 and 443")
        return self
