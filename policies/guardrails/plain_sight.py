"""Verdicts on variables, maps of values and commands in which a secret would stand in plain sight.

A finding names the variable or part and the kind of credential, never the value.
"""

from collections.abc import Iterator
from typing import Final

from .control import PASS, Outcome, Verdict, require
from .reading import Reading
from .resource import Resource, has_unknown
from .secret_values import (
    kind_in_command,
    kind_of,
    looks_secret,
    names_address,
    points_elsewhere,
)
from .unknown import Tri

# Resources whose outputs are credentials.
_MAKE_SECRETS: Final = ("random:", "tls:index/privateKey", "aws:iam/accessKey")


def derived(resource: Resource, name: str) -> bool:
    """Whether what is not known of an input comes from resources that hand out no credentials.

    It is an address, a name or an ARN then.
    """
    urns = resource.facts.property_dependencies.get(name, ())
    kinds = [urn.split("::")[2].rsplit("$", 1)[-1] for urn in urns if urn.count("::") > 2]
    return bool(kinds) and not any(kind.startswith(_MAKE_SECRETS) for kind in kinds)


def plain_variable(name: Reading, value: Reading, where: str, harmless: bool) -> Verdict:
    """Fail for a variable that is named like a secret, or whose value is one.

    ``harmless``: what is not known of the input is derived from other resources.
    """
    text = name.text()
    known = f" {text}" if text else ""
    written = value.text()
    if text is not None and looks_secret(text):
        if value.is_absent or (written is not None and points_elsewhere(written)):
            return PASS
        return Verdict(Outcome.FAIL, f"{where}{known} is named like a secret")
    kind = None if written is None else kind_of(written, text or "")
    if kind is not None:
        return Verdict(Outcome.FAIL, f"{where}{known} holds {kind}")
    address = text is not None and names_address(text)
    if name.is_unknown or (value.is_unknown and (address or not harmless)):
        return require(Tri.UNKNOWN, f"{where}{known} may be a secret")
    return PASS


def plain_values(values: Reading, where: str, harmless: bool) -> Iterator[Verdict]:
    """The verdicts on a map of names and values."""
    if values.is_unknown:
        yield require(Tri.UNKNOWN, f"{where} may be a secret")
    for key in values.keys():  # noqa: SIM118 - a Reading, no dict
        yield plain_variable(Reading(key), values[key], where, harmless)


def plain_script(
    script: Reading, where: str, harmless: bool, decoded: str | None = None
) -> Verdict:
    """Fail for a script with a line that holds a credential; ``decoded`` is its text if encoded."""
    text = decoded or script.text()
    if text is None:
        unknown = script.is_unknown and not harmless
        return require(Tri.UNKNOWN, f"{where} may hold a secret") if unknown else PASS
    for number, line in enumerate(text.splitlines(), start=1):
        kind = kind_in_command([line])
        if kind is not None:
            return Verdict(Outcome.FAIL, f"line {number} of {where} holds {kind}")
    return PASS


def plain_command(words: Reading, where: str) -> Verdict:
    """Fail for a command line (a list of words, or one text) that holds a credential."""
    texts = [text for word in words.elements() if (text := word.text()) is not None]
    kind = kind_in_command(texts)
    if kind is not None:
        return Verdict(Outcome.FAIL, f"{where} holds {kind}")
    return require(Tri.UNKNOWN if has_unknown(words.value) else Tri.YES, f"{where} may hold one")
