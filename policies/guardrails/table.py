"""Writes the reference of controls: ``python -m policies.guardrails.table docs/controls.md``."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from .catalog import CONTROLS
from .control import Control, Level
from .left_out import reasons

_HEAD = """# Controls of the policy pack

Made by `python -m policies.guardrails.table docs/controls.md`; a test holds it to the code.

**Speaks**: *before* a resource is made (the control needs nothing but the resource or its
document, so it prevents), or over the whole *stack* (decided at preview where values are known,
else at the end of the update, so it detects). **Level** is the default; `docs/policies.md` says how
to change it. **Also asked by** follows AWS Security Hub's documentation (2026-11): FSBP is AWS
Foundational Security Best Practices, CIS is CIS AWS Foundations 3.0.0, NIST is SP 800-53 Rev. 5,
PCI is PCI DSS 4.0.1.
"""


def markdown(controls: Iterable[Control]) -> str:
    """The reference as Markdown: one table a service, then what to write for each control."""
    services: dict[str, list[Control]] = {}
    for one in controls:
        services.setdefault(one.service, []).append(one)
    count = sum(len(group) for group in services.values())
    before = sum(one.prevents for group in services.values() for one in group)
    parts = [_HEAD, f"\n{count} controls; {before} of them speak before a resource is made.\n"]
    for service, group in services.items():
        parts.append(f"\n## {service}\n\n")
        parts.append("| control | asks | severity | speaks | level | also asked by |\n")
        parts.append("| --- | --- | --- | --- | --- | --- |\n")
        parts.extend(_row(one) for one in group)
        parts.append("\n")
        parts.extend(_remedy(one) for one in group)
    return "".join((*parts, *_left_out()))


_LEFT_OUT: Final = """
## Left out

What AWS Foundational Security Best Practices asks of the services above and no control asks
(a test holds the list to the standard as of 2026-11):

| why | controls of the standard |
| --- | --- |
"""


def _left_out() -> Iterator[str]:
    yield _LEFT_OUT
    for reason, ids in reasons():
        yield f"| {reason} | {', '.join(ids)} |\n"


def _row(control: Control) -> str:
    speaks = "before" if control.prevents else "stack"
    level = control.level.value if control.level is not Level.ADVISORY else "*advisory*"
    if control.in_development is not None:
        level += f"; {control.in_development.value} in development"
    return (
        f"| [{control.id}]({control.link}) | {control.title} | {control.severity.value} "
        f"| {speaks} | {level} | {_frameworks(control)} |\n"
    )


def _frameworks(control: Control) -> str:
    mapped = control.frameworks
    named = (("FSBP", mapped.fsbp), ("CIS", mapped.cis), ("NIST", mapped.nist), ("PCI", mapped.pci))
    return "; ".join(f"{name} {', '.join(ids)}" for name, ids in named if ids)


def _remedy(control: Control) -> str:
    parameters = ", ".join(f"`{name}` {value!r}" for name, value in control.parameters.items())
    tail = f" Parameters: {parameters}." if parameters else ""
    return (
        f"- **{control.id}** Stack file: `{control.fix.stack}`. "
        f"Pulumi: `{control.fix.code}`.{tail}\n"
    )


def main(arguments: list[str]) -> int:
    """Write the reference to the file named, or to the terminal."""
    text = markdown(CONTROLS)
    if not arguments:
        sys.stdout.write(text)
        return 0
    Path(arguments[0]).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
