"""Exports of calls and drills, one after the other as they are read, into one stream or into one file each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

from roleplay.errors import StoreError
from roleplay.export.jsonl import jsonl_of
from roleplay.export.output import check_free, file_in, whole_file
from roleplay.export.told import Pseudonyms, Told, told_of
from roleplay.store.carried import call_of
from roleplay.store.rows import Row

Format = Literal["md", "html", "csv", "jsonl"]

OUTSIDE = "outside-calls.jsonl"
"""The file, in a folder with one file a call, of drills, tests and assignments."""

Chosen = Iterable[tuple[str, str]]
Left = Callable[[StoreError], object]
"""Is told why a call is left out: it was altered, or another version saved it."""


class Export:
    """Calls of one database in one format, without names if it is `anonymous`. `left_out` hears of what cannot be read.

    `tell` is called with the number of calls so far. `excel`: CSV as Excel takes it for UTF-8.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        form: Format,
        left_out: Left,
        *,
        anonymous: bool = False,
        excel: bool = False,
        tell: Callable[[int], object] = lambda done: None,
    ) -> None:
        self._connection, self._form, self._left_out = connection, form, left_out
        self._excel, self._tell = excel, tell
        self._names = Pseudonyms() if anonymous else None

    def pieces(self, chosen: Chosen) -> Iterator[bytes]:
        """The bytes of one file with all that is `chosen`, piece by piece."""
        if self._form == "jsonl":
            return jsonl_of(self._connection, self._counted(chosen), self._left_out, self._change)
        calls = self._calls(chosen)
        if self._form == "csv":
            from roleplay.export.csv import csv_of

            return csv_of(calls, excel=self._excel)
        if self._form == "html":
            from roleplay.export.html import html_of

            return html_of(calls)
        from roleplay.export.markdown import markdown_of

        return markdown_of(calls)

    def into(self, folder: Path, chosen: Chosen, personas: Callable[[str], str], *, force: bool) -> int:
        """Write one file a call into `folder`, and say how many. Nothing is written if one must not be replaced.

        What is chosen besides calls goes into one more, `OUTSIDE`. `personas` gives the id of the persona of a call.
        Raises `BadInput`, `NotSaved`.
        """
        everything = list(chosen)
        files = [
            (file_in(folder, personas(ident), ident, self._form), [(kind, ident)])
            for kind, ident in everything
            if kind == "call"
        ]
        outside = [(kind, ident) for kind, ident in everything if kind != "call"]
        files += [(folder / OUTSIDE, outside)] if outside else []
        for path, _ in files:
            check_free(path, force=force)
        for path, its_own in files:
            with whole_file(path, force=force) as stream:
                for piece in self.pieces(its_own):
                    stream.write(piece)
        return len(files)

    def _change(self, table: str, row: Row) -> Row:
        return self._names.row(table, row) if self._names else row

    def _calls(self, chosen: Chosen) -> Iterator[Told]:
        for kind, ident in self._counted(chosen):
            try:
                call = call_of(self._connection, ident) if kind == "call" else None
                told = told_of(call.changed(self._change)) if call else None
            except StoreError as error:
                self._left_out(error)
            else:
                if told:
                    yield told

    def _counted(self, chosen: Chosen) -> Iterator[tuple[str, str]]:
        for number, each in enumerate(chosen):
            self._tell(number)
            yield each
