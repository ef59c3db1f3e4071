"""The authorities of RDS: whole, lasting, and known before a deployment where they are missing."""

from __future__ import annotations

import datetime
import hashlib
import re
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from components.secrets.authorities import BUNDLE, knows_region
from tests.components.small_systems import DATABASE, NETWORK, small_system
from tests.node.programs import answered
from trellis.stackfile import secret_checks
from trellis.stackfile.problems import StackFileError

ALGORITHMS = {"RSA2048", "RSA4096", "ECC384"}
"""One authority each for `certificateAuthority`'s three choices."""

REAL = ("us-east-1", "eu-west-1")
"""Regions of the real stacks."""


def certificates() -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(BUNDLE.read_bytes())


def names() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for certificate in certificates():
        (name,) = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        parts = re.fullmatch(r"Amazon RDS ([a-z0-9-]+) Root CA (\w+) G1", str(name.value))
        assert parts is not None, name
        found.append((parts[1], parts[2]))
    return found


def test_every_region_has_an_authority_of_each_algorithm():
    regions: dict[str, set[str]] = {}
    for region, algorithm in names():
        regions.setdefault(region, set()).add(algorithm)
    assert set(REAL) < regions.keys()
    assert all(found == ALGORITHMS for found in regions.values())
    assert all(knows_region(region) for region in regions)


def test_each_is_an_authority_that_signed_itself_and_lasts():
    """So that nobody has to think of them for as long as the system lives."""
    for certificate in certificates():
        certificate.verify_directly_issued_by(certificate)
        assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        assert certificate.not_valid_after_utc > datetime.datetime(2060, 1, 1, tzinfo=datetime.UTC)


def test_each_ones_comment_is_true():
    text = BUNDLE.read_text("utf-8")
    listed = re.findall(r"^# (\S+) (\S+), until (\S+), SHA-256 (\S+)$", text, re.MULTILINE)
    found = [
        (region, algorithm, str(certificate.not_valid_after_utc.date()), fingerprint(certificate))
        for (region, algorithm), certificate in zip(names(), certificates(), strict=True)
    ]
    assert listed == found


@pytest.mark.parametrize("region", ["us-east-9", "us-east", "us-gov-west-1", "cn-north-1", ""])
def test_a_region_that_is_not_in_the_bundle_is_not_known(region: str):
    assert not knows_region(region)


@pytest.mark.parametrize("content", [None, "", "<html>", "-----BEGIN CERTIFICATE-----\nx"])
def test_a_bundle_that_is_none_knows_no_region(tmp_path: Path, content: str | None):
    bundle = tmp_path / "rds-ca.pem"
    if content is not None:
        bundle.write_text(content)
    assert not knows_region("us-east-1", bundle)


def test_credentials_where_no_authority_is_known_are_refused_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch,
):
    def knows_none(region: str) -> bool:
        return region == ""

    monkeypatch.setattr(secret_checks, "knows_region", knows_none)
    with pytest.raises(StackFileError, match=r"(?s)us-east-1, whose authorities .*rds-ca\.pem"):
        small_system(
            tags={"purpose": "no authorities"},  # recorded by no other test, which would be shared
            network=NETWORK,
            databases={"main": DATABASE},
            secrets={"rds": {"kind": "credentials", "database": "main"}},
        )
    # Whoever makes no database user needs none of them.
    small_system(network=NETWORK, databases={"main": DATABASE})


@pytest.mark.node
def test_they_are_ones_that_node_programs_trust():
    """Where they were taken from: a package that Node.js programs reach RDS with."""
    theirs = {
        hashlib.sha256(ssl.PEM_cert_to_DER_cert(element.strip())).hexdigest()
        for element in answered("rds-authorities.mjs", None, packages=True)
    }
    assert {fingerprint(certificate) for certificate in certificates()} <= theirs


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(SHA256()).hex()
