"""What exists and is taken over: resources that `adopt` names are imported as they are registered.

The engine reads such a resource by its identifier and then changes it in place to what the program
says; it replaces none for as long as the program names the identifier (`import_`, Pulumi 3.259).
"""

from __future__ import annotations

from collections.abc import Iterator

import pulumi

from trellis.stackfile.adopting import Adoption, adoptions
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.loading import Loaded
from trellis.stackfile.problems import dotted
from trellis.stackfile.suggesting import did_you_mean
from trellis.tiers.provider_types import input_types


class Adoptions:
    """The adoptions of a stack file, applied to resources as they are registered."""

    def __init__(self, loaded: Loaded) -> None:
        """Take them, and refuse properties to keep that the provider has not.

        Raises:
            StackFileError: all of those at once.
        """
        self._loaded = loaded
        self._all = tuple(adoptions(loaded.settings))
        wrong = [complaint for adopted in self._all for complaint in _unknown_properties(adopted)]
        if wrong:
            raise loaded.error(wrong)
        self._waiting = {(adopted.type, adopted.name): adopted for adopted in self._all}

    def transformations(self) -> list[pulumi.ResourceTransformation]:
        """Of the root of all that is made; none where nothing is taken over."""
        return [self._apply] if self._waiting else []

    def warn(self) -> None:
        """Say what is imported and what of it changes, and refuse what met no resource.

        Raises:
            StackFileError: `also` names a resource that the entry does not make.
        """
        if self._waiting:
            raise self._loaded.error(
                (
                    (*waiting.path[:-1], "name"),
                    f"no {waiting.type} is called {waiting.name}",
                    "the type and name of a resource that the plan shows without it",
                    "",
                )
                for waiting in self._waiting.values()
            )
        for adopted in self._all:
            if adopted.adopts is not None:
                pulumi.log.warn(" ".join(_sentences(adopted)))

    def _apply(
        self, args: pulumi.ResourceTransformationArgs
    ) -> pulumi.ResourceTransformationResult | None:
        found = self._waiting.pop((args.type_, args.name), None)
        if found is None:
            return None
        imported = pulumi.ResourceOptions(import_=found.id, ignore_changes=list(found.keeps))
        options = pulumi.ResourceOptions.merge(args.opts, imported)
        return pulumi.ResourceTransformationResult(args.props, options)


def _sentences(adopted: Adoption) -> Iterator[str]:
    entry, kind = dotted(adopted.entry), adopted.type.rsplit(":", 1)[-1]
    kept = f", but for {', '.join(adopted.keeps)}" if adopted.keeps else ""
    changed = f"the {kind} is imported and then changed in place{kept}"
    yield f"{entry} takes over {adopted.id}: {changed}."
    adopts = adopted.adopts
    if adopts is not None and adopts.over:
        yield f"Put over what AWS has: {', '.join(adopts.over)}."
    if adopts is not None and adopts.made:
        yield f"Made new in the place of what it had: {', '.join(adopts.made)}."
    if adopts is not None and adopts.also:
        yield f"If there are any, name them under `also`: {', '.join(adopts.also)}."


def _unknown_properties(adopted: Adoption) -> Iterator[Complaint]:
    known = input_types(adopted.type)
    for position, name in enumerate(adopted.keeps):
        if name not in known:
            found = f"{name}, which {adopted.type} has not"
            yield (
                (*adopted.keeps_path, position),
                found,
                "one of its inputs",
                did_you_mean(name, known),
            )
