"""What a stack file takes over of what exists: every `adopt` in it, and the names it brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from components.naming import IllegalNameError, Kind, Naming
from components.parts.adoption import Adopt, AdoptionSettings, Adopts, adoption
from components.parts.identifiers import ID_FORMS
from trellis.registry import TIERS, things
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEY = "aws:kms/key:Key"

LOGS = Adopts((LOG_GROUP,), setting="name", over=("data protection policy", "metric filters"))
KEYS = Adopts((KEY,), setting="", over=("policy",), made=("alias",))


@dataclass(frozen=True)
class Adoption:
    """One resource that exists and is taken over."""

    path: KeyPath
    """Where the stack file says its identifier."""
    entry: KeyPath
    """Of the part of the stack file that it becomes."""
    type: str
    name: str
    """Pulumi name."""
    id: str
    keeps: tuple[str, ...]
    keeps_path: KeyPath
    adopts: Adopts | None
    """What taking over means for the entry; None for what `also` names."""


def naming_of(settings: SystemSettings) -> Naming:
    """Physical names of a system, with those that its stack file gives whole."""
    given: dict[tuple[Kind, tuple[str, ...]], str] = {}
    for tier in TIERS.values():
        if tier.adopts is not None:
            for _, key, thing in things(settings, tier):
                for name in tier.adopts.given(key, thing):
                    given[name.kind, name.parts] = name.name
    return Naming(settings.name, settings.environment, given)


def adoptions(settings: SystemSettings) -> Iterator[Adoption]:
    """Every resource that is taken over, in the stack file's order."""
    for tier in TIERS.values():
        if tier.adopts is None:
            continue
        for path, key, thing in things(settings, tier):
            adopt: Adopt | None = getattr(thing, "adopt", None)
            if adopt is not None:
                main = (tier.adopts.type(thing), tier.adopts.resource.replace("{key}", key))
                yield from _of(adopt, (*path, "adopt"), path, tier.adopts, main)
    for domain, adopt in settings.keys.adopt.items():
        path: KeyPath = ("keys", "adopt", domain.value)
        yield from _of(adopt, path, path, KEYS, (KEY, f"keys-{domain.value}"))
    for key, group in settings.monitoring.logs.items():
        if group.adopt is not None:
            entry: KeyPath = ("monitoring", "logs", key)
            yield from _of(group.adopt, (*entry, "adopt"), entry, LOGS, (LOG_GROUP, key))


def _of(
    adopt: Adopt, path: KeyPath, entry: KeyPath, adopts: Adopts, main: tuple[str, str]
) -> Iterator[Adoption]:
    whole: AdoptionSettings = adoption(adopt)
    at = path if isinstance(adopt, str) else (*path, "id")
    yield Adoption(at, entry, *main, whole.id, whole.keeps, (*path, "keeps"), adopts)
    for position, further in enumerate(whole.also):
        place: KeyPath = (*path, "also", position)
        yield Adoption(
            (*place, "id"), entry, further.type, further.name, further.id, further.keeps,
            (*place, "keeps"), None,
        )  # fmt: skip


def check_adoptions(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Identifiers of another form, place or name, and what is named twice."""
    naming = naming_of(settings)
    entries: Mapping[KeyPath, Any] = {
        path: (tier, key, thing)
        for tier in TIERS.values()
        for path, key, thing in things(settings, tier)
    }
    seen: dict[tuple[str, str], KeyPath] = {}
    for adopted in adoptions(settings):
        own = adopted.adopts.form if adopted.adopts is not None else None
        form = own or ID_FORMS.get(adopted.type)
        if form is None:
            known = ", ".join(sorted(ID_FORMS))
            yield (*adopted.path[:-1], "type"), adopted.type, f"one of {known}", ""
            continue
        read = form.read(adopted.id)
        if read is None:
            yield adopted.path, adopted.id, f"the {form.what}, as in {form.example}", ""
            continue
        yield from _elsewhere(adopted, read, settings)
        first = seen.setdefault((adopted.type, adopted.id), adopted.path)
        if first != adopted.path:
            yield adopted.path, f"{adopted.id} a second time", "one entry for what exists once", ""
        if adopted.adopts is not None and adopted.entry in entries:
            tier, key, thing = entries[adopted.entry]
            if getattr(thing, "existing", None):
                found = "`adopt` beside `existing`"
                yield adopted.path, found, "one of them: taken over, or left to its owner", ""
            elif tier.adopts.name is not None and "name" in read:
                with suppress(IllegalNameError):  # which is complained of where names are checked
                    ours = tier.adopts.name(key, thing, naming)
                    yield from _called_otherwise(adopted, read["name"], ours)
    yield from _logs(settings, naming)
    yield from _keys(settings)


def _elsewhere(
    adopted: Adoption, read: Mapping[str, str], settings: SystemSettings
) -> Iterator[Complaint]:
    region, account = read.get("region"), read.get("account")
    if region not in (None, settings.region):
        yield adopted.path, f"one of {region}", f"one of {settings.region}, where this stack is", ""
    if account is not None and settings.account not in (None, account):
        yield (
            adopted.path,
            f"one of account {account}",
            f"one of {settings.account}, the stack's",
            "",
        )


def _called_otherwise(adopted: Adoption, theirs: str, ours: str) -> Iterator[Complaint]:
    if theirs != ours and adopted.adopts is not None:
        yield (
            adopted.path,
            f"{theirs}, and an entry that is called {ours} on AWS",
            "one name: AWS would make the thing anew, or move its address",
            f"say `{adopted.adopts.setting}: {theirs}` beside `adopt`",
        )


def _logs(settings: SystemSettings, naming: Naming) -> Iterator[Complaint]:
    from components.monitoring.logs.logs import group_name

    for key, group in settings.monitoring.logs.items():
        identifier = None if group.adopt is None else adoption(group.adopt).id
        if identifier is not None and identifier != (ours := group_name(group, naming)):
            path: KeyPath = ("monitoring", "logs", key, "adopt")
            allowed = f"the group's own name, {ours}"
            yield path, identifier, allowed, "`name` of the entry says what the group is called"


def _keys(settings: SystemSettings) -> Iterator[Complaint]:
    if settings.keys.sharing == "shared":
        for domain in settings.keys.adopt:
            if domain.value != "data":
                path: KeyPath = ("keys", "adopt", domain.value)
                yield path, f"a key of {domain.value}", "that of `data`, which all share", ""


CHECKS = (check_adoptions,)
