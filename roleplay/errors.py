"""Errors a person can mend: what happened, where, and how to mend it.

RoleplayError
├── PersonaError        a persona file that cannot be played: correct the lines it names
├── NotFound            no such persona, session or file: pick one of those it names
├── StoreError          the transcripts cannot be read or written
│   ├── StoreBusy       another program is writing: wait, or try again
│   ├── NotSaved        the disk refused: make room; the text is still in the editor
│   ├── StoreDamaged    rows fail their checksum: restore a backup, or salvage
│   └── StoreForeign    a transcript of another version: show it in the version that saved it
├── UnsafePlace         a workspace where the database would not be safe, or a path outside it
└── BadInput            a file or a value that cannot be read as what it should be

The front ends print these and exit with a code that is not 0; nothing else catches them.
"""

from __future__ import annotations


class RoleplayError(Exception):
    """An error with a sentence for the person in front of the screen.

    `what` happened, `where` (file:line:column, row, option; may be empty) and `mend`: what to do about it.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}" + (f" {self.mend}" if self.mend else "")


class PersonaError(RoleplayError):
    """A persona file that cannot be played."""


class NotFound(RoleplayError):
    """Something was asked for that is not there."""


class StoreError(RoleplayError):
    """The transcripts cannot be read or written."""


class StoreBusy(StoreError):
    """Another program holds the transcripts' lock."""


class NotSaved(StoreError):
    """The disk refused a write; nothing of it was kept."""


class StoreDamaged(StoreError):
    """Stored rows do not match their checksum, or the file is no database."""


class StoreForeign(StoreError):
    """A transcript is intact, but another version saved it and this one cannot read it."""


class UnsafePlace(RoleplayError):
    """A place where data would not be safe, or a path that leads outside its folder."""


class BadInput(RoleplayError):
    """A file or value that cannot be read as what it should be."""

    exit_code = 2
