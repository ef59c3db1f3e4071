"""The difference between two prices: of another stack, a git revision, or a saved price."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, cast

from components.parts.spread import NOTHING, Spread, decimal
from trellis.price.document import VERSION, document
from trellis.price.pricing import StackFolder, price_of
from trellis.stackfile.problems import Problem, Source, StackFileError

REVISION = "git:"
SUBJECT = "--against has"


@dataclass(frozen=True)
class Row:
    """One component in both prices."""

    component: str
    before: Spread | None
    """None where it was not there."""
    after: Spread | None
    """None where it is gone."""

    @property
    def more(self) -> Spread:
        """What it costs more than before."""
        return (self.after or NOTHING) - (self.before or NOTHING)


@dataclass(frozen=True)
class Difference:
    """Two prices side by side."""

    named: str
    """The other side, as a person named it."""
    before: Spread
    after: Spread
    rows: tuple[Row, ...]
    """Components that differ, the greatest difference first."""
    only_before: tuple[str, ...]
    """What was not priced before and is not listed now."""
    only_after: tuple[str, ...]
    """What is not priced now and was not listed before."""

    @property
    def more(self) -> Spread:
        """What a month costs more than before."""
        return self.after - self.before

    def as_json(self) -> dict[str, Any]:
        """As a part of the price's document."""
        return {
            "against": self.named,
            "before": _texts(self.before),
            "after": _texts(self.after),
            "more": _texts(self.more),
            "components": [
                {
                    "component": row.component,
                    "before": None if row.before is None else _texts(row.before),
                    "after": None if row.after is None else _texts(row.after),
                    "more": _texts(row.more),
                }
                for row in self.rows
            ],
            "notPricedBefore": list(self.only_before),
            "notPricedNow": list(self.only_after),
        }


def against(
    where: StackFolder, other: str, now: Mapping[str, Any], *, free_tier: bool
) -> Difference:
    """The difference to another price.

    Args:
        other: a stack of the project, `git:` and a revision, or the file of a saved price.
        now: the price's own document.

    Raises:
        StackFileError: there is no such other side, or it is wrong itself.
    """
    before = _other(where, other, free_tier=free_tier)
    return difference(other, before, now)


def difference(named: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Two documents side by side."""
    ours, theirs = _components(after), _components(before)
    rows = [Row(name, theirs.get(name), ours.get(name)) for name in dict.fromkeys((*theirs, *ours))]
    changed = [row for row in rows if not row.more.is_nothing]
    unpriced_before, unpriced_after = _unpriced(before), _unpriced(after)
    return Difference(
        named=named,
        before=_spread(before["total"]),
        after=_spread(after["total"]),
        rows=tuple(sorted(changed, key=lambda row: (-abs(row.more.expected), row.component))),
        only_before=tuple(sorted(unpriced_before - unpriced_after)),
        only_after=tuple(sorted(unpriced_after - unpriced_before)),
    )


def _other(where: StackFolder, other: str, *, free_tier: bool) -> Mapping[str, Any]:
    if other.startswith(REVISION):
        return _at_revision(where, other.removeprefix(REVISION), free_tier=free_tier)
    file = Path(other)
    if file.suffix == ".json" or file.is_file():
        return saved(file)
    stack = StackFolder(where.project, other)
    return document(price_of(stack, free_tier=free_tier))


def saved(file: Path) -> Mapping[str, Any]:
    """A price that `trellis price --json` printed.

    Raises:
        StackFileError: the file is no such price.
    """
    found = ""
    try:
        value: Any = json.loads(file.read_text(encoding="utf-8-sig"))
        if not isinstance(value, dict) or cast("dict[str, Any]", value).get("version") != VERSION:
            found = "JSON that is no price of this version"
        else:
            price = cast("dict[str, Any]", value)
            difference("", price, price)  # whatever it does not hold is told here
            return price
    except OSError as error:
        found = f"a file that can't be read: {error.strerror}"
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, InvalidOperation):
        found = "a file that is no price"
    raise _problem(
        str(file), found, f"what `trellis price STACK --json` printed, version {VERSION}"
    )


def _at_revision(where: StackFolder, revision: str, *, free_tier: bool) -> Mapping[str, Any]:
    """The stack's files as a git revision has them, priced with today's program and prices."""
    folder = where.project.resolve()
    top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().strip())
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", named=revision
    )
    archive = _git(top, "archive", "--format=tar", commit.decode().strip())
    with tempfile.TemporaryDirectory(prefix="trellis-price-") as held:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(held, filter="data")
        project = Path(held) / folder.relative_to(top.resolve())
        config_file = where.config_file
        if config_file is not None and config_file.resolve().is_relative_to(top.resolve()):
            config_file = Path(held) / config_file.resolve().relative_to(top.resolve())
        stack = StackFolder(project, where.stack, config_file)
        return document(price_of(stack, free_tier=free_tier))


def _git(folder: Path, *words: str, named: str | None = None) -> bytes:
    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=False)
    except OSError as error:
        found = f"no git program: {error.strerror}"
        raise _problem(REVISION, found, "git on PATH, or a saved price instead") from None
    if done.returncode:
        complaint = done.stderr.decode(errors="replace").strip() or "git has no such commit"
        raise _problem(
            f"{REVISION}{named or ''}",
            complaint[:200],
            "a commit, branch or tag of the project's git",
        )
    return done.stdout


def _problem(what: str, found: str, allowed: str) -> StackFileError:
    return StackFileError(
        [Problem((), found, allowed, source=Source("against", what))], subject=SUBJECT
    )


def _components(price: Mapping[str, Any]) -> dict[str, Spread]:
    return {part["component"]: _spread(part["total"]) for part in price["components"]}


def _unpriced(price: Mapping[str, Any]) -> set[str]:
    return {f"{row['component']}: {row['what']}".removeprefix(": ") for row in price["notPriced"]}


def _spread(value: Mapping[str, str]) -> Spread:
    return Spread(*(decimal(Decimal(value[end])) for end in ("low", "expected", "high")))


def _texts(value: Spread) -> dict[str, str]:
    return dict(zip(("low", "expected", "high"), map(str, value), strict=True))
