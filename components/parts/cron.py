"""A cron expression of six fields, as AWS's schedulers take it."""

from __future__ import annotations

import re
from itertools import pairwise

NUMBERS = {
    "minutes": (0, 59),
    "hours": (0, 23),
    "day of month": (1, 31),
    "month": (1, 12),
    "day of week": (1, 7),
    "year": (1970, 2199),
}
"""The fields in their order, with the numbers each may have ("Schedule types in EventBridge
Scheduler", 2026-11; Application Auto Scaling and Secrets Manager take the same)."""

NAMED = {
    "month": ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    "day of week": ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
}

EXAMPLE = "`cron(0 8 ? * MON-FRI *)`"


def cron_fields(text: str) -> list[str]:
    """The six fields of what stands between `cron(` and `)`.

    Raises:
        ValueError: AWS would refuse it; the message says what is allowed.
    """
    fields = text.split()
    if len(fields) != len(NUMBERS):
        raise ValueError(
            f"six fields (minutes, hours, day of month, month, day of week, year), as in "
            f"{EXAMPLE}; found {len(fields)}"
        )
    for (name, (least, most)), field in zip(NUMBERS.items(), fields, strict=True):
        if not _in_range(name, field, least, most):
            raise ValueError(
                f"{name} from {least} to {most}, with `*`, `,`, `-` and `/`, as in {EXAMPLE}; "
                f"found `{field}`"
            )
    if [fields[2], fields[4]].count("?") != 1:
        raise ValueError(f"`?` for either day of month or day of week, not both, as in {EXAMPLE}")
    return fields


def numbers_of(name: str, field: str) -> list[int]:
    """The numbers that a field of digits stands for, in order; `name` is one of `NUMBERS`."""
    least, most = NUMBERS[name]
    found: set[int] = set()
    for part in field.split(","):
        values, _, step = part.partition("/")
        first, _, last = values.partition("-")
        start = least if first in ("*", "") else int(first)
        # A step goes on to the end of the field; without one a number stands for itself.
        end = int(last) if last else most if step or first in ("*", "") else start
        found.update(range(start, end + 1, int(step or 1)))
    return sorted(found)


def _in_range(name: str, field: str, least: int, most: int) -> bool:
    if field in ("*", "?"):
        return field == "*" or name.startswith("day")
    if name.startswith("day"):
        # The last day, the nearest weekday, and the third Friday.
        field = re.sub(r"^L-?|L$|W$|#[1-5]$", "", field)
        if not field:
            return True
    names = NAMED.get(name, [])
    for part in field.split(","):
        values, _, step = part.partition("/")
        if not part or part.endswith("/"):
            return False
        if step and (not step.isdigit() or int(step) == 0):
            return False
        ends = [
            names.index(bound) + least if bound in names else bound for bound in values.split("-")
        ]
        if values in ("*", ""):
            continue
        if len(ends) > 2 or not all(str(end).isdigit() for end in ends):
            return False
        numbers = [int(end) for end in ends]
        if any(not least <= number <= most for number in numbers):
            return False
        if any(first > second for first, second in pairwise(numbers)) and name != "day of week":
            return False
    return True
