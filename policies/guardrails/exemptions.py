"""Exemptions: who allowed which resource to fail which control, why and until when."""

import datetime as dt
import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from .outcomes import Problem

# A month's notice: one planning cycle to fix what is exempt, or to ask again.
WARN_DAYS_BEFORE_END: Final = 30
# A year and that month: what is accepted for longer is a decision about the control.
LONGEST_DAYS: Final = 400

_FIELDS: Final = ("control", "resource", "reason", "owner", "until")


class Met(Enum):
    """What an exemption met: a resource that its control fails, or only such as need no excuse."""

    NEEDED = "needed"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Exemption:
    """One exemption. ``resource`` is a name or a glob pattern, of the resource or a component."""

    control: str
    resource: str
    reason: str
    owner: str
    until: dt.date

    def covers(self, control: str, names: Iterable[str]) -> bool:
        """Whether it covers this control for a resource known under any of ``names``."""
        return control == self.control and any(
            name == self.resource or fnmatch.fnmatchcase(name, self.resource) for name in names
        )


def read(entries: Iterable[Mapping[str, object]]) -> tuple[tuple[Exemption, ...], list[Problem]]:
    """The exemptions of a stack's configuration, and what is wrong with the rest."""
    exemptions: list[Exemption] = []
    problems: list[Problem] = []
    for position, entry in enumerate(entries, start=1):
        exemption, problem = _read_one(entry, f"exemption {position}")
        if exemption is not None:
            exemptions.append(exemption)
        if problem is not None:
            problems.append(problem)
    return tuple(exemptions), problems


def _read_one(entry: Mapping[str, object], where: str) -> tuple[Exemption | None, Problem | None]:
    texts = {name: value for name in _FIELDS if isinstance(value := entry.get(name), str)}
    missing = [name for name in _FIELDS if not texts.get(name, "").strip()]
    if missing:
        known = f" for {texts['control']}" if texts.get("control") else ""
        return None, Problem(
            "exemption",
            f"{where}{known} has no {' and no '.join(missing)}; every exemption needs "
            f"{', '.join(_FIELDS)} as text",
        )
    extra = sorted(set(entry) - set(_FIELDS))
    if extra:
        return None, Problem(
            "exemption",
            f"{where} for {texts['control']} has the unknown key {extra[0]}; allowed are "
            + ", ".join(_FIELDS),
        )
    try:
        until = dt.date.fromisoformat(texts["until"])
    except ValueError:
        return None, Problem(
            "exemption",
            f"{where} for {texts['control']}: until is no date; write YYYY-MM-DD in quotes",
        )
    return (
        Exemption(texts["control"], texts["resource"], texts["reason"], texts["owner"], until),
        None,
    )


def judged(
    exemptions: Iterable[Exemption],
    met: Mapping[Exemption, Met],
    known_controls: Iterable[str],
    today: dt.date,
) -> list[Problem]:
    """What is wrong with exemptions that were read: unmatched, expired, idle, or soon to end.

    One whose resource exists but does not fail only warns: a resource that was put right, or a
    control that learned to tell apart, must not stop a stack that is safer than its file says.
    """
    controls = set(known_controls)
    problems: list[Problem] = []
    for one in exemptions:
        if not one.resource.strip("*?") and one.control in controls:
            problems.append(
                Problem(
                    "exemption",
                    f"exemption from {one.control} (owner {one.owner}) is for everything: "
                    f"{one.resource} matches what is added later too; name the resources",
                    fails=False,
                )
            )
        label = f"exemption of {one.resource} from {one.control} (owner {one.owner})"
        if one.control not in controls:
            problems.append(
                Problem(
                    "exemption",
                    f"{label} names no existing control; see docs/controls.md",
                )
            )
        elif one.until < today:
            problems.append(
                Problem(
                    "exemption",
                    f"{label} ended on {one.until.isoformat()}; fix the resource, or give a new "
                    "date with a reason",
                )
            )
        elif (one.until - today).days > LONGEST_DAYS:
            latest = today + dt.timedelta(days=LONGEST_DAYS)
            problems.append(
                Problem(
                    "exemption",
                    f"{label} ends on {one.until.isoformat()}, in more than {LONGEST_DAYS} days; "
                    f"give {latest.isoformat()} at the latest, and ask again then",
                )
            )
        elif one not in met:
            problems.append(
                Problem(
                    "exemption",
                    f"{label} matches no resource that the control judges; remove it, or correct "
                    "the name",
                )
            )
        elif met[one] is Met.IDLE:
            problems.append(
                Problem(
                    "exemption",
                    f"{label} is not needed: nothing it names fails; remove it",
                    fails=False,
                )
            )
        elif (one.until - today).days <= WARN_DAYS_BEFORE_END:
            problems.append(
                Problem(
                    "exemption",
                    f"{label} ends on {one.until.isoformat()}, in {(one.until - today).days} days",
                    fails=False,
                )
            )
    return problems
