"""Full-text search over everything said and noted in all calls. Needs nothing but sqlite3."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from roleplay.errors import BadInput
from roleplay.text import sanitise

_WORDS_AROUND = 32


class Hit(NamedTuple):
    """Something said or noted in which all words occur. `excerpt` has them between marks.

    `side`: customer and trainee for what was said; coach for comments, reasons and answers, dispute for a trainee's.
    """

    session: str
    branch: int
    turn: int
    side: str
    text: str
    excerpt: str


PLAIN_MARKS = ("[", "]")
"""What stands before and after a word that was found, for a person to read."""
CLEAR_MARKS = ("\x02", "\x03")
"""The same for a program: controls, which no text that was kept holds."""


RANKED = 2_000
"""So many of the newest hits are ranked: ranking all of very many would take too long."""

_FOUND = f"""
SELECT coalesce(r.session, l.session, c.session, o.session, d.session, a.session),
       coalesce(r.branch, l.branch, c.branch, o.branch, d.branch, answered.branch),
       coalesce(r.turn, l.turn, c.turn, o.turn, d.turn, answered.turn),
       CASE WHEN r.n THEN 'trainee' WHEN l.n THEN 'customer' WHEN d.n THEN 'dispute' ELSE 'coach' END,
       coalesce(r.text, l.text, c.text, o.reason, d.text, a.text),
       snippet(said_fts, 0, ?, ?, '…', {_WORDS_AROUND})
FROM said_fts
LEFT JOIN replies AS r ON r.n = said_fts.rowid
LEFT JOIN lines AS l ON l.n = said_fts.rowid
LEFT JOIN comments AS c ON c.n = said_fts.rowid
LEFT JOIN overrides AS o ON o.n = said_fts.rowid
LEFT JOIN disputes AS d ON d.n = said_fts.rowid
LEFT JOIN answers AS a ON a.n = said_fts.rowid
LEFT JOIN disputes AS answered ON answered.id = a.dispute
WHERE said_fts MATCH ?
  AND NOT EXISTS (SELECT 1 FROM withdrawals AS w WHERE w.of IN (c.id, d.id, a.id, answered.id))
  AND (o.n IS NULL OR (o.level IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM overrides AS later WHERE later.session = o.session AND later.branch = o.branch
      AND later.turn = o.turn AND later.dimension = o.dimension AND later.n > o.n)))
"""
_NEWEST = f"{_FOUND} ORDER BY said_fts.rowid DESC LIMIT ?"
_RANKED = f"""{_FOUND} AND said_fts.rowid >= ifnull((
    SELECT rowid FROM said_fts WHERE said_fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET {RANKED - 1}), 0)
ORDER BY bm25(said_fts), said_fts.rowid DESC LIMIT ?"""


def search(
    connection: sqlite3.Connection,
    words: str,
    limit: int,
    marks: tuple[str, str] = PLAIN_MARKS,
    *,
    by_relevance: bool = False,
) -> list[Hit]:
    """The newest `limit` things said or noted that hold all of `words`, in whatever order and form ("tows" is "towed").

    Whatever is typed is taken as words, never as an operator. In the excerpts `marks` stand around what was found.
    With `by_relevance` the best by BM25 of the newest `RANKED` hits (https://sqlite.org/fts5.html#the_bm25_function).
    What was taken back or overruled anew is passed over. Raises `BadInput` if there is no word to search for.
    """
    asked = [word for word in sanitise(words).split() if any(map(str.isalnum, word))]
    if not asked:
        raise BadInput("There is no word to search for.", mend="Give at least one word with a letter or a digit.")
    query = " ".join('"' + word.replace('"', '""') + '"' for word in asked)
    if by_relevance:
        rows = connection.execute(_RANKED, [*marks, query, query, limit])
    else:
        rows = connection.execute(_NEWEST, [*marks, query, limit])
    return [Hit(*row) for row in rows]
