"""Writes a new persona's file, from a template, and the schema beside it by which an editor completes."""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Literal

from roleplay.errors import BadInput, NotSaved
from roleplay.persona.folders import ENDINGS
from roleplay.persona.names import is_id
from roleplay.persona.schema import SCHEMA_TITLE, persona_schema
from roleplay.text import one_line, quote, sanitise

SCHEMA_FILE = "persona.schema.json"

Beside = Literal["kept", "written", "renewed", "foreign"]
"""What became of the schema: it was right, was not there, was another version's, or is a file of somebody else's."""

_NO_ID = re.compile(r"[^a-z0-9]+")


def checked_id(name: str) -> str:
    """`name`, if it can be the id of a persona. Raises `BadInput`, which offers the nearest id."""
    if is_id(name):
        return name
    stem = next((name[: -len(each)] for each in ENDINGS if name.lower().endswith(each)), name)
    plain = unicodedata.normalize("NFKD", stem.casefold()).encode("ascii", "ignore").decode()
    offer = _NO_ID.sub("-", plain).strip("-")[:60].strip("-")
    raise BadInput(
        f"{quote(name, 60)} cannot be an id; ids are made of small letters, digits and hyphens, 60 at the most.",
        mend=f"Try: {offer}" if offer else "Write it like stranded-driver.",
    )


def template(named: str, *, full: bool) -> str:
    """The text of a new persona that plays as it is; its comments tell the commands for it, `named` by id or path."""
    source = files("roleplay.persona").joinpath("templates", "full.yaml" if full else "short.yaml")
    return source.read_text(encoding="utf-8").replace("NAME", one_line(sanitise(named)))


def write_new(folder: Path, ident: str, text: str) -> Path:
    """Write `text` to the file of the persona `ident` in `folder`, which is there, and return its path.

    Raises `BadInput` if there is one already, which stays as it is, and `NotSaved` if it cannot be written.
    """
    for ending in ENDINGS:
        if os.path.lexists(there := folder / f"{ident}{ending}"):
            raise BadInput(f"{quote(str(there))} is there already; nothing was written.", mend="Choose another name.")
    path = folder / f"{ident}{ENDINGS[0]}"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            try:
                file.write(text)
                file.flush()
            except OSError:
                path.unlink()
                raise
    except OSError as error:
        raise NotSaved(
            f"{quote(str(path))} cannot be written: {error.strerror}.", mend="Name another folder: --in FOLDER"
        ) from error
    return path


def put_schema(folder: Path) -> Beside:
    """See to it that this program's schema lies in `folder`; a file of that name that is no such schema is left alone.

    Raises `NotSaved`.
    """
    path, schema = folder / SCHEMA_FILE, persona_schema()
    try:
        if not os.path.lexists(path):
            _replace(path, schema)
            return "written"
        there = path.read_text(encoding="utf-8")
        if there == schema:
            return "kept"
        if not _is_ours(there):
            return "foreign"
        _replace(path, schema)
    except UnicodeDecodeError:
        return "foreign"
    except OSError as error:
        raise NotSaved(
            f"{quote(str(path))} cannot be written: {error.strerror}.", mend="Look at its rights."
        ) from error
    return "renewed"


def _is_ours(text: str) -> bool:
    """Whether `text` is a schema of personas, of whatever version."""
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(schema, dict) and schema.get("title") == SCHEMA_TITLE


def _replace(path: Path, text: str) -> None:
    """Put a file with `text` at `path`, whole or not at all; a link there is replaced, not followed."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
