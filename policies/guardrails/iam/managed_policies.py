"""AWS-managed policies: their documents, and which make a role an administrator.

Documents: managed_policies.jsonl.gz beside this file, one a line (its first line tells source and
date; `tools/managed_policies.py` writes it). An ARN that is not there is unknown to every analysis,
never harmless.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from .documents import Kind, PolicyDocument, parse

_DATA = Path(__file__).with_name("managed_policies.jsonl.gz")
_ARN = re.compile(r"^arn:[a-z-]+:iam::aws:policy/(?P<path>(?:[^/]+/)*)(?P<name>[^/]+)$")

# Policies whose holder can do anything, or can make itself able to: AWS Managed Policy Reference,
# "AdministratorAccess", "PowerUserAccess", "IAMFullAccess" and the job-function pages (2026-11).
ADMINISTRATORS = frozenset(
    {
        "AdministratorAccess",
        "AdministratorAccess-AWSElasticBeanstalk",
        "AdministratorAccess-Amplify",
        "AWSManagementConsoleAdministratorAccess",
        "DatabaseAdministrator",
        "DataScientist",
        "IAMFullAccess",
        "NetworkAdministrator",
        "PowerUserAccess",
        "SystemAdministrator",
    }
)


def managed_name(arn: str) -> str | None:
    """The name of an AWS-managed policy from its ARN; None for any other ARN."""
    found = _ARN.match(arn)
    return found["name"] if found else None


@lru_cache(maxsize=1)
def _lines() -> tuple[str, Mapping[str, str]]:
    """What the table says of itself, and its lines by the policy's name, which are not read yet."""
    about, *lines = gzip.decompress(_DATA.read_bytes()).decode().splitlines()
    return about, {line[len('{"name":"') :].split('"', 1)[0]: line for line in lines}


def table_date() -> str:
    """The day (YYYY-MM-DD) on which AWS last changed a policy of the table."""
    return str(json.loads(_lines()[0])["newest"])


@lru_cache(maxsize=256)
def document_of(arn: str) -> PolicyDocument | None:
    """The document of an AWS-managed policy, labelled with its name; None if it is not known."""
    found = _ARN.match(arn)
    line = _lines()[1].get(found["name"]) if found else None
    if found is None or line is None:
        return None
    entry = cast("dict[str, Any]", json.loads(line))
    if entry["path"] != f"/{found['path']}":
        return None
    document = {"Version": "2012-10-17", "Statement": entry["statements"]}
    return parse(document, found["name"], Kind.IDENTITY)


def is_administrator(arn: str) -> bool:
    """Whether the ARN is an AWS-managed policy that makes its holder an administrator."""
    return managed_name(arn) in ADMINISTRATORS


def is_full_access(arn: str) -> bool:
    """Whether the ARN is an AWS-managed policy for all of a service (`AmazonS3FullAccess`)."""
    name = managed_name(arn)
    return name is not None and name.endswith("FullAccess")
