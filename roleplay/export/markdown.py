"""Calls as Markdown to be read, printed or pasted: whatever was said in them stays words.

Nothing of it becomes markup, HTML, a link or a mention, by CommonMark or as GitHub and others extend it: every sign
with a meaning is escaped, and words that some readers turn into links or mentions are written as code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from roleplay.conversation.said import SaidLine
from roleplay.conversation.turns import SceneBegins
from roleplay.export import telling
from roleplay.export.telling import Note
from roleplay.export.told import Told, heading_of
from roleplay.practice import wording
from roleplay.review.reading import Assessed, Entry
from roleplay.text import one_line, sanitise

_SIGNS = re.compile(r"[\\`*_{}\[\]<>&|~$^#]")
_BEGINS = re.compile(r"[-+=:]")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_WORD = re.compile(r"\S+")
_LINKED = re.compile(r"@|://|www\.|mailto:|xmpp:|(?<!\w)#\d", re.IGNORECASE)
_TICKS = re.compile("`+")


def words(given: str, indent: str = "") -> str:
    """`given` as lines of a paragraph, those after the first behind `indent`: read as Markdown, it is `given` again."""
    text = sanitise(given)
    inner = text.strip("\n")
    before = len(text) - len(text.lstrip("\n")) if inner else len(text)
    after = len(text) - len(inner) - before
    lines = f"\\\n{indent}".join(_line(line) for line in inner.split("\n"))
    return "&#10;" * before + lines + "&#10;" * after


def markdown_of(calls: Iterable[Told]) -> Iterator[bytes]:
    """The calls, one after the other."""
    for number, told in enumerate(calls):
        yield ("\n---\n\n" if number else "").encode() + "".join(f"{line}\n" for line in _call(told)).encode()


def _call(told: Told) -> Iterator[str]:
    yield f"# {words(told.title)}"
    yield ""
    for name, fact in heading_of(told):
        yield f"- {name}: {words(fact, '  ')}"
    turn = 0
    for entry in told.entries:
        at = _turn(entry)
        if at > turn:
            turn = at
            yield ""
            yield f"## Turn {turn}"
        yield ""
        yield from _entry(entry, assessed=told.assessed)
    ending = told.transcript.ending
    if ending and ending.epilogue:
        yield ""
        yield "## Afterwards"
        yield ""
        yield f"> {words(ending.epilogue, '> ')}"
    if told.elsewhere:
        yield ""
        yield "## Comments on other branches"
        yield ""
        for comment in told.elsewhere:
            yield _note(telling.comment(comment), telling.elsewhere(comment, told.practice))


def _turn(entry: Entry) -> int:
    if isinstance(entry.told, SceneBegins):
        return 0
    return entry.told.line.turn if isinstance(entry.told, SaidLine) else entry.told.reply.turn


def _entry(entry: Entry, *, assessed: bool) -> Iterator[str]:
    if isinstance(entry.told, SceneBegins):
        yield f"Scene: {words(one_line(entry.who))}"
        if entry.said:
            yield ""
            yield words(entry.said)
        return
    yield f"{words(one_line(entry.who))}{_manner(entry)}:"
    yield ""
    yield f"> {words(entry.said, '> ') or '(silence)'}"
    notes = list(_notes(entry, assessed=assessed))
    if notes:
        yield ""
        yield from notes


def _manner(entry: Entry) -> str:
    if isinstance(entry.told, SaidLine):
        return " (cut off)" if entry.told.line.broken_off else ""
    if entry.reply is None or isinstance(entry.told, SceneBegins):
        return ""
    back = "" if entry.told.stands else ", taken back"
    return f" (try {entry.told.attempt}{back})" if back or entry.told.attempt > 1 else ""


def _notes(entry: Entry, *, assessed: bool) -> Iterator[str]:
    if entry.gesture:
        yield f"- With a gesture: {words(one_line(entry.gesture))}"
    if entry.assessed and assessed:
        yield from _assessment(entry.assessed)
    for comment in entry.comments:
        yield _note(telling.comment(comment), "Comment by ")
    for dispute, answer in entry.disputes:
        yield from map(_note, telling.dispute(dispute, answer))


def _assessment(assessed: Assessed) -> Iterator[str]:
    yield f"- {telling.verdict(assessed)}"
    if telling.flags(assessed):
        yield f"- To know: {telling.flags(assessed)}"
    for level in telling.levels(assessed):
        by = f", by {words(level.by)}; was {level.was}" if level.was else ""
        yield f"- {words(level.title)}: {level.counts}{by}. {words(level.means)}".rstrip()
        if level.reason:
            yield f"  - Reason: {words(level.reason, '    ')}"
    for mark in assessed.marks:
        yield f"- {wording.WHOSE[mark.of]} “{words(one_line(mark.quote))}”: {words(telling.mark(mark))}"
    better = assessed.assessment.suggestion
    if better and assessed.assessment.opportunity != "met":
        yield f"- Better: {words(better.text, '  ')}"
        yield f"- Because: {words(better.why, '  ')}"


def _note(note: Note, before: str = "") -> str:
    return f"- {before}{words(note.who)}" + (f": {words(note.words, '  ')}" if note.words else "")


def _line(line: str) -> str:
    """One line of words: white space at its ends as entities, what may be linked as code, all signs escaped."""
    inner = line.strip()
    if not inner:
        return _spaces(line)
    start = line.index(inner)
    escaped, at = "", 0
    for linked in _WORD.finditer(inner):
        if not _LINKED.search(linked.group()):
            continue
        escaped += _escaped(inner[at : linked.start()], first=at == 0) + _code(linked.group())
        at = linked.end()
    escaped += _escaped(inner[at:], first=at == 0)
    return _spaces(line[:start]) + escaped + _spaces(line[start + len(inner) :])


def _escaped(part: str, *, first: bool) -> str:
    """`part` with a backslash before all that has a meaning; `first`: it begins a line."""
    part = _SIGNS.sub(r"\\\g<0>", part)
    if not first:
        return part
    if _BEGINS.match(part):
        return f"\\{part}"
    return _NUMBERED.sub(r"\1\\\2", part, count=1) if _NUMBERED.match(part) else part


def _code(word: str) -> str:
    """A word as a code span, whatever is in it."""
    fence = "`" * (1 + max((len(run) for run in _TICKS.findall(word)), default=0))
    pad = " " if word.startswith("`") or word.endswith("`") else ""
    return f"{fence}{pad}{word}{pad}{fence}"


def _spaces(blank: str) -> str:
    return "".join(f"&#{ord(each)};" for each in blank)
