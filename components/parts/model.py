"""The model that every tier's settings derive from: frozen, camelCase outside, no unknown keys."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic.alias_generators import to_camel


class Settings(BaseModel):
    """Plain values a person types. YAML keys are camelCase, Python names are snake_case.

    Stack files are validated in pydantic's JSON mode, where strictness allows exactly what JSON
    can't say otherwise (a list for a tuple, text for an enum or a date) and nothing more.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        strict=True,
        validate_default=True,
    )

    def __init__(self, /, **data: Any) -> None:
        """Take values as a program has them, or plain ones as a stack file would have them.

        Words for members of an enumeration, lists for tuples, mappings for settings and ISO dates
        are taken; everything else is as strict as in a stack file.

        Raises:
            ValidationError: what is wrong, by field.
        """
        validator = type(self).__pydantic_validator__
        try:
            validator.validate_python(data, self_instance=self)
        except ValidationError as error:
            try:
                text = json.dumps(_plain(data))
            except TypeError:
                raise error from None
            validator.validate_json(text, self_instance=self)

    # Else pydantic would validate every nested mapping of a stack file by way of `__init__`.
    __init__.__pydantic_base_init__ = True  # pyright: ignore[reportFunctionMemberAccess]


def _plain(value: Any) -> Any:
    """A value as JSON has it; of settings, what was said of them."""
    if isinstance(value, Settings):
        return {name: _plain(getattr(value, name)) for name in value.model_fields_set}
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value).items()
        return {str(_plain(key)): _plain(element) for key, element in items}
    if isinstance(value, (list, tuple)):
        return [_plain(element) for element in cast("Sequence[Any]", value)]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True)
class Development:
    """Marks the value a field takes under `profile: development` when nobody set it.

    The field's ordinary default is the production one, so a component used without any
    profile is the safe one.

    Example: ``multi_az: Annotated[bool, Development(False)] = True``
    """

    value: Any


class FieldError(ValueError):
    """What is wrong with one field, found where several are seen together."""

    def __init__(self, field: str, message: str) -> None:
        """Say which field, by its Python name, and what is allowed."""
        super().__init__(message)
        self.field = field


class HiddenValueError(ValueError):
    """A value is wrong and may hold a secret: whoever tells of it does not repeat it."""


ENCRYPTED = "[secure]"
"""What stands for an encrypted value where nobody can decrypt it, as in a plan."""


@dataclass(frozen=True)
class Confidential:
    """Marks a string that may be written as ``secure:``, as `pulumi config set --secret` does.

    Everywhere else a secure value is refused: secrets stay out of stack files.
    """


KEY_LENGTH = 32

Key = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=KEY_LENGTH),
]
"""A name a person gives a thing in the stack file: lower case, digits, single hyphens."""


def _former(text: str) -> str:
    if len(text.rpartition(".")[2]) > KEY_LENGTH:
        raise ValueError(f"a key of at most {KEY_LENGTH} characters, which it had")
    return text


Former = Annotated[
    str,
    StringConstraints(pattern=r"^((services|jobs)\.)?[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=41),
    AfterValidator(_former),
]
"""A former key, or one of another part: what an entry that moved was called."""


class LossSettings(Settings):
    """That what an entry holds may be lost: by an edit that replaces or deletes it."""

    reason: Annotated[str, StringConstraints(min_length=10)]
    """Why what it holds may be lost."""
    owner: Annotated[str, StringConstraints(min_length=1)]
    """Who answers for the loss."""
    until: date
    """Last day it holds, as a quoted ISO date."""


class Losable(Settings):
    """Settings of what may hold data."""

    may_be_lost: LossSettings | None = None
    """That an edit may replace or delete it with all it holds: `trellis compare` then ends well.
    Where the entry itself goes, it is said in an edit before that. Protection is another matter:
    the engine still refuses to delete what is protected."""


class Keyed(Settings):
    """Settings of what has a key of a person's choice, in an entry or of its own."""

    formerly: Key | Annotated[tuple[Key, ...], Field(min_length=1)] | None = None
    """The key it had before it was renamed, or all of them, the one it began with first. All that
    it made stays as it is, under the names that the first key gave it, for as long as this
    stands."""


class Entry(Keyed, Losable):
    """Settings of an entry of a part of the stack file."""


class Moved(Entry):
    """Settings of an entry that may have been one of another part."""

    formerly: Former | Annotated[tuple[Former, ...], Field(min_length=1)] | None = None
    """The key it had before it was renamed, or all of them, the one it began with first; with the
    part before it (`services.worker` of a job, `jobs.worker` of a service) where it stood there.
    What both parts make stays as it is, under the names that the first key gave it, for as long as
    this stands."""

    @property
    def moved(self) -> bool:
        """Whether it was an entry of another part once."""
        former = self.formerly or ()
        return any("." in one for one in ((former,) if isinstance(former, str) else former))
