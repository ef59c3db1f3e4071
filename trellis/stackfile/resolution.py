"""What a stack's configuration comes to: merged, filled in by the profile, validated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from trellis.stackfile.findings import findings, problems, secure_problems, unquoted
from trellis.stackfile.identity import Renamed, renames, under_first_keys
from trellis.stackfile.layers import SYSTEM, Layers, layers
from trellis.stackfile.merging import apply_profile, merged
from trellis.stackfile.nodes import Data
from trellis.stackfile.problems import KeyPath, Problem
from trellis.stackfile.reading import StackInput
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.unknown_nulls import unknown_nulls

DEVELOPMENT = "development"


@dataclass(frozen=True)
class Resolution:
    """What a configuration comes to, before it is known to be right."""

    layers: Layers
    data: dict[str, Data]
    """Merged, with the profile's values, as JSON has it."""
    profiled: frozenset[KeyPath]
    """The paths that the profile set."""
    settings: SystemSettings | None
    """None when there are problems with single values."""
    problems: tuple[Problem, ...]

    @cached_property
    def renamed(self) -> Renamed:
        """The first key of each entry that has another one now."""
        return renames(self.data)

    @property
    def built(self) -> SystemSettings:
        """The settings as they are built: entries that were renamed stand under their first keys.

        Raises:
            ValueError: there are problems with single values.
        """
        if self.settings is None:
            raise ValueError("only valid settings can be built")
        return under_first_keys(self.data, self.renamed) if self.renamed else self.settings


def resolve(
    config: Mapping[str, str],
    files: StackInput | None,
    hidden: set[str] | frozenset[str] = frozenset(),
) -> Resolution:
    """Merges a configuration and validates it.

    Args:
        config: Pulumi's configuration by key.
        files: the stack's files, for positions; None where there are none.
        hidden: configuration keys that the engine calls secret.
    """
    every = layers(config, files, hidden)
    data = merged(every.own.data, every.shared.data)
    wrong = [*every.problems, *unknown_nulls(every)]
    profiled: set[KeyPath] = set()
    if data.get("profile") == DEVELOPMENT:
        profiled = apply_profile(SYSTEM, data)
    secret, secure = secure_problems(every, data)
    wrong.extend(secret)
    lossy = unquoted(data, every)
    wrong.extend(lossy)
    secrets = secure | {(top,) for layer in every.ordered for top in layer.hidden}
    reported = {problem.path for problem in (*lossy, *secret)}
    settings: SystemSettings | None = None
    try:
        settings = SystemSettings.model_validate_json(
            json.dumps(data), by_alias=True, by_name=False
        )
    except ValidationError as error:
        rest = [finding for finding in findings(error, data) if finding.path not in reported]
        wrong.extend(problems(rest, data, every, secrets))
    return Resolution(every, data, frozenset(profiled), settings, tuple(wrong))
