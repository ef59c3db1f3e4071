"""Whether a text is a credential, or holds one: by the forms that issuers give theirs.

No message ever holds the text, only what kind of credential it looks like. Sources of the forms:
the issuers' own pages on their token formats (AWS, GitHub, GitLab, Slack, Stripe, Google, npm,
PyPI, SendGrid, Twilio, OpenAI, Anthropic, Atlassian, Shopify, DigitalOcean, Hugging Face), RFC 3986
(userinfo), RFC 7468 (private keys) and RFC 7519 (signed tokens), read 2026-11.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

_FORMS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
        ("an AWS access key", r"(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])"),
        ("a GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})"),
        ("a GitLab token", r"\bgl(?:pat|rt|dt|ptt|ft|soat|cbt|agent)-[\w-]{20,}"),
        ("a Slack token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+"),
        ("a Slack webhook", r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Z0-9]{6,}/"),
        ("a Stripe key", r"\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9+/]{16,}"),
        ("a Google API key", r"\bAIza[\w-]{35}"),
        ("a Google OAuth secret", r"\bGOCSPX-[\w-]{28}|\bya29\.[\w-]{20,}"),
        ("an npm token", r"\bnpm_[A-Za-z0-9]{36}"),
        ("a PyPI token", r"\bpypi-AgE[\w-]{50,}"),
        ("a SendGrid key", r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
        ("a Twilio key", r"\bSK[0-9a-f]{32}\b"),
        ("a Mailgun key", r"\bkey-[0-9a-f]{32}\b"),
        ("an OpenAI or Anthropic key", r"\bsk-(?:ant-|proj-|svcacct-)?[\w-]{32,}"),
        ("a Hugging Face token", r"\bhf_[A-Za-z0-9]{34}"),
        ("an Atlassian token", r"\bATATT3[\w=-]{40,}"),
        ("a Shopify token", r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
        ("a DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{64}"),
        ("a Databricks token", r"\bdapi[0-9a-f]{32}\b"),
        ("a HashiCorp token", r"\bhv[sbr]\.[\w-]{24,}"),
        ("a Discord or Telegram token", r"\b\d{8,10}:AA[\w-]{33}\b"),
        ("a signed token", r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
        ("an authorization header", r"(?i)\b(?:bearer|basic) +(?![$<{%])[A-Za-z0-9+/._~-]{16,}=*"),
        (
            "an address with a password",
            r"(?i)\b[a-z][a-z0-9+.-]*://[^\s:/?#@]*:(?![$<{%*]|@)[^\s/?#@]+@[^\s/]",
        ),
        ("a webhook", r"discord(?:app)?\.com/api/webhooks/\d{5,}/[\w-]{20,}"),
        ("a webhook", r"\.webhook\.office\.com/webhookb2/[\w@-]{20,}/"),
        ("a webhook", r"\.(?:logic\.azure|api\.powerplatform)\.com[:/]\S*[?&]sig=[\w%-]{10,}"),
        (
            "a password in a connection string",
            r"(?i)(?:^|[?&;\s])(?:[\w.-]{0,40}[_.-])?(?:password|passwd|pwd)=(?![$<{%*])"
            r"(?!(?:true|false|yes|no|none|required|optional)\b)[^&;\s'\"]{4,}",
        ),
        (
            "a token in a setting",
            r"(?i)(?:^|[?&;:/\s])(?:[\w.-]{0,40}[_.-])?(?:auth|token|authtoken|secret|api[_-]?key)="
            r"(?=[^\s&;]*\d)(?=[^\s&;]*[a-z])[A-Za-z0-9]{16,}",
        ),
        (
            "an account key",
            r"(?i)\b(?:AccountKey|SharedAccessKey|Password|Pwd)=(?![$<{%;])[^;\s]{6,};",
        ),
    )
)
# A password that a command line takes as an option, or a variable set before the command.
_OPTIONS: Final = re.compile(
    r"(?i)(?<![\w-])--?(?:[\w-]*(?:password|passwd|passphrase|secret|token|api-?key)|pass"
    r"|requirepass|masterauth)(?:=|\s+)(?![$<{%-])['\"]?[^\s'\"$]{3,}"
)
# `mysql -psecret`: its option for the password takes no space.
_ATTACHED: Final = re.compile(
    r"\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^|;&]*\s-p(?![\s$<{%])[^\s'\"$]{3,}"
)
_LOGIN: Final = re.compile(
    r"\b(?:curl|wget|httpie?|xh)\b.*?(?<![\w-])(?:-[A-Za-z]*u|--user)[= ]*"
    r"['\"]?[^\s:'\"$]+:(?![$<{%])[^\s'\"]+"
)
_ASSIGNED: Final = re.compile(r"(?:^|[\s;&])([A-Za-z_]\w*)=(?![$<{%])['\"]?([^\s'\";&]{3,})")

# Random text: long, of all three kinds of letters, and with many of them (bits a letter).
_RANDOM_LENGTH: Final = 24
_RANDOM_BITS: Final = 4.25
_RANDOM: Final = re.compile(r"(?!pk_(?:live|test)_|phc_)[A-Za-z0-9+/_=-]{24,128}")
# Changes between small letters, capitals and digits, for each letter: words have few.
_RANDOM_CHANGES: Final = 0.15
_RANDOM_BY_NATURE: Final = re.compile(
    r"(?i)PUBLIC|PUBLISHABLE|SITE_?KEY|HASH|DIGEST|SHA\d*$|CHECKSUM|COMMIT|VERSION|FINGERPRINT|NONCE"
    r"|(?:^|_)(?:ID|IDS|ARN|ARNS|URL|URN|POOL|NAME|PATH|CERT|CERTIFICATE)$"
)


# A credential by its name in a JSON document: the whole last word of the key.
_KEYED: Final = re.compile(
    r'"(?P<name>[\w.-]*?(?:password|passwd|passphrase|secret|token|(?:api|private|access)[_-]?key))"'
    r'\s*:\s*"(?!arn:|[$<{%*])(?P<value>[^"\s]{3,})"',
    re.IGNORECASE,
)


def named_secret(name: str, value: str) -> bool:
    """Whether a field of a document is a credential by its name, and not a place to find one."""
    return _KEYED.fullmatch(f'"{name}":"{value}"') is not None


# Forms that prose and harmless settings may have too.
_IN_PROSE: Final = (
    "an authorization header", "a password in a connection string", "an account key",
    "a token in a setting",
)  # fmt: skip


def certain_kind(text: str) -> str | None:
    """What kind of credential a text holds by a form that nothing else has."""
    return next(
        (kind for kind, form in _FORMS if kind not in _IN_PROSE and form.search(text)), None
    )


def shaped_kind(text: str) -> str | None:
    """What kind of credential a text holds by an issuer's form, or as text before it has."""
    return next((kind for kind, form in _FORMS if form.search(text)), None)


def kind_in_document(text: str) -> str | None:
    """What kind of credential a document in JSON holds by the name of a field."""
    return "a password in a document" if _KEYED.search(text) else None


def kind_of(text: str, name: str = "") -> str | None:
    """What kind of credential a text is or holds; ``None`` for none that can be told.

    ``name`` is its variable's: what is called public, an id or a digest is random by nature.
    """
    kind = shaped_kind(text) or kind_in_document(text)
    if kind is not None:
        return kind
    if _RANDOM_BY_NATURE.search(name) or not _is_random(text):
        return None
    return "a random text, as keys are"


# What follows a credential's form up to the next space or quote is part of it.
_WHOLE: Final = tuple(
    (kind, re.compile(f"(?:{form.pattern.removeprefix('(?i)')})[^\\s\"'`]*", flags))
    for kind, form in _FORMS
    for flags in (re.IGNORECASE if form.flags & re.IGNORECASE else 0,)
)


# A private key with all that it holds, also where a check took its spaces out.
_WHOLE_KEY: Final = re.compile(
    r"-----BEGIN ?[A-Z0-9 ]*PRIVATE ?KEY.*?(?:-----END[^-]*-----|\Z)", re.DOTALL
)


def masked(text: str) -> str:
    """A text with every credential in it replaced by what kind of one it is."""
    text = _WHOLE_KEY.sub("<a private key>", text)
    for kind, form in _WHOLE:
        text = form.sub(f"<{kind}>", text)
    return text


def kind_in_command(words: Iterable[str]) -> str | None:
    """What kind of credential a command line holds: as an option, a login or a variable."""
    line = " ".join(words)
    if (kind := shaped_kind(line)) is not None:
        return kind
    if any(form.search(line) for form in (_OPTIONS, _LOGIN, _ATTACHED)):
        return "a password"
    for name, value in _ASSIGNED.findall(line):
        if looks_secret(name) and value:
            return "a password"
    return None


def _is_random(text: str) -> bool:
    if not _RANDOM.fullmatch(text) or text.startswith("/"):
        return False
    kinds = (str.islower, str.isupper, str.isdigit)
    if not all(any(kind(letter) for letter in text) for kind in kinds):
        return False
    changes = re.findall(r"[a-z](?=[A-Z])|[A-Za-z](?=\d)|\d(?=[A-Za-z])", text)
    if len(changes) < _RANDOM_CHANGES * len(text):
        return False
    counts = Counter(text).values()
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in counts)
    return bits >= _RANDOM_BITS


# Names of variables that usually hold a credential.
SECRET_NAME: Final = re.compile(
    r"(?:PASSWORD(?!LESS)|PASSWD|PASSPHRASE|SECRET(?!ARY|ARI)|TOKEN(?!I[ZS])|CREDENTIAL"
    r"|(?:^|_)PASS$|(?:^|_)PWD$"
    r"|(?:API|PRIVATE|ACCESS|ENCRYPTION|SIGNING|JWT|HMAC|MASTER)[_-]?KEY)",
    re.IGNORECASE,
)
# Names that match the pattern but hold a name, a place or a count, not a credential.
_NOT_SECRET: Final = re.compile(
    r"(?:[_-]?(?:ARN|REGION|PATH|FILE|DIR|TTL|SECONDS|MINUTES|HOURS|DAYS|EXPIRY|EXPIRES|EXPIRATION"
    r"|EXPIRES_?IN|LIFETIME|DURATION|COUNT|ENDPOINT|LIMIT|TABLE|HEADER|PARAMETER|PREFIX|LENGTH|TYPE"
    r"|ENABLED|REQUIRED|ALGORITHM|ISSUER|AUDIENCE|VERSION|PROVIDER|STORE|BACKEND|MANAGER|ENGINE|MODE"
    r"|SCOPE|POLICY|FORMAT|SOURCE|STRATEGY|RETRIES|ATTEMPTS|ROUNDS|ITERATIONS|HASHER|HOST|PORT"
    r"|BUCKET)|[_-]NAME|[_-]ID|Name|Id|[_-]UR[IL]|MAX_?TOKENS|TOKEN_?LIMIT)S?$",
    re.IGNORECASE,
)
# Names of addresses that hold a password where their value does.
_ADDRESS_NAME: Final = re.compile(
    r"(?:DSN|DATABASE_URL|REDIS_URL|MONGO\w*_URI|CONNECTION_STRING)", re.IGNORECASE
)
# Values that say where a credential is, or whether there is one: an ARN, an alias, a parameter's
# path, a secret's name with its folders, a reference that CloudFormation resolves, yes and no.
_POINTER: Final = re.compile(
    r"arn:[\w-]+:\S+|alias/\S+|(?:/[\w.-]+){2,}"
    r"|[a-z][a-z0-9_-]{0,40}(?:/[a-z0-9_-]{1,40})+|\{\{resolve:\S+\}\}"
    r"|(?i:true|false|yes|no|on|off|none|null|enabled|disabled|required|optional)"
)
# The names that ECS.8 asks about, FSBP, 2026-11.
_ALWAYS_SECRET: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA")


def looks_secret(name: str) -> bool:
    """Whether a variable of this name usually holds a credential."""
    if name.upper() in _ALWAYS_SECRET:
        return True
    return SECRET_NAME.search(name) is not None and _NOT_SECRET.search(name) is None


def names_address(name: str) -> bool:
    """Whether a variable of this name holds an address, in which a password may stand."""
    return _ADDRESS_NAME.search(name) is not None


def points_elsewhere(value: str) -> bool:
    """Whether a text is no credential, whatever its name: it says where one is, or yes or no."""
    return _POINTER.fullmatch(value) is not None
