"""A call with its review as printed lines, and as data for a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from roleplay.cli.lines import customer
from roleplay.cli.times import local_time
from roleplay.conversation.reviewing import Answer, Comment, Dispute
from roleplay.conversation.said import SaidLine, SaidReply
from roleplay.practice.noted import BY
from roleplay.practice.wording import WHOSE, verdict
from roleplay.review.opening import OUTCOMES, Opened, how_it_went, reviewed, title_of
from roleplay.review.reading import SHORT, Entry, LevelOf
from roleplay.text import one_line, quote

_SHOWN = 6
"""Characters of the id of a dispute that are shown: as many as it takes to name it."""


def lines_of(shown: Opened) -> Iterator[str]:
    """The whole call, each message once, with what was said of it and noted on it below."""
    transcript = shown.case.transcript
    session = transcript.session
    yield f"{title_of(transcript)}, call {session.id}"
    score = "not scored" if shown.score is None else f"score {shown.score:.0f}"
    if shown.machine != shown.score:
        score += f" (was {'none' if shown.machine is None else f'{shown.machine:.0f}'} without what a coach overruled)"
    parts = [score, *reviewed(shown), one_line(session.trainee), local_time(session.started), *how_it_went(shown)]
    yield ", ".join(parts)
    if len(shown.case.branches) > 1:
        path = f"Try {transcript.branch}" if transcript.branch else "The first path"
        more = ", ".join(str(each) for each in shown.case.branches if each != transcript.branch)
        yield f"{path}; --branch shows another ({more})."
    yield ""
    for entry in shown.reading.entries:
        yield from _entry(entry)
    yield ""
    if transcript.ending:
        yield f"The call {OUTCOMES[transcript.ending.outcome]}. {one_line(transcript.ending.epilogue)}".rstrip()
    for comment in shown.reading.elsewhere:
        yield _comment(comment, f" on another try, turn {comment.turn}")


def data_of(shown: Opened) -> dict[str, Any]:
    """The same as data: each line and reply with the levels that count, and those that the machine gave."""
    transcript = shown.case.transcript
    session = transcript.session
    persona, title = session.script.listed
    return {
        "id": session.id,
        "persona": persona,
        "title": title,
        "trainee": session.trainee,
        "started": session.started,
        "exam": session.exam,
        "ended": shown.ended,
        "outcome": transcript.ending.outcome if transcript.ending else None,
        "score": shown.score,
        "machine_score": shown.machine,
        "try": shown.case.branches.index(transcript.branch) + 1,
        "tries": len(shown.case.branches),
        "practice": shown.practice,
        "marks": msgspec.to_builtins(shown.case.reviewed.marks),
        "entries": [_entry_data(entry) for entry in shown.reading.entries],
        "elsewhere": msgspec.to_builtins(shown.reading.elsewhere),
    }


def _entry(entry: Entry) -> Iterator[str]:
    told = entry.told
    if isinstance(told, SaidLine):
        yield f"{told.line.turn}  {customer(entry.said, told.speaker, cut_off=told.line.broken_off)}"
    elif isinstance(told, SaidReply):
        yield from _reply(entry, told)
    else:
        yield f"Scene: {one_line(entry.who)}. {one_line(entry.said)}".rstrip()
    for comment in entry.comments:
        yield f"   {_comment(comment)}"
    for dispute, answer in entry.disputes:
        yield from _dispute(dispute, answer)


def _reply(entry: Entry, told: SaidReply) -> Iterator[str]:
    assessed = entry.assessed
    assert assessed
    tries = (
        f" (try {told.attempt}{'' if told.stands else ', taken back'})" if told.attempt > 1 or not told.stands else ""
    )
    gesture = f" (with a gesture: {one_line(entry.gesture)})" if entry.gesture else ""
    yield f"{told.reply.turn}  {one_line(entry.who)}{tries}: {one_line(entry.said) or '(silence)'}{gesture}"
    counts = "" if assessed.first else " It does not count: the first reply to a line does."
    levels = ", ".join(_level(level, BY[assessed.by]) for level in assessed.levels)
    yield f"   {verdict(assessed.assessment)} ({BY[assessed.by]}): {levels}.{counts}"
    flags = assessed.assessment.flags
    if flags.safety:
        yield "   Somebody's safety was at stake, and this did not deal with it."
    if flags.boundary:
        yield "   A boundary was to be kept here, and this did not keep it."
    for mark in assessed.marks:
        whose = "" if mark.of == "reply" else f"{WHOSE[mark.of]} "
        yield f"   {whose}{quote(mark.quote, 200)}: {one_line(' '.join((f'{mark.earned}.', *mark.reasons)))}"
    for level in assessed.overruled:
        if level.override:
            by = _who(level.override.coach, level.override.at)
            yield f"   Overruled by {by}: {SHORT[level.of]} {level.counts}. Reason: {one_line(level.override.reason)}"


def _level(level: LevelOf, by: str) -> str:
    counts = "none" if level.counts is None else str(level.counts)
    before = "none" if level.machine is None else str(level.machine)
    return f"{SHORT[level.of]} {counts}" + (f" (was {before} by {by})" if level.override else "")


def _comment(comment: Comment, on: str = "") -> str:
    return f"Comment by {_who(comment.coach, comment.at)}{on}: {one_line(comment.text)}"


def _dispute(dispute: Dispute, answer: Answer | None) -> Iterator[str]:
    waits = "" if answer else f" It waits for an answer (dispute {dispute.id[:_SHOWN]})."
    yield f"   Disputed by {_who(dispute.trainee, dispute.at)}: {one_line(dispute.text)}{waits}"
    if answer:
        upheld = "upheld" if answer.upheld else "not upheld"
        yield f"   Answer by {_who(answer.coach, answer.at)}, {upheld}: {one_line(answer.text)}"


def _who(name: str, at: str) -> str:
    return f"{one_line(name)} ({local_time(at)})"


def _entry_data(entry: Entry) -> dict[str, Any]:
    told = entry.told
    data: dict[str, Any] = {
        "kind": "line" if isinstance(told, SaidLine) else "reply" if isinstance(told, SaidReply) else "scene",
        "branch": entry.place[0] if entry.place else None,
        "turn": entry.place[1] if entry.place else None,
        "who": entry.who,
        "said": entry.said,
        "trust": entry.mind.trust,
        "distress": entry.mind.distress,
        "patience": entry.mind.patience,
        "comments": msgspec.to_builtins(entry.comments),
    }
    assessed = entry.assessed
    if isinstance(told, SaidReply) and assessed:
        data |= {
            "stands": told.stands,
            "counts": assessed.first,
            "by": assessed.by,
            "levels": {level.of: level.counts for level in assessed.levels},
            "machine": {level.of: level.machine for level in assessed.levels},
            "overruled": [msgspec.to_builtins(level.override) for level in assessed.overruled],
            "disputes": [
                {"dispute": msgspec.to_builtins(dispute), "answer": msgspec.to_builtins(answer)}
                for dispute, answer in entry.disputes
            ],
        }
    return data
