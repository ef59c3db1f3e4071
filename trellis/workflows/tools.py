"""The tools that GitLab's pipeline fetches, each by the digest of one release.

A release's file can be replaced, a digest can't. Each digest was read on 2026-11-30 where several
repositories that know nothing of each other pin the same release by it; none was fetched and
hashed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BUILDKIT = (
    "moby/buildkit:v0.32.2-rootless"
    "@sha256:504731e577c20559c00f968f33219f30115e70be29ab96728d1d06e963fc494b"
)
"""The image that builds images without a daemon and without root; of all its architectures."""


@dataclass(frozen=True)
class Tool:
    """One program of one release, for Linux on x86-64."""

    address: str
    sha256: str
    """Of the file at the address."""
    packed: bool = True
    """Whether that is an archive (tar, gzip) with the program at its root."""


TOOLS: Mapping[str, Tool] = {
    "cosign": Tool(
        "https://github.com/sigstore/cosign/releases/download/v3.1.3/cosign-linux-amd64",
        "4629c757b7618056f8ddd7e2625ae9fdd94c0372a65049520bc7d9df9efc7f71",
        packed=False,
    ),
    "crane": Tool(
        "https://github.com/google/go-containerregistry/releases/download/v0.21.9/"
        "go-containerregistry_Linux_x86_64.tar.gz",
        "5c16d8ddb971cb1d5e6ed8b1e743da8224414eeba2c2762d8f1a61b2f095699e",
    ),
    "grype": Tool(
        "https://github.com/anchore/grype/releases/download/v0.120.0/"
        "grype_0.120.0_linux_amd64.tar.gz",
        "a5a1218dce63acdac152a6b3b5bb366e7267e36f4069848cf455543b3fa5700e",
    ),
    "syft": Tool(
        "https://github.com/anchore/syft/releases/download/v1.54.0/syft_1.54.0_linux_amd64.tar.gz",
        "54a87372498168b2d033e876fd41fa4e8035b872699e525a57046e1f2f09c860",
    ),
}
"""By name of the program."""


def fetched(name: str) -> str:
    """Commands of bash that put a program on the path, if its file is the one that is meant."""
    tool = TOOLS[name]
    file = f"{name}.tar.gz" if tool.packed else name
    last = f'tar -xzf "$tools/{file}" -C "$tools" {name}' if tool.packed else ""
    lines = [
        'tools="$(mktemp -d)"',
        f'curl --fail --silent --show-error --location --retry 3 --output "$tools/{file}" \\',
        f"  {tool.address}",
        f'echo "{tool.sha256}  $tools/{file}" | sha256sum --check --quiet -',
        last or f'chmod +x "$tools/{file}"',
        'export PATH="$tools:$PATH"',
    ]
    return "\n".join(lines) + "\n"
