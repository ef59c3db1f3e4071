"""What inputs refer to, as the ids (URNs) and plain values of a network."""

from ..evidence import Resource, Stack
from ..reachability.model import MaybeId
from ..reading import Reading
from ..unknown import UNKNOWN, Tri, Unknown, is_unknown


def only(ids: tuple[MaybeId, ...] | Unknown) -> MaybeId:
    """The one id that there is; unknown when there are none or several."""
    if is_unknown(ids):
        return UNKNOWN
    return ids[0] if len(ids) == 1 else UNKNOWN


def ids_of(
    stack: Stack, resource: Resource, path: str, *kinds: str
) -> tuple[MaybeId, ...] | Unknown:
    """The resources that an input refers to; what is outside the stack by what is written."""
    leaves = resource.leaves(path)
    if any(leaf.is_unknown for leaf in leaves):
        targets = stack.follow(resource, path, *kinds)
        if targets.complete is not Tri.YES:
            return UNKNOWN if not targets.found else (*(t.urn for t in targets.found), UNKNOWN)
        return tuple(target.urn for target in targets.found)
    found: list[MaybeId] = []
    for leaf in leaves:
        targets = stack.resolve(resource, leaf, *kinds)
        found.extend(target.urn for target in targets.found)
        if not targets.found:
            found.append(leaf.text() or UNKNOWN)
    return tuple(found)


def text_of(reading: Reading) -> str | Unknown | None:
    """A text, or that it is not known; None when it is left out."""
    return UNKNOWN if reading.is_unknown else reading.text()


def texts_of(*readings: Reading) -> tuple[str | Unknown, ...]:
    """The texts of some inputs and lists, without those left out."""
    found: list[str | Unknown] = []
    for reading in readings:
        members = (reading,) if reading.is_unknown else reading.elements()
        found.extend(text for text in map(text_of, members) if text is not None)
    return tuple(found)


def number_of(reading: Reading) -> int | Unknown | None:
    """A whole number, or that it is not known; None when it is left out."""
    if reading.is_unknown:
        return UNKNOWN
    number = reading.number()
    return None if number is None else int(number)


def flag(answer: Tri) -> bool | Unknown:
    """A yes or no as a value of the network."""
    return UNKNOWN if answer is Tri.UNKNOWN else answer is Tri.YES
