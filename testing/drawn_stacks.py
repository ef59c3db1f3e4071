"""Random whole production stack files from the settings' models, healed until the loader agrees.

Values are drawn from the models, and what those can't say from hints. Where the loader refuses a
part, that part is drawn again or left out, at the path that the refusal names: so a refusal that
names a wrong path shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from random import Random
from typing import Any, Final, cast

from testing.random_hints import AGREE, DOMAIN, HINTS
from testing.random_values import LEAVE, WORDS, Values
from testing.unsafe_settings import LOGS
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.loading import load
from trellis.stackfile.problems import KeyPath, StackFileError
from trellis.stackfile.shape import MapOf, Object, Shape, at, field_at

Tree = Any
REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"

FIXED: Final[Mapping[str, Any]] = {
    "name": "shop",
    "environment": "prod",
    "profile": "production",
    "account": ACCOUNT,
    "region": LEAVE,
}
OUTSIDE: Final = ("exemptions", "overrides", "network.existing", "network.from", "zones.*.existing")
"""Never drawn: what turns a red verdict away on purpose, and what an account was asked for."""

ORDER: Final = (
    "network", "keys", "databases", "caches", "tables", "queues", "topics", "buckets", "mail",
    "secrets", "zones", "cluster", "repositories", "loadBalancers",
    "networkLoadBalancers", "services", "jobs", "sites", "firewalls",
)  # fmt: skip
"""Parts that others refer to come first; the rest follows in the models' order."""

ATTEMPTS: Final = 60
LOGGED: Final = 0.7
"""Share of files with a bucket for access logs, without which little in production is green."""

REDRAWN, REDRAWN_INSIDE = 0.5, 0.3
"""How likely a refused part is drawn again, and how likely only one of its settings is left out."""


@dataclass(frozen=True)
class Drawn:
    """One random stack file, valid, and what was refused on the way."""

    settings: dict[str, Any]
    """By key without the `trellis:` prefix."""
    refusals: tuple[str, ...]
    """Texts of the loader, each about one path."""

    def config(self) -> dict[str, str]:
        """As the engine would hand it on."""
        return config_of(self.settings)


class GaveUpError(Exception):
    """A draw that is still refused after so many attempts; the text is the last refusal."""


def config_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Pulumi's configuration by key."""
    return {
        "aws:region": REGION,
        **{
            f"trellis:{key}": value if isinstance(value, str) else json.dumps(value)
            for key, value in settings.items()
        },
    }


def random_stack(seed: int, density: float = 0.25, parts: float = 0.6) -> Drawn:
    """A valid stack file, the same for the same seed.

    Args:
        density: how likely an optional setting is given.
        parts: how likely a part such as `databases` is there.

    Raises:
        GaveUpError: refused for ever.
    """
    draw = Draw(Random(seed), density, parts)
    refusals: list[str] = []
    for attempt in range(ATTEMPTS):
        try:
            load(config_of(draw.tree))
        except StackFileError as error:
            paths = [problem.path for problem in error.problems]
            if attempt == ATTEMPTS - 1:
                raise GaveUpError(str(error)) from None
            refusals.extend(f"{pattern(p.path)}: {p.allowed}" for p in error.problems)
            for path in paths:
                draw.heal(path, attempt)
        else:
            return Drawn(draw.tree, tuple(refusals))
    raise AssertionError("the last attempt either loads or gives up")


def pattern(path: KeyPath, shape: Shape = SYSTEM) -> str:
    """A path with `*` for list positions and for the keys that people choose."""
    parts: list[str] = []
    for position, part in enumerate(path):
        above = at(shape, path[:position])
        chosen = any(isinstance(element, MapOf) for element in above) and not any(
            isinstance(element, Object) and part in element.fields for element in above
        )
        parts.append("*" if chosen or isinstance(part, int) else str(part))
    return ".".join(parts)


class Draw:
    """One stack file in the making."""

    def __init__(self, random: Random, density: float, parts: float) -> None:
        self.random = random
        self.tree: dict[str, Any] = {k: v for k, v in FIXED.items() if v is not LEAVE}
        self.values = Values(random, density, self._hint, self._agree)
        fields = Object(SYSTEM.model).fields
        rest = [key for key in fields if key not in ORDER]
        for key in (*ORDER, *rest):
            if key in FIXED or _outside((key,)):
                continue
            if key == "network" or random.random() < parts:
                value = self.values.draw(fields[key].shape, (key,))
                if value is not LEAVE:
                    self.tree[key] = value
            if key == "buckets" and self.tree.get(key) and random.random() < LOGGED:
                self.tree[key]["access-logs"] = dict(LOGS)

    def heal(self, path: KeyPath, attempt: int) -> None:
        """Draw what was refused again, or leave it out; the whole part after many attempts."""
        while path and not _is_there(self.tree, path):
            path = path[:-1]
        if attempt > ATTEMPTS // 2 and len(path) > 1:
            path = path[: self.random.randint(1, len(path))]
        while len(path) > 1 and self._is_needed(path):
            path = path[:-1]
        if not path or path[0] in FIXED:
            return
        parent, key = _value(self.tree, path[:-1]), path[len(path) - 1]
        value = parent[key]
        shapes = at(SYSTEM, path, self.tree)
        optional = self._optional(shapes, value)
        if optional and self.random.random() < REDRAWN_INSIDE:
            # Only one of the settings of a mapping may be what is wrong with it.
            del value[self.random.choice(optional)]
            return
        drawn = self.values.draw(self.random.choice(shapes), path) if shapes else LEAVE
        if drawn is not LEAVE and self.random.random() < REDRAWN:
            parent[key] = drawn
        else:
            del parent[key]

    def _optional(self, shapes: tuple[Shape, ...], value: Tree) -> list[str]:
        """The keys of a mapping that it may do without."""
        if not isinstance(value, dict):
            return []
        fields = [shape.fields for shape in shapes if isinstance(shape, Object)]
        needed = {k for field in fields for k, f in field.items() if f.info.is_required()}
        return sorted(set(cast("dict[str, Any]", value)) - needed)

    def _is_needed(self, path: KeyPath) -> bool:
        field = field_at(SYSTEM, path, self.tree)
        return field is not None and field.info.is_required()

    def _hint(self, path: KeyPath) -> Any:
        if _outside(path):
            return LEAVE
        for tail, hint in HINTS.items():
            if fits(path, tail):
                return hint(self)
        return None

    def _agree(self, path: KeyPath, found: dict[str, Any]) -> None:
        for whole, agree in AGREE.items():
            if len(path) == whole.count(".") + 1 and fits(path, whole):
                agree(self, found)

    def one_of(self, part: str, *others: Any, **having: Any) -> Any:
        """A key of a part whose settings hold `having`; `LEAVE` where there is none."""
        there: Mapping[str, Any] = self.tree.get(part, {})
        keys = [k for k, v in there.items() if all(v.get(a) == b for a, b in having.items())]
        return self.random.choice([*keys, *others] or [LEAVE])

    def label(self) -> str:
        """A whole name that no other thing has."""
        return f"{self.random.choice(WORDS)}-{self.random.randrange(10_000)}"

    def name(self) -> str:
        """A host under the domain of the zones."""
        return f"{self.random.choice(WORDS)}.{DOMAIN}"


def fits(path: KeyPath, tail: str) -> bool:
    """Whether a path ends as a pattern says, part by part."""
    wanted = tail.split(".")
    ends = path[-len(wanted) :]
    return len(ends) == len(wanted) and all(
        fnmatchcase(str(part), element) for part, element in zip(ends, wanted, strict=True)
    )


def _outside(path: KeyPath) -> bool:
    return any(fits(path, element) and len(path) == element.count(".") + 1 for element in OUTSIDE)


def _is_there(tree: Tree, path: KeyPath) -> bool:
    try:
        _value(tree, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _value(tree: Tree, path: KeyPath) -> Tree:
    for part in path:
        tree = tree[part]
    return tree
