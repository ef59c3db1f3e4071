"""What a person says of a site: its names, what it serves, and how browsers must treat it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.parts.countries import Country
from components.parts.domain import DomainName
from components.parts.model import Entry, Key, Settings
from components.parts.reference import Reference

CertificateArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[0-9a-f-]{36}$"),
]
"""CloudFront takes certificates of us-east-1 only."""

Pattern = Annotated[str, StringConstraints(pattern=r"^[^/].*$", max_length=255)]
"""Of files in the built folder: `*` stands for any characters, a `/` among them."""

MOST_BEHAVIORS = 74
"""Beside the one for all other paths ("CloudFront quotas: general quotas on distributions",
2026-11)."""


def _not_everything(pattern: str) -> str:
    if set(pattern) <= set("/*?"):
        raise ValueError(
            "a path with more than `/`, `*` and `?`: those are all that the site has; where a load "
            "balancer answers all of them, say `content: {loadBalancer: KEY}`"
        )
    return pattern


BehaviorPattern = Annotated[
    str,
    StringConstraints(pattern=r"^/[A-Za-z0-9_.$/~\"'@:+*?&-]*$", max_length=255),
    AfterValidator(_not_everything),
]
"""A path, in which `*` stands for any characters and `?` for one ("Cache behavior settings: path
pattern", 2026-11). `/api/*` does not hold `/api` itself."""

EVERYTHING = "/*"
"""Every path of a site."""

IMMUTABLE = ("assets/*", "static/*", "_next/static/*", "_astro/*", "_app/immutable/*")
"""Where builders (Vite, Create React App, Next.js, Astro, SvelteKit) put files whose names change
with their content."""


class ExternalSettings(Settings):
    """A pipeline that copies the content by itself: GitHub Actions of one repository and branch."""

    repository: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
    """Owner and name on GitHub."""
    branch: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_./-]+$")] = "main"
    """The only branch whose runs may publish."""
    owner_id: int | None = Field(default=None, ge=1)
    """The owner's number on GitHub (`gh api users/OWNER --jq .id`). With `repositoryId`, tokens are
    believed in the form with numbers, `repo:OWNER@ID/REPO@ID:...`: the one GitHub writes for
    repositories that were made, renamed or moved after 2026-07-15, or that asked for it
    ("OpenID Connect reference: immutable subject claims", GitHub Docs, 2026-11)."""
    repository_id: int | None = Field(default=None, ge=1)
    """The repository's number on GitHub (`gh api repos/OWNER/REPO --jq .id`). Tokens must then
    carry it, too, so that nobody who takes over the name later is believed."""

    @model_validator(mode="after")
    def _owner_of_a_numbered_repository(self) -> ExternalSettings:
        if self.owner_id is not None and self.repository_id is None:
            raise ValueError("`ownerId` with `repositoryId`: a token has both numbers or neither")
        return self


KeyGroups = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{10,64}$")], ...],
    Field(max_length=4),
]
"""Ids of key groups of CloudFront; four at most of one behavior ("Quotas", Amazon CloudFront
Developer Guide, from memory, 2026-11)."""


class ContentSettings(Settings):
    """Where the content comes from: exactly one of `path`, `bucket`, `external`, `loadBalancer`."""

    path: str | None = None
    """A built folder beside `Pulumi.yaml`, uploaded by `up`."""
    bucket: Annotated[Key, Reference("buckets")] | None = None
    """One of `buckets`, whose objects others put there."""
    external: ExternalSettings | None = None
    """A bucket of the site's own that a pipeline fills; the role for it is made."""
    load_balancer: Annotated[Key, Reference("loadBalancers")] | None = None
    """Key of an internal load balancer whose services answer every path that `behaviors` do not
    name, as an application that renders its pages does. The site then has no bucket of its own."""
    origin_cache: Literal["none", "origin"] = "none"
    """With `loadBalancer`, what of its answers is kept: nothing, or what the service says."""
    immutable: tuple[Pattern, ...] = IMMUTABLE
    """With `path`, files whose names change with their content: kept by browsers for a year,
    uploaded first, and kept for a while after a deployment that no longer has them."""
    cache: dict[Pattern, str] = Field(default_factory=dict[str, str])
    """With `path`, Cache-Control by pattern, where neither `no-cache` (all that is not immutable)
    nor a year is right. The first that fits counts."""
    keep_days: int = Field(default=30, ge=1, le=365)
    """With `path`, days that immutable files outlive their deployment, for tabs left open."""
    signed_by: KeyGroups = ()
    """Only requests whose URL or cookies are signed are answered, on all paths that `behaviors` do
    not name: ids of the key groups of CloudFront whose keys sign, made beside the stack
    (docs/edge.md)."""

    @model_validator(mode="after")
    def _one_source(self) -> ContentSettings:
        sources = ("path", "bucket", "external", "load_balancer")
        given = [source for source in sources if getattr(self, source) is not None]
        if len(given) != 1:
            raise ValueError("exactly one of path, bucket, external, loadBalancer")
        return self


class HeadersSettings(Settings):
    """Response headers of everything the site serves."""

    hsts_seconds: int = Field(default=63_072_000, ge=0, le=63_072_000)
    """How long browsers use HTTPS only; 0 sends no header."""
    hsts_subdomains: bool = True
    """Whether that holds for names under the site's, too."""
    hsts_preload: bool = False
    """Whether browsers may ship with it. Hard to take back."""
    frame: Literal["DENY", "SAMEORIGIN"] = "DENY"
    """Who may show the site in a frame."""
    referrer: Literal[
        "no-referrer", "origin", "same-origin", "strict-origin", "strict-origin-when-cross-origin"
    ] = "strict-origin-when-cross-origin"
    """The `Referrer-Policy` header."""
    content_security_policy: str = "base-uri 'self'; frame-ancestors 'none'; object-src 'none'"
    """What pages may load; the default forbids only what no page needs. `none` sends no header."""
    permissions_policy: str = "camera=(), geolocation=(), microphone=()"
    """What pages may ask the browser for; `none` sends no header."""

    @model_validator(mode="after")
    def _preload_as_browsers_ask(self) -> HeadersSettings:
        if self.hsts_preload and (self.hsts_seconds < 31_536_000 or not self.hsts_subdomains):
            raise ValueError("`hstsPreload` with a year of `hstsSeconds` and `hstsSubdomains`")
        return self


class SiteCorsSettings(Settings):
    """Which other sites' scripts may read this one's answers."""

    origins: Annotated[tuple[str, ...], Field(min_length=1)]
    """As in `https://desh.co`."""
    methods: Annotated[tuple[Literal["GET", "HEAD", "OPTIONS"], ...], Field(min_length=1)] = (
        "GET",
        "HEAD",
    )
    """HTTP methods that pages of these origins may use."""
    headers: Annotated[tuple[str, ...], Field(min_length=1)] = ("*",)
    """Request headers that are allowed."""
    max_age_seconds: int = Field(default=3600, ge=0, le=86_400)
    """How many seconds a browser keeps the answer to a preflight request."""


class BehaviorSettings(Settings):
    """Paths that something else than the site's own bucket answers: exactly one of `loadBalancer`
    and `bucket`."""

    load_balancer: Annotated[Key, Reference("loadBalancers")] | None = None
    """Key of an internal one: one that the internet reaches could be called past the CDN. A service
    behind it needs a route for the site's domain."""
    bucket: Annotated[Key, Reference("buckets")] | None = None
    """Key of one of `buckets`. Paths are object keys: `/media/*` leads to those under `media/`."""
    cache: Literal["none", "origin"] | None = None
    """Of a load balancer: `none` (the default) caches nothing, `origin` what the service says may
    be cached, by path, query, cookies and host; an answer that depends on an Authorization header
    must be `private`."""
    signed_by: KeyGroups = ()
    """Only requests whose URL or cookies are signed are answered: ids of the key groups of
    CloudFront whose keys sign, made beside the stack (docs/edge.md)."""

    @model_validator(mode="after")
    def _one_origin(self) -> BehaviorSettings:
        if (self.load_balancer is None) == (self.bucket is None):
            raise ValueError("exactly one of loadBalancer, bucket")
        if self.bucket is not None and self.cache is not None:
            raise ValueError("`cache` with a load balancer only: objects say it in Cache-Control")
        return self


class CountriesSettings(Settings):
    """Countries by CloudFront's own look at the address: exactly one of the two."""

    allow: tuple[Country, ...] = ()
    """The only countries that are served (ISO 3166-1, two letters)."""
    deny: tuple[Country, ...] = ()
    """Countries that are not served (ISO 3166-1, two letters)."""

    @model_validator(mode="after")
    def _one_list(self) -> CountriesSettings:
        if bool(self.allow) == bool(self.deny):
            raise ValueError("either `allow` or `deny`")
        return self


class SiteSettings(Entry):
    """A CloudFront distribution over a private bucket or load balancer, HTTPS only."""

    domain: DomainName
    """The domain that the site is served at."""
    redirect_from: tuple[DomainName, ...] = ()
    """Other names that lead here for good, path and query kept, as an apex to its www."""
    content: ContentSettings
    pages: Literal["spa", "folders", "files"] = "folders"
    """`spa`: what names no file gets the index page, whose scripts do the rest: paths without a dot
    in their last part, and those that end in no usual file ending when a browser follows a link.
    What looks like a file and is not there stays a 404. `folders`: a path without a dot is a folder
    with an index page. `files`: paths are object keys, and the root is the index page."""
    index: Annotated[str, StringConstraints(pattern=r"^[^/]+$")] = "index.html"
    """The file that answers for a folder."""
    not_found: Annotated[str, StringConstraints(pattern=r"^/.+$")] | None = None
    """Path of the page that is shown with status 404."""
    behaviors: dict[BehaviorPattern, BehaviorSettings] = Field(
        default_factory=dict[str, BehaviorSettings], max_length=MOST_BEHAVIORS
    )
    """Paths that something else answers. The most specific one that fits counts, whatever stands
    first here."""
    headers: HeadersSettings = Field(default_factory=HeadersSettings)
    cors: SiteCorsSettings | None = None
    countries: CountriesSettings | None = None
    price_class: Literal["100", "200", "all"] = "all"
    """Edge locations: North America and Europe, those and most of Africa and Asia, or all."""
    tls: Literal["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"] = "TLSv1.2_2021"
    """The oldest TLS version and the ciphers, by the name of CloudFront's security policy."""
    certificate: CertificateArn | None = None
    """A certificate that exists; made and validated in the zone when left out."""
    access_logs: Annotated[Key, Reference("buckets")] | Literal["none"] | None = None
    """Key of the bucket that receives a line for every request: the one with `receives:
    [deliveries]` when left out; one is made in a stack file without a bucket for logs."""

    @model_validator(mode="after")
    def _redirects_lead_elsewhere(self) -> SiteSettings:
        if self.domain in self.redirect_from:
            raise ValueError(
                f"`redirectFrom` without {self.domain}: it would lead to itself for ever"
            )
        if len(set(self.redirect_from)) < len(self.redirect_from):
            raise ValueError("`redirectFrom` with every name once")
        return self

    @model_validator(mode="after")
    def _errors_of_services_are_theirs(self) -> SiteSettings:
        if self.not_found is not None and self.load_balancers:
            raise ValueError(
                "no `notFound` beside a load balancer: CloudFront would put the page in place of "
                "the service's own 404 answers, too"
            )
        return self

    @property
    def load_balancers(self) -> tuple[str, ...]:
        """Keys of the load balancers that answer paths, each once, sorted."""
        return tuple(sorted(set(self.balanced_paths.values())))

    @property
    def balanced_paths(self) -> dict[str, str]:
        """Keys of load balancers by the paths that they answer; `/*` for all that is left."""
        everything = self.content.load_balancer
        return {
            **({EVERYTHING: everything} if everything is not None else {}),
            **{p: b.load_balancer for p, b in self.behaviors.items() if b.load_balancer},
        }

    @property
    def has_bucket(self) -> bool:
        """Whether a bucket answers all paths that `behaviors` do not name."""
        return self.content.load_balancer is None

    @property
    def extra_buckets(self) -> tuple[str, ...]:
        """Keys of the buckets that answer some paths beside the site's own, each once, sorted."""
        named = {b.bucket for b in self.behaviors.values() if b.bucket}
        return tuple(sorted(named - {self.content.bucket or ""}))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it answers to, its own first."""
        return (self.domain, *self.redirect_from)
