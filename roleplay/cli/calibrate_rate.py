"""`roleplay calibrate --rate`: replies are shown one by one, and rated level by level; each rating is kept at once."""

from __future__ import annotations

from collections.abc import Iterator

import click

from roleplay.cli.common import say, talk
from roleplay.cli.replies import PipedReplies, TerminalReplies, replies_from_stdin
from roleplay.errors import BadInput, NotFound
from roleplay.review.blind import BlindSitting, Question, blind_sample
from roleplay.review.desk import Desk
from roleplay.scoring.overruled import HIGHEST
from roleplay.text import counted, one_line, quote

HOW = "Type the number of a level. s: skip this reply, b: back, q: stop. What you have rated is kept."


def rate_blindly(desk: Desk, number: int, seed: int) -> None:
    """Draw `number` replies and have the coach of `desk` rate them, at a terminal or through a pipe.

    Raises `NotFound` where there is nothing to rate, `BadInput` for a piped line that is no answer, `StoreError`.
    """
    sample = blind_sample(desk, number, seed)
    if not sample:
        raise NotFound(
            "There is no reply that you could rate blindly.",
            mend="They come from calls that have ended, and that you have neither played, reviewed nor rated.",
        )
    talk(f"{counted(len(sample), 'reply', 'replies')} to rate as {quote(desk.person, 40)} (--seed {seed}).")
    talk(HOW)
    sitting = BlindSitting(desk, sample)
    try:
        _ask_on(sitting, replies_from_stdin(results_apart=False))
    except KeyboardInterrupt:
        talk("")
        talk(_kept(sitting))
        raise click.Abort from None
    talk(_kept(sitting))


def _ask_on(sitting: BlindSitting, replies: TerminalReplies | PipedReplies) -> None:
    """Ask level after level until all are rated or nobody answers any more."""
    shown: object = None
    while question := sitting.question:
        if shown is not question.case:
            shown = question.case
            for line in shown_case(question):
                say(line)
        for line in asked(question):
            say(line)
        answer = _answer(question, replies)
        if answer is not None and not replies.echoes:
            say(f"Given: {quote(answer, 20)}")
        if answer is None or answer == "q":
            return
        if answer == "s":
            sitting.skip()
        elif answer == "b":
            if not sitting.back():
                talk("This is the first one.")
        elif _is_level(answer, question):
            sitting.give(int(answer))
        else:
            _refuse(answer, question, replies)


def _answer(question: Question, replies: TerminalReplies | PipedReplies) -> str | None:
    prompt = f"{question.title}, 0 to {HIGHEST[question.name]}: "
    typed = replies.ask(prompt) if replies.echoes else replies.next()
    return None if typed is None else typed.strip().casefold()


def _is_level(answer: str, question: Question) -> bool:
    return len(answer) == 1 and answer in "01234"[: HIGHEST[question.name] + 1]


def _refuse(answer: str, question: Question, replies: TerminalReplies | PipedReplies) -> None:
    what = f"{quote(answer, 20)} is no level." if answer else "A level is needed."
    mend = f"Type 0 to {HIGHEST[question.name]}, or s, b or q."
    if not replies.echoes:
        raise BadInput(what, where=replies.where, mend=mend)
    talk(f"{what} {mend}")


def shown_case(question: Question) -> Iterator[str]:
    """The moment and the reply, as lines."""
    case = question.case
    yield ""
    yield f"Reply {question.number} of {question.of}: {one_line(case.title)}"
    for message in case.before:
        who = f"Customer ({one_line(case.speaker)})" if message.role == "customer" else "Trainee"
        yield f"Before. {who}: {one_line(message.text) or '(silence)'}"
    yield f"Customer ({one_line(case.speaker)}): {one_line(case.customer)}"
    for label, text in case.there():
        yield f"{label}: {one_line(text)}"
    yield f"THE REPLY: {one_line(case.reply) or '(silence)'}"
    if case.gesture:
        yield f"With it the trainee gave: {one_line(case.gesture)}"


def asked(question: Question) -> Iterator[str]:
    """The dimension and what each level of it means."""
    yield ""
    yield f"{one_line(question.title)}. {one_line(question.means)}"
    for level, means in enumerate(question.anchors):
        yield f"  {level}  {one_line(means)}"


def _kept(sitting: BlindSitting) -> str:
    rated = counted(sitting.rated, "rating is", "ratings are")
    passed = f" {counted(sitting.unreadable, 'call', 'calls')} could not be read." if sitting.unreadable else ""
    return f"{rated} kept.{passed} `roleplay calibrate` tells how far the scorers agree with you."
