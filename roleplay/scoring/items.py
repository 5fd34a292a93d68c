"""Replies given to be scored, with or without labels, read from JSON Lines: one object a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, TypeVar

import msgspec
from msgspec import Meta

from roleplay.errors import BadInput, NotFound
from roleplay.persona.fields import DIMENSIONS, Boundary, Dimension, Safety
from roleplay.persona.message import Message, Role
from roleplay.scoring.assessment import Scored
from roleplay.scoring.occasion import Occasion
from roleplay.text import REPLY_LIMIT, sanitise

LINE_LIMIT = 1_000_000
"""Longest input line in bytes."""

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Words = Annotated[str, Meta(max_length=20_000)]
Name = Annotated[str, Meta(max_length=500)]
Level = Annotated[int, Meta(ge=0, le=2)]


class Turn(msgspec.Struct, frozen=True):
    """One thing said before the reply."""

    role: Role
    text: Words


class MomentGiven(msgspec.Struct, frozen=True, kw_only=True):
    """What there was to be met, as far as the sender knows."""

    id: str | int = ""
    feeling: Words = ""
    spoken_need: Words = ""
    unspoken_need: Words = ""
    note: Words = ""
    safety: Safety = "none"
    boundary: Boundary = "none"

    def occasion(self) -> Occasion:
        """The moment as a scorer sees it; a need that is not given drops its dimension."""
        offered: dict[Dimension, str] = {"names_need": self.spoken_need, "reaches_unspoken": self.unspoken_need}
        return Occasion(
            id=sanitise(str(self.id)) or "moment",
            feeling=sanitise(self.feeling),
            spoken=sanitise(self.spoken_need),
            unspoken=sanitise(self.unspoken_need),
            note=sanitise(self.note),
            safety=self.safety,
            boundary=self.boundary,
            called_for=tuple(name for name in DIMENSIONS if offered.get(name, "given")),
        )


class Item(msgspec.Struct, frozen=True):
    """A reply to be scored; other keys of its line are ignored."""

    id: str | int
    reply: str
    context: tuple[Turn, ...] = ()
    moment: MomentGiven | None = None

    @property
    def occasion(self) -> Occasion:
        """The moment as a scorer sees it; without one it works from the context alone."""
        return self.moment.occasion() if self.moment else Occasion()

    @property
    def history(self) -> list[Message]:
        """What was said before, sanitised."""
        return [Message(turn.role, sanitise(turn.text)) for turn in self.context]

    @property
    def said(self) -> str:
        """The reply, sanitised."""
        return sanitise(self.reply)


class Labels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody found in a reply, 0-2 each; None: not rated."""

    acknowledges_feeling: Level | None = None
    names_need: Level | None = None
    reaches_unspoken: Level | None = None
    explores: Level | None = None
    acts: Level | None = None
    harm: Level | None = None


class LabelledItem(Item, frozen=True, kw_only=True):
    """A reply with what somebody found in it: `labels`, and `overall` 0-4; None where it was not rated."""

    writer: Name | None = None
    story: Name | None = None
    tags: tuple[Name, ...] | None = None
    labels: Labels | None = None
    overall: Annotated[int, Meta(ge=0, le=4)] | None = None

    def label(self, name: Scored) -> int | None:
        """The label of a dimension or of `harm`."""
        level: int | None = getattr(self.labels, name, None)
        return level

    @property
    def place(self) -> tuple[str, str] | None:
        """The story and the moment that the reply is for; None where neither the moment nor the context tells it."""
        if self.moment is None and not self.context:
            return None
        named = str(self.moment.id) if self.moment else ""
        return self.story or "", named or msgspec.json.encode((self.moment, self.context)).decode()


class BadLine(Exception):
    """A line that cannot be scored; the message says why."""


Kind = TypeVar("Kind", bound=Item)


def lines_of(path: Path, limit: int = LINE_LIMIT) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that hold anything, with their numbers from 1, each cut off after `limit` bytes and one.

    Raises NotFound or BadInput.
    """
    where = sanitise(str(path))
    try:
        with path.open("rb") as stream:
            yield from numbered(stream, where, limit)
    except FileNotFoundError:
        raise NotFound("There is no such file.", where=where, mend="Check the path, or use - for input.") from None
    except IsADirectoryError:
        raise BadInput("This is a folder.", where=where, mend="Name a JSON Lines file.") from None
    except PermissionError:
        raise BadInput("This file may not be read.", where=where, mend="Check its permissions.") from None
    except OSError as error:
        raise BadInput(f"This cannot be read ({error.strerror}).", where=where) from None


def numbered(stream: IO[bytes], where: str, limit: int = LINE_LIMIT) -> Iterator[tuple[int, bytes]]:
    """The lines of `stream` that hold anything, each as soon as it is there, cut off after `limit` bytes and one.

    Raises BadInput, naming `where`.
    """
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if number == 1:
            if line.startswith(_UTF16):
                raise BadInput("This is UTF-16 text.", where=where, mend="Save it as UTF-8.")
            line = line.removeprefix(_BOM)
        if len(line) > limit and not line.endswith(b"\n"):
            while (rest := stream.readline(limit)) and not rest.endswith(b"\n"):
                pass
        if line.strip():
            yield number, line


def read_item(line: bytes, kind: type[Kind]) -> Kind:
    """The item of a line. Raises BadLine."""
    if len(line) > LINE_LIMIT:
        raise BadLine(f"longer than {LINE_LIMIT:,} bytes.")
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        raise BadLine("not UTF-8 text.") from None
    try:
        item = msgspec.json.decode(line, type=kind)
    except msgspec.ValidationError as problem:
        raise BadLine(f"{_sentence(problem)}.") from None
    except (msgspec.DecodeError, RecursionError):
        raise BadLine("not a JSON object.") from None
    length = len(item.said)
    if length > REPLY_LIMIT:
        raise BadLine(f"the reply has {length:,} characters; {REPLY_LIMIT:,} is the limit.")
    return item


def _sentence(problem: msgspec.ValidationError) -> str:
    """What msgspec found wrong, in the words of the format."""
    text = sanitise(str(problem)).replace("Object missing required field", "there is no")
    return text.replace(" - at `$.", " at `").replace(" - at `$`", "")
