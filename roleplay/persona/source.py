"""Brings the text of a persona file in: an ordinary file, not too large, in UTF-8; or one sentence why not."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from roleplay.persona.problems import Problems
from roleplay.persona.yaml_nodes import SIZE_LIMIT, Spot
from roleplay.text import quote

_SAVE_AS_UTF8 = "Save it as UTF-8: most editors offer this as “Save with encoding”."
_START = Spot(1, 1)
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def read_text(path: Path, problems: Problems) -> str | None:
    """The text of the file at `path`, or None after noting why it cannot be read.

    Never waits for a pipe or a device, and reads one byte more than the size limit at the most.
    """
    try:
        raw = _read_ordinary(path)
    except ValueError:
        problems.error(_START, "This path holds a character that no file name can have.", "Correct the path.")
    except _NotOrdinary as error:
        problems.error(_START, f"This is {error}, not a file.", "Name a .yaml file.")
    except OSError as error:
        problems.error(_START, f"The file cannot be read ({_reason(error)}).", "Check the path and its permissions.")
    else:
        return decode(raw, problems)
    return None


def decode(raw: bytes, problems: Problems) -> str | None:
    """`raw` as text, or None after noting that it is too large, no text, or in which encoding it seems to be."""
    if len(raw) > SIZE_LIMIT:
        problems.error(
            _START, f"The file is larger than {SIZE_LIMIT // 1024} KiB.", "Split it; a long persona has about 60 KiB."
        )
        return None
    for mark, name in _MARKS:
        if raw.startswith(mark):
            problems.error(_START, f"The file is in {name}.", _SAVE_AS_UTF8)
            return None
    if b"\0" in raw:
        problems.error(_START, *_with_zeros(raw))
        return None
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        spot = Spot(before.count("\n") + 1, len(before) - before.rfind("\n"))
        problems.error(spot, *_not_utf8(raw, error.start))
        return None


class _NotOrdinary(Exception):
    """The path leads to something that is no ordinary file."""


def _read_ordinary(path: Path) -> bytes:
    # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if stat.S_ISREG(mode):
            return file.read(SIZE_LIMIT + 1)
    raise _NotOrdinary("a pipe" if stat.S_ISFIFO(mode) else "a folder" if stat.S_ISDIR(mode) else "a device")


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _with_zeros(raw: bytes) -> tuple[str, str]:
    head = raw[:400]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 4
    if max(even, odd) > half and min(even, odd) == 0:
        return "The file seems to be in UTF-16.", _SAVE_AS_UTF8
    return "This is not a text file.", "Name a .yaml file."


def _not_utf8(raw: bytes, offset: int) -> tuple[str, str]:
    odd = sum(byte < 0x20 and byte not in b"\t\n\r\x0c" for byte in raw[:4000])
    if odd * 20 > len(raw[:4000]):
        return "This is not a text file.", "Name a .yaml file."
    byte = raw[offset]
    try:
        meant = raw[offset : offset + 1].decode("cp1252")
    except UnicodeDecodeError:
        return f"The file is not in UTF-8: the byte {byte:#04x} stands here.", _SAVE_AS_UTF8
    probably = f"probably in Latin-1 (Windows-1252); the byte here, {byte:#04x}, is {quote(meant)}"
    return f"The file is not in UTF-8 but {probably}.", _SAVE_AS_UTF8
