"""What a producer offers a `uses:` line: accesses, and variables of the consumer's environment.

The stack file's checks and the component's `link` read the same offer, so the two can't disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pulumi

from components.parts.access import UnknownAccessError
from components.parts.variable import variable

S = TypeVar("S")
"""The settings of one producer."""

E = TypeVar("E")
"""What a person says of one that exists already."""


def _none(_: Any) -> Mapping[str, str]:
    return {}


def _nowhere(*_: Any) -> Mapping[str, tuple[str, str]]:
    return {}


@dataclass(frozen=True)
class Offer(Generic[S]):
    """What everything of one kind offers."""

    kind: str
    """Key of a `uses:` line, as in `table`; the first word of links' names."""
    accesses: tuple[str, ...]
    variables: Mapping[str, str]
    """Environment variables by what they say: `{"name": "{KEY}_TABLE"}`, in which `{KEY}` stands
    for the producer's key in capitals."""
    default: str | None = None
    """The access of a line that names none; None where it has to be named."""
    more: Callable[[S], Mapping[str, str]] = _none
    """Variables that only some settings bring."""
    shared: frozenset[str] = frozenset()
    """Of what the variables say, that which is the same whichever of the kind brings it."""
    unavailable: Callable[[str, S], Mapping[str, tuple[str, str]]] = _nowhere
    """Accesses that these settings don't have, each with what is found and what is allowed."""
    part: str = ""
    """Where its keys stand, dotted, if not under the tier's own field."""
    interface: str | None = None
    """The interface endpoint by which a consumer without a way out reaches it, as in `sqs`."""
    listens: bool = False
    """Whether consumers reach it by a rule of its security group."""

    one: Callable[[S], bool] | None = None
    """Whether these settings bring exactly one variable, where that depends on them."""

    def of_existing(self, _: type[E]) -> Offer[E]:
        """The same offer by what exists already, whose settings bring nothing of their own."""
        return Offer[E](
            kind=self.kind,
            accesses=self.accesses,
            default=self.default,
            variables=self.variables,
            interface=self.interface,
            listens=self.listens,
        )

    @property
    def one_value(self) -> bool:
        """Whether it can bring exactly one variable, which `as` renames."""
        return self.one is not None or (len(self.variables) == 1 and self.more is _none)

    def brings_one(self, settings: S) -> bool:
        """Whether these settings bring exactly one variable."""
        return self.one(settings) if self.one is not None else self.one_value

    def names(self, key: str, settings: S) -> dict[str, str]:
        """Names of the variables that a line brings, by what they say."""
        templates = {**self.variables, **self.more(settings)}
        return {what: name.replace("{KEY}", variable(key)) for what, name in templates.items()}

    def environment(
        self, key: str, settings: S, values: Mapping[str, pulumi.Input[str]]
    ) -> dict[str, pulumi.Input[str]]:
        """The variables with their values, which are given by what they say.

        Raises:
            ValueError: a value is missing, or belongs to no variable.
        """
        names = self.names(key, settings)
        if names.keys() != values.keys():
            raise ValueError(
                f"{self.kind} {key} offers {', '.join(names)}, and was given {', '.join(values)}"
            )
        return {name: values[what] for what, name in names.items()}

    def chosen(self, key: str, settings: S, access: str | None) -> str:
        """The access, or the default where none is named.

        Raises:
            UnknownAccessError: there is no such access, or none is named and there is no default.
        """
        offered = [
            offered_access
            for offered_access in self.accesses
            if offered_access not in self.unavailable(key, settings)
        ]
        chosen = access or self.default
        if chosen not in offered:
            raise UnknownAccessError(f"{self.kind}-{key}", chosen, offered)
        return chosen
