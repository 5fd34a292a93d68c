"""A moment of a drill, told in parts: who the trainee is, what was said before, the line, and what came of a reply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from textual.content import Content

from roleplay.persona.message import Message
from roleplay.persona.names import short_name
from roleplay.practice.drills.task import HintShown, Result, Shown, Task
from roleplay.tui import assessed
from roleplay.tui.cards import warning, when
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import fitted, literal, literal_line
from roleplay.tui.retelling import SILENCE, YOU

LABEL = 10
"""Columns in which names and signs stand, as in a call."""


def who(shown: Shown) -> Hanging:
    """Who the trainee is, in short."""
    parts = [behind("You are", literal_line(shown.role))]
    if shown.brief.strip():
        parts.append(behind("", literal_line(shown.brief, "$text-muted")))
    return Hanging(parts)


def why(task: Task, *others: Content, chosen: bool = True) -> Hanging:
    """Why the moment was `chosen`, what to be ready for, and what `others` there is to know."""
    shown, told = task.shown, list[Content]()
    if task.why and chosen:
        told.append(literal_line(task.why, "$text-accent"))
    if shown.of_call:
        told.append(literal_line(f"In the words of your call of {when(shown.of_call)}.", "italic $text-muted"))
    told += others
    if shown.content:
        told.append(literal_line(warning(shown.content, "moment"), "bold $text-warning"))
    return Hanging(behind("", each) for each in told)


def before(task: Task) -> Hanging | None:
    """What was said before the line that waits for a reply; None if nothing was."""
    shown = task.shown
    told = []
    if shown.scene:
        told.append(behind("", literal_line(shown.scene, "bold $accent")))
    if shown.narration:
        told.append(behind("", literal(shown.narration, "italic $text-muted")))
    told += [_said(task, message, "$text-muted") for message in shown.history[:-1]]
    return Hanging(apart(told)) if told else None


def line(task: Task) -> Hanging:
    """The line that waits for a reply."""
    return Hanging([_said(task, task.shown.history[-1], "", "bold $primary")])


def sent(text: str) -> Hanging:
    """A reply on its way."""
    return Hanging([behind(YOU, literal(text or SILENCE, "italic $text-muted"))])


def hint(shown: HintShown) -> Hanging:
    """A hint: a question, or a worked reply with its reason."""
    worked = shown.worked
    heading = "One way to say it" if worked else "Something to think about"
    told = [behind("Hint", Content.styled(heading, "$text-accent"), "bold $text-accent")]
    if shown.question:
        told.append(behind("", literal_line(shown.question)))
    if worked:
        told += [behind("", literal_line(f"“{worked.reply}”")), behind("", literal_line(worked.why, "$text-muted"))]
    if shown.more:
        told.append(behind("", Content.styled("F2 again: one way to say it", "$text-muted")))
    return Hanging(told)


def result(told: Result, unsent: str = "") -> Hanging:
    """How a reply was heard, its words, what was there, and what would be better.

    `unsent` was typed after it was sent.
    """
    return Hanging(_in_margin(_result(told, unsent)))


def _result(told: Result, unsent: str) -> Iterator[Item]:
    reply = told.reply
    yield assessed.heard(reply.assessment, reply.overall_means)
    if told.aided:
        yield Item(Content.styled("With one hint." if told.aided == 1 else "With two hints.", "italic $text-muted"))
    yield assessed.BLANK
    words = assessed.marked(reply.reply, told.marks) if reply.reply.strip() else Content.styled(SILENCE, "italic")
    yield assessed.behind(YOU, words)
    if unsent:
        yield Item(literal_line(f"Typed after you had sent it, and not in it: {unsent}", "italic $text-muted"))
    yield from assessed.earned(told.marks)
    yield from assessed.there(reply, told.titles)
    yield from assessed.better(reply)


def behind(lead: str, body: Content, style: str = "$text-muted") -> Item:
    """`body` at the edge at which everything stands, with a `lead` in the margin."""
    name = fitted(literal_line(lead, style), LABEL)
    return Item(body, name.pad_right(LABEL - name.cell_length))


def apart(items: Iterable[Item]) -> Iterator[Item]:
    """`items` with a blank line between them."""
    for number, item in enumerate(items):
        if number:
            yield assessed.BLANK
        yield item


def _in_margin(items: Iterable[Item]) -> Iterator[Item]:
    """`items` with their leads in the margin."""
    for item in items:
        yield Item(item.body, item.lead.pad_right(max(0, LABEL - cell_len(item.lead.plain))))


def _said(task: Task, message: Message, style: str, name_style: str = "$text-muted") -> Item:
    if message.role == "trainee":
        return behind(YOU, literal(message.text or SILENCE, style))
    shown = task.shown
    by = task.script.persona.short_name if message.speaker != shown.speaker else shown.name
    return behind(short_name(message.speaker) if message.speaker else by, literal(message.text, style), name_style)
