"""Calls as one HTML page to be read, printed or sent: self-contained, without scripts, links or anything loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from roleplay.conversation.said import SaidLine, SaidReply
from roleplay.conversation.turns import SceneBegins
from roleplay.export import telling
from roleplay.export.page import page, text
from roleplay.export.telling import Note
from roleplay.export.told import Told, heading_of
from roleplay.practice import wording
from roleplay.practice.marks import Mark
from roleplay.review.reading import Assessed, Entry
from roleplay.text import one_line, sanitise

STYLE = """
article + article { margin-top: 3rem; border-top: 2px solid var(--line); padding-top: 2rem; break-before: page; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.5rem 0 1.5rem; }
dl.facts dt { color: var(--quiet); } dl.facts dd { margin: 0; }
.line, .reply, .scene { margin: 1rem 0; }
.line, .note, .said, .better, li { break-inside: avoid-page; }
.who { color: var(--quiet); font-size: 0.9rem; margin: 0; break-after: avoid; }
.said { margin: 0.1rem 0 0.4rem; white-space: pre-wrap; }
.reply { margin-left: 1.5rem; padding-left: 1rem; border-left: 3px solid var(--line); }
.reply.met { border-color: var(--good); } .reply.partly { border-color: var(--middling); }
.reply.missed { border-color: var(--bad); }
.scene { text-align: center; color: var(--quiet); }
.verdict { font-weight: 600; margin: 0.2rem 0; break-after: avoid; }
.said mark { background: var(--mark); color: inherit; padding: 0 0.1em; }
.said mark.hurts { text-decoration: underline wavy var(--bad); }
ul { margin: 0.2rem 0; padding-left: 1.2rem; } li { margin: 0.1rem 0; }
.levels, .marks, .better { font-size: 0.92rem; }
del { color: var(--quiet); }
.note { margin: 0.4rem 0; padding: 0.4rem 0.7rem; background: var(--panel); white-space: pre-wrap; }
.note p { margin: 0; }
@media (max-width: 30rem) { .reply { margin-left: 0; } dl.facts { grid-template-columns: 1fr; gap: 0; } }
"""

_PLACE = "<!--calls-->"


def html_of(calls: Iterable[Told]) -> Iterator[bytes]:
    """The page, call by call."""
    before, after = page("Transcripts", _PLACE, STYLE).split(_PLACE)
    yield before.encode()
    for told in calls:
        yield "".join(_call(told)).encode()
    yield after.encode()


def _call(told: Told) -> Iterator[str]:
    yield f'<article>\n<h1>{text(told.title)}</h1>\n<dl class="facts">\n'
    for name, fact in heading_of(told):
        yield f"<dt>{text(name)}</dt><dd>{text(fact)}</dd>\n"
    yield "</dl>\n"
    for entry in told.entries:
        yield from _entry(entry, assessed=told.assessed)
    ending = told.transcript.ending
    if ending and ending.epilogue:
        yield f'<h2>Afterwards</h2>\n<p class="said">{text(ending.epilogue)}</p>\n'
    if told.elsewhere:
        yield "<h2>Comments on other branches</h2>\n"
        for comment in told.elsewhere:
            yield _note(telling.comment(comment), telling.elsewhere(comment, told.practice))
    yield "</article>\n"


def _entry(entry: Entry, *, assessed: bool) -> Iterator[str]:
    match entry.told:
        case SceneBegins():
            yield f'<div class="scene"><p class="who">{text(one_line(entry.who))}</p>'
            yield f'<p class="said">{text(entry.said)}</p></div>\n' if entry.said else "</div>\n"
        case SaidLine(line, _):
            cut = " (cut off)" if line.broken_off else ""
            yield f'<div class="line"><p class="who">{text(one_line(entry.who))}{cut}</p>'
            yield f'<p class="said">{text(entry.said)}</p>\n{"".join(_comments(entry))}</div>\n'
        case SaidReply() as said:
            yield from _reply(entry, said, assessed=assessed)


def _reply(entry: Entry, said: SaidReply, *, assessed: bool) -> Iterator[str]:
    shown = entry.assessed if assessed else None
    heard = f" {shown.assessment.opportunity}" if shown and shown.assessment.scorable else ""
    back = "" if said.stands else ", taken back"
    again = f", try {said.attempt}{back}" if back or said.attempt > 1 else ""
    yield f'<div class="reply{heard}"><p class="who">{text(one_line(entry.who))}, turn {said.reply.turn}{again}</p>'
    words = _marked(entry.said, shown.marks if shown else ()) if entry.said else "(silence)"
    yield f'<p class="said">{words}</p>\n'
    if entry.gesture:
        yield f'<p class="quiet">With a gesture: {text(one_line(entry.gesture))}</p>\n'
    if shown:
        yield from _assessment(shown)
    yield from _comments(entry)
    for dispute, answer in entry.disputes:
        yield from map(_note, telling.dispute(dispute, answer))
    yield "</div>\n"


def _assessment(assessed: Assessed) -> Iterator[str]:
    yield f'<p class="verdict">{text(telling.verdict(assessed))}</p>\n'
    if telling.flags(assessed):
        yield f"<p>To know: {text(telling.flags(assessed))}</p>\n"
    yield '<ul class="levels">\n'
    for level in telling.levels(assessed):
        was = f"<del>{text(level.was)}</del> " if level.was else ""
        by = f" by {text(level.by)}" if level.by else ""
        yield f"<li>{text(level.title)}: {was}<strong>{text(level.counts)}</strong>{by}. {text(level.means)}"
        yield f"<br>Reason: {text(level.reason)}</li>\n" if level.reason else "</li>\n"
    yield "</ul>\n"
    if assessed.marks:
        items = (
            f"<li>{text(wording.WHOSE[mark.of])} “{text(one_line(mark.quote))}”: {text(telling.mark(mark))}</li>\n"
            for mark in assessed.marks
        )
        yield f'<ul class="marks">\n{"".join(items)}</ul>\n'
    better = assessed.assessment.suggestion
    if better and assessed.assessment.opportunity != "met":
        yield f'<p class="better">Better: {text(better.text)}<br>Because: {text(better.why)}</p>\n'


def _marked(words: str, marks: Iterable[Mark]) -> str:
    """`words` with those marked that points rest on; of words in two marks the first has them."""
    said, html, at = sanitise(words), "", 0
    for mark in sorted((each for each in marks if each.of == "reply"), key=lambda each: each.start):
        start, end = max(mark.start, at), min(mark.end, len(said))
        if start >= end:
            continue
        kind = ' class="hurts"' if mark.hurts else ""
        html += f"{text(said[at:start])}<mark{kind}>{text(said[start:end])}</mark>"
        at = end
    return html + text(said[at:])


def _comments(entry: Entry) -> Iterator[str]:
    for comment in entry.comments:
        yield _note(telling.comment(comment), "Comment by ")


def _note(note: Note, before: str = "") -> str:
    words = f"<p>{text(note.words)}</p>" if note.words else ""
    return f'<div class="note"><p class="who">{before}{text(note.who)}</p>{words}</div>\n'
