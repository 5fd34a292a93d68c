"""Reads `roleplay.toml`: the settings of a workspace, which may have been written by a stranger.

Never a key: that belongs into the environment. Everything that is wrong is one sentence with line and column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from roleplay.errors import BadInput
from roleplay.text import quote, sanitise

NAME = "roleplay.toml"
SIZE_LIMIT = 64 * 1024
"""Bytes of a settings file."""

DEAREST = 1_000_000
"""The most that a million tokens may cost, in any currency."""

_TOO_MUCH = 10**18
_KEY_NAMES = re.compile(r"(?i)(?:.*[_-])?(?:api[_-]?)?(?:key|token|secret|password)s?")
_TABLE = re.compile(r"\s*\[\s*([A-Za-z0-9_.\"' -]+?)\s*\]")
_ENTRY = re.compile(r"\s*([A-Za-z0-9_.\"' -]+?)\s*=")
_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


class Entry(NamedTuple):
    """A value of the file, and where its name stands: file:line:column."""

    value: Any
    where: str


Read = Callable[[Any], str]
"""Says what is wrong with a value, as what it should be instead; empty where nothing is."""


def _text(value: Any) -> str:
    return "" if isinstance(value, str) else 'a text in quotation marks, such as "llama3.1:8b"'


def _name(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else 'a name in quotation marks, such as "Sam"'


def _count(value: Any) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < _TOO_MUCH
    return "" if whole else "a whole number, such as 8192"


def _limit(value: Any) -> str:
    return "" if value == "none" or not _count(value) else 'a whole number, or "none"'


def _seconds(value: Any) -> str:
    return "" if _number(value) and 0 < value <= 3600 else "a number of seconds, above 0 and up to 3600"


def _amount(value: Any) -> str:
    fits = _number(value) and 0 <= value <= DEAREST
    return "" if fits else f"what a million tokens cost, such as 0.4, and at most {DEAREST:,}"


def _number(value: Any) -> bool:
    # a whole number may have more digits than a float can take
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _TOO_MUCH


FIELDS: Mapping[str, Read] = {
    "trainee": _name,
    "coach": _name,
    "base_url": _text,
    "model": _text,
    "judge_model": _text,
    "context": _count,
    "call_limit": _limit,
    **{f"price.{name}": _amount for name in ("sent", "cached", "received")},
    "price.currency": _text,
    **{f"deadlines.{name}": _seconds for name in ("connect", "first_word", "between_words", "whole")},
}
"""Each setting the file may hold, those of a table as table.name."""

_TABLES = {name.partition(".")[0] for name in FIELDS if "." in name}


def read_settings_file(folder: Path) -> Mapping[str, Entry]:
    """The settings in the `roleplay.toml` of `folder`, by the names of `FIELDS`; none where there is no such file.

    Raises `BadInput` for what cannot be read, and for a setting that does not exist or has the wrong type.
    """
    path = folder / NAME
    source = _source(path)
    if not source.strip():
        return {}
    from tomllib import TOMLDecodeError, loads  # only where there is something to read

    try:
        data = loads(source)
    except TOMLDecodeError as error:
        _bad_toml(path, source, str(error))
    except (ValueError, RecursionError) as error:
        raise BadInput("A value in it is too big or too deep.", where=_shown(path), mend="Delete it.") from error
    found = {}
    for name, value in _flat(data):
        where = _place(path, source, name)
        _refuse_key(name, where)
        if name in _TABLES:
            raise BadInput(f"{quote(name)} is a table.", where=where, mend=f"Write [{name}] on a line of its own.")
        if name not in FIELDS:
            _unknown(name, where)
        wanted = FIELDS[name](value)
        if wanted:
            raise BadInput(f"{quote(name)} wants {wanted}.", where=where)
        found[name] = Entry(value, where)
    return found


def _source(path: Path) -> str:
    """The text of the file; empty where there is none."""
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadInput(f"It cannot be read: {error.strerror}.", where=_shown(path), mend="Check its rights.") from error
    if len(raw) > SIZE_LIMIT:
        raise BadInput(f"It has more than {SIZE_LIMIT // 1024} KiB.", where=_shown(path), mend="Make it shorter.")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", errors="replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        where = f"{_shown(path)}:{line}:{column}"
        raise BadInput("It is not UTF-8 text.", where=where, mend="Save it as UTF-8.") from error


def _flat(data: Mapping[str, Any], table: str = "") -> list[tuple[str, Any]]:
    """Each value with its name, those of tables as table.name."""
    flat: list[tuple[str, Any]] = []
    for name, value in data.items():
        full = f"{table}{name}"
        if isinstance(value, dict) and not table:
            flat += _flat(value, f"{full}.") if value else []
        else:
            flat.append((full, value))
    return flat


def _refuse_key(name: str, where: str) -> None:
    if name not in FIELDS and _KEY_NAMES.fullmatch(name.rpartition(".")[2]):
        raise BadInput(
            f"{quote(name)} does not belong into a file, which is copied and shared.",
            where=where,
            mend="Delete the line, and set the key in the environment: export ROLEPLAY_API_KEY=…",
        )


def _unknown(name: str, where: str) -> NoReturn:
    import difflib  # only for a mistake

    near = difflib.get_close_matches(name, FIELDS, n=1)
    mend = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(FIELDS)}."
    raise BadInput(f"There is no setting {quote(name, 40)}.", where=where, mend=mend)


def _bad_toml(path: Path, source: str, told: str) -> NoReturn:
    """What the parser found, in one sentence, where it found it."""
    found = _PLACE.search(told)
    at_end = (source.count("\n") + 1, len(source) - source.rfind("\n"))
    line, column = (int(found[1]), int(found[2])) if found and found[1] else at_end
    what = sanitise(_PLACE.sub("", told)).strip().rstrip(".")
    raise BadInput(
        f"This line is not TOML ({what[:80]}).",
        where=f"{_shown(path)}:{line}:{column}",
        mend='Write each setting as name = value, texts in quotation marks: model = "llama3.1:8b"',
    )


def _place(path: Path, source: str, wanted: str) -> str:
    """Where the setting `wanted` stands; the file alone where it is written in a way we do not look for."""
    table = ""
    for number, line in enumerate(source.split("\n"), 1):
        if header := _TABLE.match(line):
            table = f"{_plain(header[1])}."
        elif (entry := _ENTRY.match(line)) and _is(f"{table}{_plain(entry[1])}", wanted):
            return f"{_shown(path)}:{number}:{len(line) - len(line.lstrip()) + 1}"
    return _shown(path)


def _is(written: str, wanted: str) -> bool:
    """Whether a line that sets `written` sets `wanted`, alone or among others: price = {sent = 1}."""
    return written == wanted or wanted.startswith(f"{written}.")


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def _shown(path: Path) -> str:
    return sanitise(str(path))
