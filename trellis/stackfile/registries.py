"""Asks registries other than ECR which image a tag is, without a password.

As in "Pulling manifests" (OCI Distribution Specification 1.1) and "Token Authentication
Specification" (CNCF Distribution, 2026-11). A reference's own host is asked and no other, unless
the caller says where its API is, or it is Docker Hub's, whose API has another host.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message

from components.parts.image_uri import HUB

MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
"""An index first: its digest stands for the image of every architecture."""

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
PARAMETER = re.compile(r'(\w+)="([^"]*)"')

APIS: Mapping[str, str] = {HUB: "https://registry-1.docker.io"}
"""Where the API is of a registry whose images bear another name ("Docker Hub rate limit", Docker
documentation, 2026-11: its example asks there)."""

SECONDS = 15
"""For which one answer is waited for."""

LARGEST = 4 * 1024 * 1024
"""Bytes of a manifest or token: the least that registries must take of a manifest."""

LOCAL = ("127.0.0.1", "localhost", "[::1]")
"""Hosts that may be asked without TLS."""

PIN = "try again, or name the image by digest (`@sha256:...`)"


class RegistryError(Exception):
    """A registry that gave no digest, for another reason than that there is no such image.

    Attributes:
        found: what was found, in words.
        hint: what to do.
    """

    def __init__(self, found: str, hint: str = PIN) -> None:
        super().__init__(found)
        self.found = found
        self.hint = hint


def address(given: str) -> str:
    """Where an API is: `https://HOST[:PORT]`, or http on this machine; without the last slash.

    Raises:
        ValueError: anything else.
    """
    whole = given if "://" in given else f"https://{given}"
    parts = urllib.parse.urlsplit(whole)
    plain = parts.scheme == "http" and parts.netloc.rpartition(":")[0] in LOCAL
    if not parts.netloc or parts.path.strip("/") or not (parts.scheme == "https" or plain):
        raise ValueError(f"https://HOST[:PORT]; found {given}")
    return f"{parts.scheme}://{parts.netloc}"


@dataclass
class Registries:
    """Every registry that a stack file names, each asked for a tag once."""

    addresses: Mapping[str, str] = field(default_factory=dict[str, str])
    """Where the API of a host is, if not at the host itself (`address`)."""
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def digest(self, reference: str) -> str | None:
        """The digest of `HOST/NAME:TAG`; None where the registry has no such image.

        Raises:
            RegistryError: it can't be asked, lets nobody in, or is none.
        """
        host, _, rest = reference.partition("/")
        name, _, tag = rest.rpartition(":")
        base = self.addresses.get(host) or APIS.get(host) or address(host)
        url = f"{base}/v2/{urllib.parse.quote(name)}/manifests/{tag}"
        status, headers, _ = self._ask(host, name, url, "HEAD")
        if status == http.HTTPStatus.NOT_FOUND and _is_api(headers):
            return None
        if status == http.HTTPStatus.OK and not _given(headers):
            status, headers, body = self._ask(host, name, url, "GET")
            if status == http.HTTPStatus.OK and _is_manifest(headers):
                return _given(headers) or f"sha256:{hashlib.sha256(body).hexdigest()}"
        if status != http.HTTPStatus.OK or not _is_manifest(headers):
            raise _refusal(host, status)
        return _given(headers)

    def _ask(self, host: str, name: str, url: str, method: str) -> tuple[int, Message, bytes]:
        """An answer, with a token of the registry's own issuer where it asks for one."""
        token = self._tokens.get((host, name))
        answer = _request(host, url, method, token)
        if answer[0] != http.HTTPStatus.UNAUTHORIZED or token is not None:
            return answer
        token = _token(host, name, answer[1].get("WWW-Authenticate", ""))
        if token is None:
            return answer
        self._tokens[host, name] = token
        return _request(host, url, method, token)


def _token(host: str, name: str, challenge: str) -> str | None:
    """A token for somebody without a password; None where the registry takes no tokens.

    Raises:
        RegistryError: the issuer that it names gives none.
    """
    scheme, _, rest = challenge.partition(" ")
    parameters: dict[str, str] = dict(PARAMETER.findall(rest))
    realm = parameters.get("realm")
    if scheme.lower() != "bearer" or realm is None:
        return None
    parts = urllib.parse.urlsplit(realm)
    _check_address(host, realm)
    query = {"scope": parameters.get("scope") or f"repository:{name}:pull"}
    if "service" in parameters:
        query["service"] = parameters["service"]
    joint = "&" if parts.query else "?"
    status, _, body = _request(host, f"{realm}{joint}{urllib.parse.urlencode(query)}", "GET", None)
    if status != http.HTTPStatus.OK:
        raise _refusal(host, status)
    try:
        answer = json.loads(body)
        token = answer.get("token") or answer.get("access_token")
    except (ValueError, AttributeError):
        token = None
    if not isinstance(token, str):
        raise RegistryError(f"{host}, whose tokens come from {realm}, which gave none")
    return token


def _request(host: str, url: str, method: str, token: str | None) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(url, method=method, headers={"Accept": MANIFESTS})
    if token is not None:
        # Not sent on to where the registry redirects.
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            _check_address(host, answer.url)
            body = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, b""
    except urllib.error.URLError as error:
        reason = getattr(error.reason, "strerror", None) or error.reason
        raise RegistryError(f"{host}, which can't be reached ({reason})") from None
    except (OSError, http.client.HTTPException) as error:
        cause = str(error) or type(error).__name__
        raise RegistryError(f"{host}, which broke off ({cause})") from None
    if len(body) > LARGEST:
        raise RegistryError(f"{host}, which answered more than {LARGEST} bytes")
    return answer.status, answer.headers, body


def _check_address(host: str, url: str) -> None:
    """Refuse an address without TLS, wherever the registry has led to it."""
    parts = urllib.parse.urlsplit(url)
    try:
        address(f"{parts.scheme}://{parts.netloc}")
    except ValueError:
        raise RegistryError(f"{host}, which leads to {url}, an address without TLS") from None


def _given(headers: Message) -> str | None:
    digest = headers.get("Docker-Content-Digest", "")
    return digest if DIGEST.fullmatch(digest) else None


def _is_manifest(headers: Message) -> bool:
    return headers.get_content_type() in MANIFESTS.split(", ")


def _is_api(headers: Message) -> bool:
    """Whether somebody else than a web site says that there is nothing."""
    return headers.get_content_type() != "text/html"


def _refusal(host: str, status: int) -> RegistryError:
    if status in (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN):
        return RegistryError(
            f"{host}, which shows the image to nobody without a password (HTTP {status})",
            "name it by digest (`@sha256:...`), with `credentials` where it is pulled with a "
            "password; some registries say the same of an image that they don't have",
        )
    if status == http.HTTPStatus.TOO_MANY_REQUESTS:
        return RegistryError(f"{host}, which takes no more requests for now (HTTP {status})")
    if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        return RegistryError(f"{host}, which is out of order (HTTP {status})")
    return RegistryError(
        f"an answer of {host} that is none of a registry's (HTTP {status})",
        f"see whether the host is right; where its API is at another one, say "
        f"`trellis lookup --registry {host}=HOST`",
    )
