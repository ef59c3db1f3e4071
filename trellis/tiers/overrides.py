"""Provider properties that no setting has, set from the stack file on one resource each.

An override is applied as the resource is registered, so plan, policy pack, comparison and engine
see the same resource. Type and properties are checked against the AWS provider's SDK before any of
it; a property that Trellis sets itself is left alone unless the override gives its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import pulumi

from trellis.stackfile.complaints import Complaint
from trellis.stackfile.loading import Loaded
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import OverrideSettings
from trellis.stackfile.suggesting import did_you_mean
from trellis.tiers.provider_types import input_types, is_type, python_names

PLAIN: tuple[type, ...] = (bool, int, float, str)


class Overrides:
    """The overrides of a stack file, applied to resources as they are registered."""

    def __init__(self, loaded: Loaded) -> None:
        """Take the overrides, and refuse those that the provider would not take.

        Raises:
            StackFileError: all of those at once.
        """
        _check(loaded)
        self._loaded = loaded
        self._unused = dict(enumerate(loaded.settings.overrides))

    def transformations(self) -> list[pulumi.ResourceTransformation]:
        """Of the root of all that is to be overridden; none where nothing is."""
        return [self._apply] if self._unused else []

    def warn_unused(self) -> None:
        """Warn of overrides that met no resource: it may wait for an image still."""
        for position, override in self._unused.items():
            pulumi.log.warn(
                f"overrides[{position}]: no {override.type} is called {override.name}; "
                "`trellis plan` shows the names there are"
            )

    def _apply(
        self, args: pulumi.ResourceTransformationArgs
    ) -> pulumi.ResourceTransformationResult | None:
        props = dict(cast("Mapping[str, Any]", args.props))
        found = False
        for position, override in enumerate(self._loaded.settings.overrides):
            if (override.type, override.name) != (args.type_, args.name):
                continue
            self._unused.pop(position, None)
            found = True
            names = python_names(override.type)
            for name, value in override.values.items():
                if props.get(names[name]) is not None and override.reason is None:
                    raise self._loaded.error([_promised(position, name)])
                props[names[name]] = list(value) if isinstance(value, tuple) else value
        return pulumi.ResourceTransformationResult(props, args.opts) if found else None


def _check(loaded: Loaded) -> None:
    wrong = [
        complaint
        for position, override in enumerate(loaded.settings.overrides)
        for complaint in _wrong(("overrides", position), override)
    ]
    if wrong:
        raise loaded.error(wrong)


def _promised(position: int, name: str) -> Complaint:
    return (
        ("overrides", position, "values", name),
        f"{name}, which Trellis sets itself",
        "a property that it leaves alone, or a `reason`",
        "a setting may say it: see docs/reference.md",
    )


def _wrong(path: KeyPath, override: OverrideSettings) -> Iterator[Complaint]:
    if not is_type(override.type):
        there = "a type of pulumi-aws, as in aws:rds/instance:Instance"
        yield (*path, "type"), override.type, there, ""
        return
    types = input_types(override.type)
    for name, value in override.values.items():
        at = (*path, "values", name)
        if name not in types:
            found = f"{name}, which {override.type} has not"
            yield at, found, "one of its inputs", did_you_mean(name, types)
        elif not _fits(value, types[name]):
            yield at, repr(value), f"a value of the type {_type_name(types[name])}", ""


def _fits(value: object, annotation: Any) -> bool:
    """Whether a plain value or a list of words is what the SDK takes."""
    if annotation in PLAIN:
        return type(value) is annotation or (annotation is float and type(value) is int)
    inner: Iterable[Any] = getattr(annotation, "__args__", ())
    if getattr(annotation, "__origin__", None) is not None and isinstance(value, tuple):
        return any(option is str or _fits("", option) for option in inner)
    return any(_fits(value, option) for option in inner)


def _type_name(annotation: Any) -> str:
    words: Sequence[str] = [
        plain_type.__name__ for plain_type in PLAIN if _fits(plain_type(), annotation)
    ]
    return " or ".join(words) or "that a stack file can't say: a block has settings of its own"
