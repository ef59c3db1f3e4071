"""Protocols and port ranges of rules, by name or by number."""

from typing import Final

from ..reading import Reading
from ..unknown import UNKNOWN, Unknown, is_unknown
from .references import number_of, text_of

# IANA's protocol numbers; AWS writes -1 for all of them.
_NUMBERS: Final = {"6": "tcp", "17": "udp", "all": "-1"}


def protocol_of(reading: Reading) -> str | Unknown:
    """``tcp``, ``udp``, ``-1`` for all, or another protocol's number or name."""
    text = text_of(reading)
    if is_unknown(text) or text is None:
        number = number_of(reading)
        if is_unknown(number) or number is None:
            return UNKNOWN
        text = str(number)
    return _NUMBERS.get(text.lower(), text.lower())


def ports_of(rule: Reading) -> tuple[int, int] | Unknown | None:
    """The first and last port of a rule; None where it is for all of them."""
    if protocol_of(rule["protocol"]) == "-1" or protocol_of(rule["ipProtocol"]) == "-1":
        return None
    low, high = number_of(rule["fromPort"]), number_of(rule["toPort"])
    if is_unknown(low) or is_unknown(high):
        return UNKNOWN
    return None if low is None or high is None else (low, high)
