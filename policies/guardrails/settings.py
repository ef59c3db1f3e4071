"""What a stack's owner may choose about the controls: their levels and their parameters."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, cast

from .control import Control, Level, Parameters, Severity
from .outcomes import Problem

_NO_LEVELS: Mapping[str, Level] = MappingProxyType({})
_NO_PARAMETERS: Mapping[str, Parameters] = MappingProxyType({})


MAIN_POLICY: Final = "guardrails"
"""The policy whose configuration says what holds of all of them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Levels and parameters by control id; what is not named keeps the control's own."""

    levels: Mapping[str, Level] = field(default_factory=lambda: _NO_LEVELS)
    parameters: Mapping[str, Parameters] = field(default_factory=lambda: _NO_PARAMETERS)
    by_severity: bool | None = False
    """Whether severity decides the level: critical and high are mandatory, the rest advises.

    ``None``: it does so in a stack that no stack file makes.
    """

    def level_of(
        self, control: Control, profile: str = "production", *, ours: bool = True
    ) -> Level:
        """The level in force for a control in a stack of this profile.

        ``ours``: the stack is made from a stack file.
        """
        own = control.in_development if profile == "development" else None
        by_severity = not ours if self.by_severity is None else self.by_severity
        if by_severity and control.id not in self.levels:
            severe = control.severity in (Severity.CRITICAL, Severity.HIGH)
            return Level.MANDATORY if severe else own or Level.ADVISORY
        return self.levels.get(control.id, own or control.level)

    def parameters_of(self, control: Control) -> Parameters:
        """The parameters in force for a control."""
        chosen = self.parameters.get(control.id)
        return control.parameters if not chosen else {**control.parameters, **chosen}


def configured(
    document: object,
) -> tuple[object, tuple[Mapping[str, object], ...], list[Problem]]:
    """The controls and exemptions of a file for ``--policy-pack-config``, and what is wrong.

    A document without ``guardrails`` is taken for the controls alone.
    """
    if not isinstance(document, Mapping):
        return document, (), []
    whole = cast("Mapping[str, object]", document)
    if MAIN_POLICY not in whole:
        return whole, (), []
    own = whole[MAIN_POLICY]
    if isinstance(own, str):
        return None, (), []
    if not isinstance(own, Mapping):
        return None, (), [Problem("configuration", f"{MAIN_POLICY} is neither a map nor a level")]
    options = cast("Mapping[str, object]", own)
    problems = [
        Problem(
            "configuration",
            f"{MAIN_POLICY} takes no {key}; allowed are {', '.join(_OPTIONS)}",
        )
        for key in options
        if key not in _OPTIONS
    ]
    entries, wrong = exemptions_of(options.get("exemptions"))
    return options.get("controls"), entries, [*problems, *wrong]


_OPTIONS: Final = ("controls", "exemptions", "levels", "enforcementLevel")
LEVELS: Final[Mapping[str, bool | None]] = MappingProxyType(
    {"house": False, "severity": True, "auto": None}
)
"""What decides the levels, by its name in a configuration: see ``Settings.by_severity``."""


def levels_of(document: object, otherwise: str = "house") -> tuple[bool | None, list[Problem]]:
    """What a file for ``--policy-pack-config`` says of the levels, and what is wrong with it.

    ``otherwise`` holds where it says nothing.
    """
    options = _block(_block(document).get(MAIN_POLICY))
    chosen = options.get("levels", otherwise)
    if isinstance(chosen, str) and chosen in LEVELS:
        return LEVELS[chosen], []
    return False, [Problem("configuration", f"levels must be one of {', '.join(LEVELS)}")]


def _block(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def exemptions_of(value: object) -> tuple[tuple[Mapping[str, object], ...], list[Problem]]:
    """The exemptions of a configuration; what is no map is told, not dropped."""
    if value is None:
        return (), []
    if not isinstance(value, Sequence) or isinstance(value, str):
        return (), [Problem("configuration", "exemptions is not a list")]
    entries = cast("Sequence[object]", value)
    problems = [
        Problem("configuration", f"exemption {position} is not a map")
        for position, one in enumerate(entries, start=1)
        if not isinstance(one, Mapping)
    ]
    kept = (cast("Mapping[str, object]", one) for one in entries if isinstance(one, Mapping))
    return tuple(kept), problems


def read(config: object, controls: Iterable[Control]) -> tuple[Settings, list[Problem]]:
    """The settings of a ``controls`` configuration, and what is wrong with it.

    Shape: ``{"RDS.11": {"level": "advisory", "minimumDays": 14}, "S3.9": "disabled"}``.
    """
    known = {control.id: control for control in controls}
    levels: dict[str, Level] = {}
    parameters: dict[str, Parameters] = {}
    problems: list[Problem] = []
    if config is None:
        return Settings(), problems
    if not isinstance(config, Mapping):
        return Settings(), [Problem("configuration", "controls is not a map of control ids")]
    for control_id, chosen in cast("Mapping[str, object]", config).items():
        control = known.get(control_id)
        if control is None:
            problems.append(
                Problem(
                    "configuration",
                    f"controls names {control_id}, which does not exist; see docs/controls.md",
                )
            )
            continue
        options: Mapping[str, object] = (
            cast("Mapping[str, object]", chosen)
            if isinstance(chosen, Mapping)
            else {"level": chosen}
        )
        given: dict[str, object] = {}
        for key, value in options.items():
            problem = _take(control, key, value, levels, given)
            if problem is not None:
                problems.append(problem)
        if given:
            parameters[control_id] = given
    return Settings(levels, parameters), problems


def _take(
    control: Control,
    key: str,
    value: object,
    levels: dict[str, Level],
    given: dict[str, object],
) -> Problem | None:
    if key == "level":
        choices = {level.value: level for level in Level}
        if not isinstance(value, str) or value not in choices:
            return Problem(
                "configuration", f"level of {control.id} must be one of {', '.join(choices)}"
            )
        levels[control.id] = choices[value]
        return None
    default = control.parameters.get(key)
    if key not in control.parameters:
        allowed = ", ".join(("level", *control.parameters))
        return Problem("configuration", f"{control.id} takes no {key}; allowed are {allowed}")
    if not _same_kind(default, value):
        like = json.dumps(default) if default != () else "a list"
        return Problem("configuration", f"{key} of {control.id} must be like {like}")
    members = cast("Sequence[object]", value)
    given[key] = tuple(members) if isinstance(default, tuple) else value
    return None


def _same_kind(default: object, value: object) -> bool:
    if isinstance(default, tuple):
        members = cast("tuple[object, ...]", default)
        return isinstance(value, (tuple, list)) and all(
            _same_kind(members[0] if members else "", one) for one in cast("list[object]", value)
        )
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, (int, float)):
        return isinstance(value, (int, float))
    return isinstance(value, type(default))
