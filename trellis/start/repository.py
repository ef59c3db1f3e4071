"""The files of a team's own repository: docs/own-repository.md says what each of them is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from trellis.stackfile.editing import own_keys
from trellis.stackfile.writing import entry

PACK = "guardrails"
"""Folder of the policy pack; it must not be called `policies`, which is Trellis's own package."""

OPEN_LEVELS = 1
"""A tier stands over several lines, so that one entry more is one line more."""

PROGRAM = '''\
"""Pulumi's entry: the stack file becomes a system."""

from trellis.assembly import build
from trellis.stackfile.loading import load

build(load())
'''

PACK_PROGRAM = '''\
"""The policy pack, as `pulumi preview --policy-pack guardrails` runs it."""

import datetime as dt

from policies.guardrails.engine import policies
from pulumi_policy import PolicyPack

PolicyPack(name="guardrails", policies=list(policies(dt.datetime.now(dt.UTC).date())))
'''

PACK_SETTINGS = """\
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: ../.venv
version: 0.1.0
main: .
"""

IGNORED = (".venv/", "build/")
"""What git leaves alone: the environment, and archives of functions."""

README = """\
# {name}

{name} on AWS, stood up by Trellis: `Pulumi.yaml` holds what all stacks share,
`Pulumi.<stack>.yaml` what differs.

```
python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
.venv/bin/trellis plan {stack}      # what it would be, and what it costs; no account is asked
.venv/bin/trellis check {stack}     # the policy pack's verdict
.venv/bin/trellis add service web   # one thing more
pulumi stack init {stack} && pulumi up --policy-pack guardrails
```

`.venv/bin/trellis schema > trellis.schema.json` gives editors names, meanings and defaults.
"""


@dataclass(frozen=True)
class Repository:
    """What a new repository says."""

    name: str
    """The system's."""
    region: str
    accounts: Mapping[str, str | None]
    """By stack; None where nobody named one."""
    shared: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Settings of all stacks, beside the name."""
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """Settings by stack, beside environment, profile and account."""
    builds: bool = False
    """Whether `up` builds images, which takes more packages."""
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Further files by relative path."""


PRODUCTION = ("prod", "production", "live")


def profile_of(stack: str) -> str:
    """Which defaults a stack of this name takes."""
    parts = stack.replace("_", "-").split("-")
    return "production" if any(part in PRODUCTION for part in parts) else "development"


def text_of(repository: Repository) -> dict[str, str]:
    """Every file of the repository by its relative path."""
    extra = "[build]" if repository.builds else ""
    stacks = {
        f"Pulumi.{stack}.yaml": _stack_file(repository, stack) for stack in repository.accounts
    }
    return {
        "Pulumi.yaml": _project_file(repository),
        **stacks,
        "__main__.py": PROGRAM,
        "requirements.txt": f"trellis{extra}=={version('trellis')}\n",
        f"{PACK}/PulumiPolicy.yaml": PACK_SETTINGS,
        f"{PACK}/__main__.py": PACK_PROGRAM,
        ".gitignore": "".join(f"{pattern}\n" for pattern in IGNORED),
        "README.md": README.format(name=repository.name, stack=next(iter(repository.accounts))),
        **repository.files,
    }


def _project_file(repository: Repository) -> str:
    lines = [
        f"# {repository.name}: what all its stacks share stands under `trellis:system`.",
        *entry("name", repository.name),
        "runtime:",
        "  name: python",
        "  options:",
        "    toolchain: pip",
        "    virtualenv: .venv",
        "config:",
        "  # No resource escapes Trellis's one provider, its tags and account guard.",
        "  pulumi:disable-default-providers:",
        "    value: [aws]",
        "  trellis:system:",
        "    value:",
        *entry("name", repository.name, 6),
    ]
    for key, value in repository.shared.items():
        lines += entry(key, value, 6, open_to=OPEN_LEVELS if _is_tier(value) else 0)
    return "\n".join(lines) + "\n"


def _stack_file(repository: Repository, stack: str) -> str:
    lines = ["# yaml-language-server: $schema=trellis.schema.json", "config:"]
    account = repository.accounts[stack]
    settings: dict[str, Any] = {
        "region": repository.region,
        "environment": stack,
        "profile": profile_of(stack),
        **({"account": account} if account is not None else {}),
        **repository.own.get(stack, {}),
    }
    for key, value in settings.items():
        top = str(own_keys((key,))[1])
        # A key with a colon inside is plain to every reader: only `: ` would end it.
        new = entry(key, value, 2, open_to=OPEN_LEVELS if _is_tier(value) else 0)
        lines += [new[0].replace(key, top, 1), *new[1:]]
    return "\n".join(lines) + "\n"


def _is_tier(value: Any) -> bool:
    """Whether it holds entries by keys of a person's choice, as `databases` does."""
    return isinstance(value, dict) and all(isinstance(below, dict) for below in value.values())  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
