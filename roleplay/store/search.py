"""Full-text search over everything said in all calls, by both sides. Needs nothing but sqlite3."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from roleplay.errors import BadInput
from roleplay.text import sanitise

_WORDS_AROUND = 32


class Hit(NamedTuple):
    """Something said in which all words occur. `excerpt` has them in [brackets]; `side` is customer or trainee."""

    session: str
    branch: int
    turn: int
    side: str
    text: str
    excerpt: str


def search(connection: sqlite3.Connection, words: str, limit: int) -> list[Hit]:
    """The newest `limit` things said that hold all of `words`, in whatever order and form ("tows" finds "towed").

    Whatever is typed is taken as words, never as an operator. Raises `BadInput` if there is no word in it.
    """
    asked = [word for word in sanitise(words).split() if any(map(str.isalnum, word))]
    if not asked:
        raise BadInput("There is no word to search for.", mend="Give at least one word with a letter or a digit.")
    query = " ".join('"' + word.replace('"', '""') + '"' for word in asked)
    rows = connection.execute(
        "SELECT ifnull(r.session, l.session), ifnull(r.branch, l.branch), ifnull(r.turn, l.turn), "
        "iif(r.n IS NULL, 'customer', 'trainee'), ifnull(r.text, l.text), "
        f"snippet(said_fts, 0, '[', ']', '…', {_WORDS_AROUND}) "
        "FROM said_fts LEFT JOIN replies AS r ON r.n = said_fts.rowid LEFT JOIN lines AS l ON l.n = said_fts.rowid "
        "WHERE said_fts MATCH ? ORDER BY said_fts.rowid DESC LIMIT ?",
        [query, limit],
    )
    return [Hit(*row) for row in rows]
