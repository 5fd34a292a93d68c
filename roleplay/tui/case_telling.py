"""How a call is told to a coach: each line and reply with what counts of it and what was noted, as paragraphs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from textual.content import Content

from roleplay.conversation.said import SaidLine, SaidReply
from roleplay.conversation.turns import SceneBegins
from roleplay.practice.heard import sign_of
from roleplay.practice.marks import Mark
from roleplay.practice.noted import BY
from roleplay.practice.wording import WHOSE, verdict_word
from roleplay.review.opening import OUTCOMES, Opened, how_it_went, reviewed, title_of
from roleplay.review.reading import SHORT, Assessed, Entry, LevelOf
from roleplay.text import counted, one_line, quote, sanitise
from roleplay.tui.assessed import marked
from roleplay.tui.cards import when
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.retelling import SILENCE, WORDLESS
from roleplay.tui.signs import SIGNS, STYLES
from roleplay.tui.widgets.marked_reply import again
from roleplay.tui.widgets.story import Paragraph

WIDE = 100
"""Columns from which on the mind stands beside the call, and what was there to be met with it."""
_LABEL = 10
"""Columns of the margin in which names stand."""
_FOUND = "reverse"
_BLANK = Item(Content(""))
_NOT_ASSESSED = "–"


def heading(shown: Opened) -> Hanging:
    """Which call it is."""
    return Hanging([Item(literal_line(title_of(shown.case.transcript)), cut=True)])


def about(shown: Opened) -> Hanging:
    """Its score, after the automated one, struck through, if a coach's levels made it another; whose, and how it went.

    What matters most comes first: the rest is cut where there is no room.
    """
    score = Content.styled("not scored" if shown.score is None else f"score {shown.score:.0f}", "bold $text")
    if shown.machine != shown.score:
        machine = _NOT_ASSESSED if shown.machine is None else f"{shown.machine:.0f}"
        score = Content.assemble((machine, "strike"), " → ", score)
    session = shown.case.transcript.session
    parts = [*reviewed(shown), session.trainee, when(session.started), *how_it_went(shown)]
    return Hanging([Item(Content.assemble(score, ", ", literal_line(", ".join(parts))), cut=True)])


def named(shown: Opened) -> str:
    """Which call it is, in short."""
    session = shown.case.transcript.session
    return one_line(sanitise(f"{session.trainee}, {session.script.listed[1]}"))


def tries(shown: Opened) -> dict[str, str]:
    """The branches of the call by the number that leads to them."""
    whole, notes = shown.current, shown.case.reviewed.comments
    told = {}
    for branch in shown.case.branches:
        name = _path(branch)
        name += ", practice" if branch in shown.case.practice else ""
        name += ", to the end" if branch == whole and shown.ended else ""
        count = sum(comment.branch == branch for comment in notes)
        told[str(branch)] = name + (f" ({counted(count, 'comment', 'comments')})" if count else "")
    return told


def _path(branch: int) -> str:
    return f"try {branch}" if branch else "first path"


def story(shown: Opened, unfolded: Collection[str], *, there: bool, found: str) -> list[Paragraph]:
    """The whole call, where `found` stands marked.

    What the levels rest on is told of the replies that are `unfolded`; with `there`, also what was there to be met.
    """
    told = [
        Paragraph(
            entry.key if entry.place else "",
            Hanging([*_items(entry, unfolded=entry.key in unfolded, there=there, found=found), _BLANK]),
        )
        for entry in shown.reading.entries
    ]
    ending = shown.case.transcript.ending
    items = [Item(Content.styled(f"The call {OUTCOMES[ending.outcome]}.", "bold"), _label(""))] if ending else []
    if ending and ending.epilogue:
        items.append(Item(literal(ending.epilogue, "italic $text-muted"), _label("")))
    for comment in shown.reading.elsewhere:
        where = Content.styled(f"on {_path(comment.branch)}, turn {comment.turn}: ", "italic")
        items.append(_note("✎", _by(comment.coach, comment.at) + where + _found(literal(comment.text), found)))
    return [*told, Paragraph("", Hanging(items))] if items else told


def level(of: LevelOf) -> Content:
    """A level that counts, after the automated one, struck through, if a coach has overruled that."""
    counts = _number(of.counts)
    if of.override is None:
        return Content(f"{counts} of {of.highest}")
    return Content.assemble(
        (_number(of.machine), "strike $text-muted"), (" → ", "$text-muted"), (f"{counts} of {of.highest}", "bold")
    )


def in_short(levels: Iterable[LevelOf]) -> Content:
    """Levels in a line, each in a word and a number."""
    return Content("  ").join(Content.assemble((f"{SHORT[each.of]} ", "$text-muted"), _short(each)) for each in levels)


def _short(of: LevelOf) -> Content:
    if of.override is None:
        return Content.styled(_number(of.counts), "bold")
    counts = (_number(of.counts), "bold $text-accent")
    return Content.assemble((_number(of.machine), "strike $text-muted"), ("→", "$text-muted"), counts)


def _items(entry: Entry, *, unfolded: bool, there: bool, found: str) -> Iterator[Item]:
    match entry.told:
        case SceneBegins():
            yield Item(literal_line(entry.who, "bold $text-accent"), _label(""))
            if entry.said:
                yield Item(literal(entry.said, "italic $text-muted"), _label(""))
        case SaidLine(line):
            words = _found(literal(entry.said), found)
            if line.broken_off:
                words += Content.styled(" – cut off", "italic $text-muted")
            yield Item(words, _label(entry.who, "$text-primary"))
            yield from _notes(entry, found)
        case SaidReply():
            yield from _reply(entry, entry.told, unfolded=unfolded, there=there, found=found)


def _reply(entry: Entry, told: SaidReply, *, unfolded: bool, there: bool, found: str) -> Iterator[Item]:
    assessed = entry.assessed
    assert assessed
    if told.attempt > 1 or not told.stands or not assessed.first:
        parts = [again(told.attempt)] if told.attempt > 1 else []
        parts += [] if told.stands else ["taken back"]
        parts += ["counts" if assessed.first else "practice: does not count"]
        yield Item(literal_line(", ".join(parts), "italic $text-muted"), _label(""))
    words = (
        marked(entry.said, assessed.marks) if entry.said.strip() else literal(WORDLESS if entry.gesture else SILENCE)
    )
    yield Item(_found(words, found), _label(entry.who, "bold"))
    if entry.gesture:
        yield Item(literal_line(f"◇ {entry.gesture}", "$text-accent"), _label(""))
    sign = sign_of(assessed.assessment)
    style = STYLES.get(sign, "bold")
    heard = Content.styled(f"{SIGNS[sign]} {verdict_word(assessed.assessment)}", style)
    *levels, overall = assessed.levels
    yield Item(Content.assemble(heard, ("  overall ", "$text-muted"), level(overall)), _label(""))
    yield Item(in_short(levels), _label(""))
    flags = assessed.assessment.flags
    for raised, says in (
        (flags.safety, "Somebody’s safety was at stake, and this did not deal with it."),
        (flags.boundary, "A boundary was to be kept here, and this did not keep it."),
        (flags.injection, "It holds words aimed at a scorer."),
    ):
        if raised:
            yield _note("!", literal_line(says), "bold $text-error")
    if unfolded:
        yield from _rests_on(assessed, there=there)
    yield from _overruled(assessed, found)
    yield from _notes(entry, found)


def _rests_on(assessed: Assessed, *, there: bool) -> Iterator[Item]:
    whose = assessed.why_by or f"Assessed by {BY[assessed.by]}."
    yield Item(literal_line(whose, "italic $text-muted"), _label(""))
    for mark in assessed.marks:
        lead = f"[{mark.number}]" if mark.number else "◇" if mark.of == "gesture" else "✗"
        style = "bold $text-error" if mark.hurts else "bold $text-accent"
        yield _note(lead, _earned(mark), style)
    for named, words in there_to_be_met(assessed) if there else ():
        yield _note("·", Content.styled(f"{named}: ", "$text-muted") + literal_line(words), "$text-muted")
    better = assessed.machine.suggestion
    if better:
        yield _note("»", literal_line(quote(better.text, 600)) + Content(" ") + literal_line(better.why, "$text-muted"))


def there_to_be_met(assessed: Assessed) -> Iterator[tuple[str, str]]:
    """What was there to be met, by what it is called."""
    occasion = assessed.occasion
    told = (
        ("Felt", occasion.feeling),
        ("Asked for", occasion.spoken),
        ("Left unsaid", occasion.unspoken),
        ("To know", assessed.note),
    )
    yield from ((named, words) for named, words in told if words)


def _earned(mark: Mark) -> Content:
    whose = Content("") if mark.number else Content(f"{WHOSE[mark.of]} ")
    reasons = literal_line(" ".join(mark.reasons), "$text-muted")
    return whose + Content.assemble(literal_line(quote(mark.quote, 80)), ": ", (f"{mark.earned}. ", "bold"), reasons)


def _overruled(assessed: Assessed, found: str) -> Iterator[Item]:
    for each in assessed.overruled:
        override = each.override
        if override:
            reason = _found(literal(override.reason), found)
            told = Content.assemble(_by(override.coach, override.at), literal_line(each.title), " ", level(each), ". ")
            yield _note("✎", told + reason)


def _notes(entry: Entry, found: str) -> Iterator[Item]:
    for comment in entry.comments:
        yield _note("✎", _by(comment.coach, comment.at) + _found(literal(comment.text), found))
    for dispute, answer in entry.disputes:
        disputed = Content.styled("disputes this: ", "bold") + _found(literal(dispute.text), found)
        yield _note("!", _by(dispute.trainee, dispute.at, ", ") + disputed, "bold $text-warning")
        if answer is None:
            yield _note(" ", Content.styled("It waits for an answer: A.", "$text-warning"))
        else:
            upheld = Content.styled("upheld. " if answer.upheld else "not upheld. ", "bold")
            yield _note("↳", _by(answer.coach, answer.at) + upheld + _found(literal(answer.text), found))


def _by(who: str, at: str, after: str = ": ") -> Content:
    return literal_line(who, "bold") + Content.styled(f", {when(at)}{after}", "$text-muted")


def _note(sign: str, body: Content, style: str = "bold $text-accent") -> Item:
    return Item(body, _label(sign.rjust(_LABEL), style))


def _label(words: str, style: str = "") -> Content:
    lead = literal(words, style).truncate(_LABEL, ellipsis=True)
    return lead.pad_right(_LABEL - lead.cell_length)


def _number(number: int | None) -> str:
    return _NOT_ASSESSED if number is None else str(number)


def _found(words: Content, found: str) -> Content:
    """`words` with all places marked in which `found` stands, in whatever case."""
    plain, wanted = words.plain.casefold(), found.casefold().strip()
    start = plain.find(wanted) if wanted and len(plain) == len(words.plain) else -1
    while start >= 0:
        words = words.stylize(_FOUND, start, start + len(wanted))
        start = plain.find(wanted, start + len(wanted))
    return words
