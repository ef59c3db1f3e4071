"""What a stack's owner may choose about the controls: their levels and their parameters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from .control import Control, Level, Parameters
from .outcomes import Problem

_NO_LEVELS: Mapping[str, Level] = MappingProxyType({})
_NO_PARAMETERS: Mapping[str, Parameters] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Settings:
    """Levels and parameters by control id; what is not named keeps the control's own."""

    levels: Mapping[str, Level] = field(default_factory=lambda: _NO_LEVELS)
    parameters: Mapping[str, Parameters] = field(default_factory=lambda: _NO_PARAMETERS)

    def level_of(self, control: Control, profile: str = "production") -> Level:
        """The level in force for a control in a stack of this profile."""
        own = control.in_development if profile == "development" else None
        return self.levels.get(control.id, own or control.level)

    def parameters_of(self, control: Control) -> Parameters:
        """The parameters in force for a control."""
        chosen = self.parameters.get(control.id)
        return control.parameters if not chosen else {**control.parameters, **chosen}


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
        return Problem("configuration", f"{key} of {control.id} must be like {default!r}")
    given[key] = value
    return None


def _same_kind(default: object, value: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, (int, float)):
        return isinstance(value, (int, float))
    return isinstance(value, type(default))
