"""What a person says of a shared file system and the folders that programs get of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.model import Entry, Key, Settings

MAIN = "main"
"""The access point of a file system that names none."""

Days = Literal[1, 7, 14, 30, 60, 90, 180, 270, 365]
"""Days without access after which EFS moves a file ("LifecyclePolicy", Amazon EFS API Reference,
2026-11)."""

PosixId = Annotated[int, Field(ge=0, le=4_294_967_295)]
"""User or group ("PosixUser", Amazon EFS API Reference, 2026-11)."""


class AccessPointSettings(Settings):
    """A folder of the file system, and the user that all files in it belong to."""

    folder: Annotated[
        str, StringConstraints(pattern=r"^(/[A-Za-z0-9_-][A-Za-z0-9._-]*){1,4}$", max_length=100)
    ] = "/files"
    """Folder within the file system, four levels deep at most; made at the first mount. Another one
    leads to another folder: the files stay in the old one."""
    uid: PosixId = 1000
    """User id that everything is read and written as, whatever user the program runs as."""
    gid: PosixId = 1000
    """Group id of the same."""
    permissions: Annotated[str, StringConstraints(pattern=r"^0?[0-7]{3}$")] = "0750"
    """Of the folder when it is made, octal; later ones change nothing."""


class FileSystemSettings(Entry):
    """An Amazon EFS file system: files that several tasks and functions share, and that stay."""

    points: dict[Key, AccessPointSettings] = Field(
        default_factory=lambda: {MAIN: AccessPointSettings()}
    )
    """Access points by name: what a `uses:` line leads to. One, `main`, when left out."""
    throughput: Literal["elastic", "bursting"] = "elastic"
    """`elastic` is paid by what is read and written, `bursting` comes with the size; AWS lets it be
    changed once a day."""
    infrequent_days: Days | Literal["none"] = 30
    """Days without access after which a file moves to Infrequent Access; `none` for
    never."""
    archive_days: Days | None = None
    """Days without access after which it moves to Archive, with `throughput: elastic`; never
    when left out."""
    back: bool = True
    """Whether a file comes back to Standard with the first access."""
    backups: bool = True
    """Whether AWS Backup keeps a copy of each day for 35 days, in a vault of its own (`backups` of
    the stack file covers databases and tables)."""

    @model_validator(mode="after")
    def _parts_that_fit(self) -> FileSystemSettings:
        if not self.points:
            raise ValueError("one access point in `points` at least, or `points` left out")
        folders = [point.folder for point in self.points.values()]
        if len(set(folders)) < len(folders):
            raise ValueError("each folder in one of `points` only")
        if self.archive_days is not None and self.throughput != "elastic":
            raise ValueError("`archiveDays` with `throughput: elastic`")
        if (
            self.archive_days is not None
            and self.infrequent_days != "none"
            and self.archive_days <= self.infrequent_days
        ):
            raise ValueError("`archiveDays` above `infrequentDays`")
        return self

    @property
    def moves(self) -> bool:
        """Whether files move to a cheaper class."""
        return self.infrequent_days != "none" or self.archive_days is not None
