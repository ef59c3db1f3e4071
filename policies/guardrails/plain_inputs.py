"""Credentials in any input of any resource of AWS: by the name of a field, or by their form.

Which names of the SDK's inputs are credentials is sorted here; a test derives them all from the
installed SDK and refuses a new one. What a program keeps as a secret is encrypted in its state and
left alone; a map or document that AWS shows again is read whatever its fields are called.
"""

import base64
import binascii
import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, cast

from .kept import KeptText
from .plain_sight import derived
from .resource import Resource
from .secret_values import (
    certain_kind,
    kind_in_command,
    kind_in_document,
    looks_secret,
    points_elsewhere,
    shaped_kind,
)
from .unknown import is_unknown

# Fields that hold a credential and are not called like one.
_MORE_FIELDS: Final = frozenset(
    {
        "tunnel1PresharedKey",
        "tunnel2PresharedKey",
        "bgpAuthKey",
        "keyMaterialBase64",
        "plaintext",
        "customerKey",
        "sourceCustomerKey",
        "hostKey",
        "hostKeyBody",
        "serviceJson",
        "certificateWallet",
        "authorizationApiKeyValue",
    }
)
# Fields that are called like a credential and hold something else: a name, a place, a choice, a
# key of KMS, an idempotency token, or what is made for everybody to read.
NO_CREDENTIAL: Final = frozenset(
    {
        "actorTokenContent",
        "apiKeySelectionExpression",
        "authorizerCredentials",
        "clientToken",
        "creationToken",
        "credential",
        "credentialLocation",
        "credentialProviderVendor",
        "credentials",
        "customerMasterKeySpec",
        "defaultEncryptionKey",
        "encryptionKey",
        "eventSourceToken",
        "grantCreationTokens",
        "httpTokens",
        "idToken",
        "imagePullSecrets",
        "kmsEncryptionKey",
        "offerToken",
        "passwordParam",
        "preTokenGeneration",
        "routingHttpResponseAccessControlAllowCredentialsHeaderValue",
        "runtimeEnvironmentSecrets",
        "secretArnLists",
        "tokenDomains",
        "tokenEndpointAuthMethods",
        "tokenSigningPublicKeys",
        "tokenUrlParametersMap",
        "tokens",
        "updateToken",
        "viewVersionToken",
        "volumeEncryptionKey",
    }
)
# Fields whose name says nothing: by type, the dotted path.
_OF_TYPE: Final[Mapping[str, frozenset[str]]] = {
    "aws:apigateway/apiKey:ApiKey": frozenset({"value"}),
    "aws:cloudwatch/eventConnection:EventConnection": frozenset({"authParameters.apiKey.value"}),
    "aws:secretsmanager/secretVersion:SecretVersion": frozenset({"secretString", "secretBinary"}),
}
# The key of an access key of AWS beside its secret: an id.
_IDS: Final = frozenset({"aws:datasync/locationObjectStorage:LocationObjectStorage.accessKey"})
# Inputs that a control of their own service reads.
_READ_ELSEWHERE: Final[Mapping[str, frozenset[str]]] = {
    "aws:amplify/app:App": frozenset({"environmentVariables"}),
    "aws:amplify/branch:Branch": frozenset({"environmentVariables"}),
    "aws:cloudformation/stack:Stack": frozenset({"parameters"}),
    "aws:codebuild/project:Project": frozenset({"environment", "source", "secondarySources"}),
    "aws:ec2/instance:Instance": frozenset({"userData", "userDataBase64"}),
    "aws:ec2/launchConfiguration:LaunchConfiguration": frozenset({"userData", "userDataBase64"}),
    "aws:ec2/launchTemplate:LaunchTemplate": frozenset({"userData"}),
    "aws:ecs/taskDefinition:TaskDefinition": frozenset({"containerDefinitions"}),
    "aws:elasticbeanstalk/configurationTemplate:ConfigurationTemplate": frozenset({"settings"}),
    "aws:elasticbeanstalk/environment:Environment": frozenset({"settings"}),
    "aws:glue/connection:Connection": frozenset({"connectionProperties"}),
    "aws:glue/job:Job": frozenset({"defaultArguments", "nonOverridableArguments"}),
    "aws:lambda/function:Function": frozenset({"environment"}),
    "aws:rds/cluster:Cluster": frozenset({"masterPassword"}),
    "aws:rds/instance:Instance": frozenset({"password"}),
    "aws:sfn/stateMachine:StateMachine": frozenset({"definition"}),
    "aws:ssm/parameter:Parameter": frozenset({"value", "insecureValue"}),
    "aws:synthetics/canary:Canary": frozenset({"runConfig"}),
}
_NOTHING: Final = frozenset[str]()
# What people write, or name elsewhere by: credentials in it are told by their form alone.
_PROSE: Final = frozenset(
    {"tags", "tagsAll", "description", "attributeMapping", "attributeMappings", "labels", "comment"}
)
# Fields of a pair of name and value in lists of variables, headers and parameters.
_PAIRS: Final = ("name", "key", "Name", "Key", "parameterKey", "ParameterKey", "parameterName")
_VALUES: Final = ("value", "Value", "parameterValue", "ParameterValue", "values")

# What one of must stand in a text (in small letters) that any form of a credential fits.
_MARKS: Final = (
    "private key", "akia", "asia", "abia", "acca", "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
    "github_pat_", "glpat-", "glrt-", "gldt-", "glptt-", "glft-", "glsoat-", "glcbt-", "glagent-",
    "xox", "xapp-", "hooks.slack", "k_live_", "k_test_", "whsec_", "aiza", "gocspx-", "ya29.",
    "npm_", "pypi-", "sg.", "key-", "sk-", "hf_", "atatt3", "shpat_", "shpca_", "shppa_", "shpss_",
    "_v1_", "dapi", "hvs.", "hvb.", "hvr.", ":aa", "eyj", "bearer ", "basic ", "webhook", "sig=",
    "password", "passwd", "passphrase", "pwd", "secret", "token", "accountkey", "sharedaccesskey",
    "api-key", "apikey", "api_key", "requirepass", "masterauth", "--pass", "_pass", " -p", "--user",
    "curl", "wget", "http", "access_key", "private_key", "master_key", "signing_key", "jwt_key",
)  # fmt: skip
_TWILIO: Final = re.compile(r"sk[0-9a-f]{32}")
# The word that says what a name means is its last: `tokenUsers` are users.
_HEAD: Final = re.compile(
    r"(?i)^(?!existing).*(?:pass(?:word|wd|phrase)?|pwd|secret|token|credential|key|string|binary)s?(?:[_-]?(?:value|\d+))*$"
)
# Choices, units and kinds that stand where a credential's name is.
_CHOICES: Final = frozenset(
    {"seconds", "minutes", "hours", "days", "weeks", "string", "header", "query", "cookie", "body"}
)
# A value that is taken from somewhere else when it is used.
_TAKEN: Final = re.compile(
    r"[$<%{!#*]|'?\$|(?:method|context|stageVariables|integration|request|response)\.|Fn::|\.\."
)
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/\s]{24,}={0,2}\s*")
_YAML_TOP: Final = re.compile(r"(?m)\A(?:---\s*|\s*#.*\n)*[\w.-]+:(?:\s|$)")
_YAML_LINE: Final = re.compile(
    r"^\s*(?:- )?[\"']?(?P<name>[\w.-]+)[\"']?:\s+"
    r"(?P<value>[\"']?[^\s\"'{\[|>&*!$<%#][^\s]{2,}[\"']?)\s*$"
)


class Credential(NamedTuple):
    """Where a credential stands, and what kind of one it is; never the text."""

    where: str
    kind: str


class Scan:
    """What is in the inputs of one resource."""

    __slots__ = ("_dependent", "_fields", "_type", "_unwrapped", "found", "open")

    def __init__(self, resource: Resource) -> None:
        self._type = resource.type
        self._fields = _OF_TYPE.get(resource.type, _NOTHING)
        self._unwrapped = resource.facts.secrets_unwrapped
        self.found: Credential | None = None
        self.open: str | None = None
        """The first input of which something is not known, and that comes from nowhere harmless."""
        elsewhere = _READ_ELSEWHERE.get(resource.type, _NOTHING)
        dependencies = resource.facts.property_dependencies
        for name, value in resource.facts.inputs.items():
            if name in elsewhere or name == "__defaults" or value is None:
                continue
            before = self.open
            self._dependent = bool(dependencies.get(name))
            self._walk(value, name, name, prose=name in _PROSE, typed=True)
            if before is None and self.open is not None and derived(resource, name):
                self.open = None
            if self.found is not None:
                return

    def _walk(self, value: object, key: str, path: str, *, prose: bool, typed: bool) -> None:
        if self.found is not None:
            return
        if isinstance(value, str):
            self._text(value, key, path, prose=prose, typed=typed)
        elif isinstance(value, Mapping):
            self._map(cast("Mapping[str, object]", value), path, prose=prose, typed=typed)
        elif is_unknown(value):
            # What another resource hands to a field of its own for it is kept by both.
            if not (self._dependent and typed and self._is_credential(key, path)):
                self.open = self.open or path
        elif isinstance(value, Sequence):
            members = cast("Sequence[object]", value)
            for member in members:
                self._walk(member, key, path, prose=prose, typed=typed)
            if len(members) > 1 and not prose and self.found is None:
                self._command([one for one in members if isinstance(one, str)], path)

    def _command(self, words: Sequence[str], path: str) -> None:
        """A command's words stand in a list: `--password`, then the password."""
        if any(_marked(word) for word in words):
            kind = kind_in_command(words)
            self.found = None if kind is None else Credential(path, kind)

    def _map(self, block: Mapping[str, object], path: str, *, prose: bool, typed: bool) -> None:
        if "Statement" in block:
            prose = True
        pair = next((one for one in _PAIRS if isinstance(block.get(one), str)), None)
        named = "" if pair is None else str(block[pair])
        for key, value in block.items():
            if pair is not None and key in _VALUES:
                self._walk(value, named, f"{path} {named}", prose=prose, typed=False)
            else:
                self._walk(value, key, f"{path}.{key}", prose=prose or key in _PROSE, typed=typed)

    def _text(self, text: str, key: str, path: str, *, prose: bool, typed: bool) -> None:
        if isinstance(text, KeptText) or len(text) < 3:
            return
        if not prose and self._is_credential(key, path) and not _elsewhere(text):
            if not (self._unwrapped and typed and _is_field(key)):
                self.found = Credential(path, "a credential by its name")
        elif len(text) > 7 and (kind := _kind(text, prose=prose)) is not None:
            self.found = Credential(path, kind)
        elif not prose:
            self._document(text, path)

    def _is_credential(self, key: str, path: str) -> bool:
        if path in self._fields:
            return True
        return _named(key) and f"{self._type}.{path}" not in _IDS

    def _document(self, text: str, path: str) -> None:
        """Look into a document of JSON or YAML, or text in base64, that holds words of secrets."""
        if text[:1] in "{[" and _marked(text):
            try:
                document: object = json.loads(text)
            except ValueError:
                # A template: what it puts in has no quotes.
                kind = kind_in_document(text)
                self.found = None if kind is None else Credential(path, kind)
                return
            self._walk(document, "", path, prose=False, typed=False)
        elif len(text) >= 24 and len(text) % 4 == 0 and _ENCODED.fullmatch(text):
            decoded = _decoded(text)
            if decoded is not None:
                self._text(decoded, "", path, prose=False, typed=False)


def _decoded(text: str) -> str | None:
    try:
        decoded = base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return decoded if decoded.replace("\n", " ").replace("\t", " ").isprintable() else None


@functools.lru_cache(maxsize=4096)
def _named(key: str) -> bool:
    """Whether a field or variable of this name holds a credential."""
    if key in NO_CREDENTIAL or key.endswith("Wo"):
        return False
    return key in _MORE_FIELDS or (looks_secret(key) and _HEAD.search(key) is not None)


@functools.lru_cache(maxsize=4096)
def _is_field(key: str) -> bool:
    """Whether it is the provider's own field: SDKs keep what is in it as a secret."""
    return (key[:1].islower() and key.isalnum()) or "_secret" in key


def names_credential(field: str) -> bool:
    """Whether an input of the SDK that is called so holds a credential, of any type."""
    return _named(field)


def _elsewhere(text: str) -> bool:
    return text.lower() in _CHOICES or points_elsewhere(text) or _TAKEN.match(text) is not None


@functools.lru_cache(maxsize=4096)
def _marked(text: str) -> bool:
    small = text.lower()
    if any(mark in small for mark in _MARKS) or ("://" in small and "@" in small):
        return True
    return _TWILIO.search(small) is not None


def _kind(text: str, *, prose: bool) -> str | None:
    if not _marked(text):
        return None
    if prose:
        return certain_kind(text)
    kind = shaped_kind(text)
    if kind is not None:
        return kind
    if not any(space in text for space in " \n"):
        return None
    yaml = "\n" in text and _YAML_TOP.match(text) is not None
    return next((found for line in _lines(text) if (found := _of_line(line, yaml=yaml))), None)


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if _marked(line))


def _of_line(line: str, *, yaml: bool) -> str | None:
    kind = kind_in_command([line])
    if kind is not None or not yaml:
        return kind
    match = _YAML_LINE.match(line)
    if match is None or not _named(match["name"]) or _elsewhere(match["value"].strip("\"'")):
        return None
    return "a password in a document"
