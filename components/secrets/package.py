"""The rotation function's deployment package: one zip, the same bytes wherever it is built.

It holds `functions/rotation` as the package `rotation` and the drivers it imports, taken from the
installed distributions, so that planning needs neither a network nor a build step. Same input, same
bytes (`components.parts.package`).
"""

import base64
import hashlib
import os
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from components.parts.package import PackageError, write_package
from components.parts.sources import CHECKOUT, FUNCTIONS

SOURCES = FUNCTIONS / "rotation"
LOCK = CHECKOUT / "requirements.lock" if CHECKOUT is not None else None
"""What the drivers are held to. A team that has Trellis from a wheel has a lock of its own."""
HANDLER = "rotation.handler.handle"
# What the sources import beside boto3, which the Lambda runtime brings, and what that needs.
# All of it is pure Python, so the archive serves every architecture.
DRIVERS = ("asn1crypto", "pg8000", "pymysql", "python-dateutil", "scramp", "six")
CA_BUNDLE_NAME = "rds-ca.pem"  # the authorities of the database servers, beside the sources


def rotation_package(build: Path | None = None) -> Path:
    """The path of the zip, written now unless it is there already.

    Raises PackageError when a driver is missing, of another version than locked, or altered, when
    the authorities of the database servers are not there, or when it can't be written anywhere.
    """
    content = _sources() | _drivers()
    return write_package(f"rotation-{_digest(content)[:16]}.zip", content, build)


def _sources() -> dict[str, bytes]:
    files = sorted(SOURCES.glob("*.py"))
    if not files:
        raise PackageError(f"no sources in {SOURCES}: install Trellis again")
    bundle = SOURCES / CA_BUNDLE_NAME
    authorities = bundle.read_bytes() if bundle.is_file() else b""
    if b"-----BEGIN CERTIFICATE-----" not in authorities:
        raise PackageError(
            f"{bundle} is not a PEM file of certificates: take it back from version control, or "
            "put Amazon's global-bundle.pem in its place"
        )
    return {
        f"rotation/{CA_BUNDLE_NAME}": authorities,
        **{f"rotation/{file.name}": file.read_bytes() for file in files},
    }


def _drivers() -> dict[str, bytes]:
    locked = _locked_versions()
    content: dict[str, bytes] = {}
    for name in DRIVERS:
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            raise PackageError(
                f"{name} is not installed in {sys.prefix}: {_how_to_install(name)}"
            ) from None
        if locked is not None and installed.version != locked.get(name):
            raise PackageError(
                f"{name} {installed.version} is installed in {sys.prefix}; requirements.lock says "
                f"{locked.get(name)}. Run make plan"
            )
        content |= _files(name, installed)
    return content


def _how_to_install(name: str) -> str:
    return "run make plan" if LOCK is not None else f"pip install {name}"


def _locked_versions() -> dict[str, str] | None:
    if LOCK is None:
        return None
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", LOCK.read_text("utf-8"), re.MULTILINE))


def _files(name: str, installed: Distribution) -> dict[str, bytes]:
    """A distribution's modules, licences and metadata (scramp reads its own version from it).

    Each is checked against the hash its wheel came with.
    """
    content: dict[str, bytes] = {}
    for file in installed.files or []:
        is_about = file.parts[0].endswith(".dist-info") and (
            file.name == "METADATA" or "LICENSE" in file.name.upper()
        )
        if file.suffix != ".py" and not is_about:
            continue
        data = Path(os.fspath(file.locate())).read_bytes()
        if file.hash is None or _record_hash(file.hash.mode, data) != file.hash.value:
            raise PackageError(
                f"{file} of {name} is not what its wheel held. "
                f"Reinstall it: pip install --force-reinstall {name}=={installed.version}"
            )
        content[file.as_posix()] = data
    return content


def _record_hash(mode: str, data: bytes) -> str:
    """A hash as wheels record it: URL-safe base64 without padding (PEP 376, PEP 427)."""
    return base64.urlsafe_b64encode(hashlib.new(mode, data).digest()).rstrip(b"=").decode()


def _digest(content: dict[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, data in sorted(content.items()):
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()
