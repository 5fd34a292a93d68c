"""The words of a reply that its scores rest on, numbered, each with what it earned and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from roleplay.practice.debrief import ReplyResult
from roleplay.practice.wording import earned
from roleplay.scoring.assessment import Evidence, Scored
from roleplay.text import sanitise


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Words with what they earned (or cost, if they `hurt`) and the reasons.

    `number` counts from 1 through the marks in the reply, text[start:end]; what rests on other words has number 0 and
    no place: those of the customer that were passed over, or what a gesture does. `overlaps`: another mark shares some
    of its words.
    """

    number: int
    of: Literal["reply", "customer", "gesture"]
    quote: str
    earned: str
    reasons: tuple[str, ...]
    hurts: bool
    start: int = 0
    end: int = 0
    overlaps: bool = False


def marks_of(reply: ReplyResult, titles: Mapping[Scored, str]) -> tuple[Mark, ...]:
    """The marks of `reply`, first those in its text as they are read; `titles` are the names of the dimensions."""
    length = len(sanitise(reply.reply))
    by_place: dict[tuple[str, int, int, str], list[Evidence]] = {}
    for evidence in reply.assessment.evidence:
        start = min(max(evidence.start, 0), length) if evidence.of == "reply" else 0
        end = min(max(evidence.end, start), length) if evidence.of == "reply" else 0
        by_place.setdefault((evidence.of, start, end, evidence.quote), []).append(evidence)
    order = {"reply": 0, "customer": 1, "gesture": 2}
    marks: list[Mark] = []
    for (_, start, end, words), points in sorted(by_place.items(), key=lambda each: (order[each[0][0]], *each[0][1:3])):
        of = points[0].of
        others = (each for each in by_place if of == "reply" == each[0] and each != (of, start, end, words))
        marks.append(
            Mark(
                number=len(marks) + 1 if of == "reply" else 0,
                of=of,
                quote=words,
                earned=earned(reply.assessment, points, titles),
                reasons=tuple(dict.fromkeys(point.why for point in points if point.why)),
                hurts=any(point.dimension == "harm" for point in points),
                start=start,
                end=end,
                overlaps=any(each[1] < end and start < each[2] for each in others),
            )
        )
    return tuple(marks)
