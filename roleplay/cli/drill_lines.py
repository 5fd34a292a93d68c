"""The sentences of drills in plain mode: a moment, what came of the reply, a sitting and a test in sum, what is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from roleplay.cli import lines
from roleplay.practice import wording
from roleplay.practice.days import date_words, day_of, on_day
from roleplay.practice.drills.listing import Coming
from roleplay.practice.drills.task import HintShown, Result, Shown, Summary, Task, TestResult
from roleplay.text import counted, one_line, quote

HELP = (
    "One line is one reply. An empty line is a silence.",
    "/hint   a question to think about; a second time: a worked reply. A reply after it counts for less",
    "/again  answer the last moment once more; the first reply is what counts",
    "/next   pass over this moment",
    "/brief  read again who you are, and what you may do",
    "/stop   end the sitting (so do Ctrl+C and Ctrl+D)",
    "/help   these lines",
    "To begin a reply with a slash, put a space before it.",
)
TEST_HELP = (
    "One line is one reply. An empty line is a silence. There are no hints, and each moment has one reply.",
    "/brief  read again who you are, and what you may do",
    "/stop   save the test and go on with it later (so do Ctrl+C and Ctrl+D)",
    "/help   these lines",
    "To begin a reply with a slash, put a space before it.",
)

_CHANNELS = {"phone": "On the phone.", "chat": "In a chat.", "counter": "At the counter."}


def moment(task: Task, of: int = 0, *, again: bool = False) -> Iterator[str]:
    """A moment that waits for a reply, `of` so many in a test. `again`: who the trainee is was told before."""
    if of:
        yield f"Moment {task.number} of {of}."
    elif task.attempt > 1:
        yield f"Drill {task.number}, once more. The first reply is what counts."
    else:
        yield f"Drill {task.number}. {one_line(task.why)}"
    if not again:
        yield from brief(task.shown)
    yield from said(task)


def said(task: Task) -> Iterator[str]:
    """What was said, with the line to reply to at its end."""
    shown = task.shown
    if shown.of_call:
        day = day_of(shown.of_call)
        yield f"From your call{f' of {date_words(day, day)}' if day else ''}, as it was said then:"
    for message in shown.history:
        if message.role == "customer":
            yield lines.customer(message.text, message.speaker)
        else:
            yield f"You: {one_line(message.text) or '(silence)'}"


def brief(shown: Shown) -> Iterator[str]:
    """What the trainee knows at a moment."""
    scene = f" {one_line(shown.scene)}." if shown.scene else ""
    yield f"{one_line(shown.title)}. {_CHANNELS[shown.channel]}{scene}"
    if shown.content:
        yield f"This is about: {', '.join(map(one_line, shown.content))}."
    yield f"You are: {one_line(shown.role)}."
    if shown.brief:
        yield f"What you know: {one_line(shown.brief)}"
    if shown.record:
        entries = "; ".join(f"{one_line(key)}: {one_line(value)}" for key, value in shown.record.items())
        yield f"On your screen: {entries}."
    if shown.may:
        yield f"You may: {'; '.join(map(one_line, shown.may))}."
    if shown.may_not:
        yield f"You may not: {'; '.join(map(one_line, shown.may_not))}."
    if shown.narration:
        yield one_line(shown.narration)


def hint(shown: HintShown) -> Iterator[str]:
    """A hint."""
    if shown.worked:
        yield f"A worked reply: {one_line(shown.worked.reply)}"
        yield f"Because: {one_line(shown.worked.why)}"
    else:
        yield f"Hint: {one_line(shown.question).replace('(F5)', '(/brief)')}"


def result(came: Result) -> Iterator[str]:
    """What came of a reply."""
    first, *others = lines.assessed(came.reply, came.titles, set())
    yield f"Heard: {first}"
    yield from others
    if came.comes_back:
        yield came.comes_back


def summary(so_far: Summary) -> Iterator[str]:
    """A sitting in sum."""
    if not so_far.replies:
        yield "No moment was replied to."
    else:
        parts = [(so_far.met, "met"), (so_far.partly, "partly met"), (so_far.missed, "missed")]
        rest = so_far.replies - so_far.met - so_far.partly - so_far.missed
        parts.append((rest, "not sure or not scored"))
        heard = ", ".join(f"{number} {what}" for number, what in parts if number)
        minutes = counted(max(1, round(so_far.minutes)), "minute", "minutes")
        yield f"{counted(so_far.replies, 'moment', 'moments')} in {minutes}: {heard}."
    if so_far.told:
        yield so_far.told
    yield so_far.next_step


def test_result(came: TestResult) -> Iterator[str]:
    """A test in sum, without its replies."""
    yield from came.told
    for dimension in came.dimensions:
        number = counted(dimension.count, "reply", "replies")
        yield f"{dimension.title}: {dimension.mean:.1f} of 2 over {number}. {dimension.means}"


def test_replies(came: TestResult) -> Iterator[list[str]]:
    """Each reply of a test with what was heard. No sentence of it comes twice."""
    told: set[str] = set()
    for each in came.replies:
        speaker = each.task.shown.name
        yield [
            f"Moment {each.task.number}, {one_line(speaker)}: {wording.last_words(each.reply.customer)}",
            f"You said: {one_line(each.reply.reply) or 'nothing.'}",
            *lines.assessed(each.reply, each.titles, told),
            *filter(None, [each.comes_back]),
        ]


def coming(listed: Sequence[Coming], today: date) -> Iterator[str]:
    """What comes back when; what is due comes first."""
    due = [each for each in listed if each.day <= today]
    if due:
        wait = "1 moment waits" if len(due) == 1 else f"{len(due)} moments wait"
        yield f"Today: {wait}. `roleplay drill` begins with them."
    for each in listed:
        when = on_day(each.day, today) if each.day > today else "today"
        missed = f", missed {each.lapses} of {counted(each.reps, 'time', 'times')}" if each.lapses else ""
        yield f"{when}: {one_line(each.title)}{missed}: {quote(each.line, 90)}"


def as_json(came: Result) -> dict[str, Any]:
    """A drill as an object for a program."""
    task, reply = came.task, came.reply
    given = reply.assessment
    return {
        "persona": task.item.persona,
        "moment": task.item.moment,
        "sitting": task.sitting,
        "test": task.test,
        "attempt": task.attempt,
        "counts": task.counts,
        "because": task.because,
        "why": task.why,
        "aided": came.aided,
        "history": [msgspec.to_builtins(each) for each in task.shown.history],
        "of_call": task.shown.of_call,
        "reply": reply.reply,
        "verdict": came.verdict,
        "overall_means": reply.overall_means,
        "assessment": msgspec.to_builtins(given),
        "there": [msgspec.to_builtins(each) for each in reply.there],
        "comes_back": came.day.isoformat() if came.day else None,
    }


def test_as_json(came: TestResult) -> dict[str, Any]:
    """A test in sum as an object for a program."""
    return {
        "test": came.test,
        "score": came.score,
        "before": came.before,
        "before_on": came.before_on.isoformat() if came.before_on else None,
        "drilled": came.drilled,
        "drills": came.drills,
        "rating": came.rating,
        "dimensions": {each.dimension: {"mean": each.mean, "count": each.count} for each in came.dimensions},
    }


def coming_as_json(each: Coming, today: date) -> dict[str, Any]:
    """What comes back as an object for a program."""
    return {
        "persona": each.item.persona,
        "moment": each.item.moment,
        "title": each.title,
        "line": each.line,
        "comes_back": each.day.isoformat(),
        "due": each.day <= today,
        "replies": each.reps,
        "missed": each.lapses,
        "last": each.last,
    }
