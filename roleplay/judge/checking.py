"""From what a judge wrote to an assessment: each point stands on words of this reply, found by code, or it falls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from roleplay.english import looks_english
from roleplay.judge.words import OwnWords, find, wrong_size
from roleplay.judge.written import Point, WrittenHarm, WrittenLevels
from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment, Evidence, Flags, Scored, ScorerName, Suggestion
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.explain import suggest
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import Rubric
from roleplay.scoring.totals import assessed
from roleplay.text import quote

VERSION = "1"
WHY_LIMIT = 240
SUGGESTION_LIMIT = 600
"""Longest reason, and longest suggestion, in characters."""
REACHED = 2.5
"""Points of 10, scaled to the dimensions called for, that `overall` 2 takes."""

ALONE = "The offline scorer found none of the grave harm that the judge names: it counts as 1 until a coach has looked."


def at_stake(occasion: Occasion, offline: Assessment) -> bool:
    """Whether a danger or a boundary is there on `occasion`, by its author or by what the offline scorer found."""
    return occasion.safety != "none" or occasion.boundary != "none" or offline.flags.safety or offline.flags.boundary


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of a judge's answers. `struck`: sentences on what fell. `claims`, `fallen`: points made, lost."""

    assessment: Assessment
    struck: tuple[str, ...]
    claims: int
    fallen: int


class Checker:
    """Checks what a judge wrote on one reply, against that reply. `offline`: the offline scorer's assessment of it."""

    def __init__(
        self, rubric: Rubric, occasion: Occasion, history: Sequence[Message], reply: str, offline: Assessment
    ) -> None:
        self._rubric, self._occasion, self._history, self._offline = rubric, occasion, history, offline
        self.own = OwnWords(reply, occasion, history, rubric)
        self._reply = reply
        self._found = {each.dimension: each for each in offline.evidence if each.of == "reply"}
        self._offline_harm = tuple(each for each in offline.evidence if each.dimension == "harm")

    @property
    def unfit(self) -> bool:
        """Whether the reply is nothing for a judge: without a word, in another language, or a copy."""
        foreign = self._offline.flags.language or not looks_english(self._reply)
        return self.own.empty or foreign or self.own.copy

    def of_levels(self, written: WrittenLevels) -> dict[Dimension, str]:
        """What is wrong with the quotes of the points that are called for, by dimension, as the ends of sentences."""
        claims = {name: written.points[name] for name in self._occasion.called_for if written.points[name].level}
        return {name: fault for name, point in claims.items() if (fault := self._fault(point))}

    def of_harm(self, written: WrittenHarm) -> dict[Scored, str]:
        """The same of the quote of a harm, which may be in the reply or in the customer's latest message."""
        if not written.level:
            return {}
        if written.of == "nobody":
            return {"harm": "is nobody's"}
        text = self._text_of(written)
        place = find(written.quote, text)
        if not place:
            return {"harm": f"is not in the {'reply' if written.of == 'reply' else 'latest words of the customer'}"}
        fault = wrong_size(text, *place)
        return {"harm": fault} if fault else {}

    def check(self, levels: WrittenLevels, harm: WrittenHarm) -> Checked:
        """The assessment that is left of both answers.

        A point whose quote does not hold falls to what the offline scorer found, with its quote, and is never more
        than was claimed. A harm whose quote does not hold falls to the offline scorer's. Totals are computed.
        """
        faults = self.of_levels(levels)
        held: dict[Dimension, int] = dict.fromkeys(DIMENSIONS, 0)
        evidence: list[Evidence] = []
        for name in self._occasion.called_for:
            point = levels.points[name]
            proof = self._found.get(name) if name in faults else self._proof(name, point)
            if proof and point.level:
                held[name] = min(point.level, self._theirs(name)) if name in faults else point.level
                evidence.append(proof)
        hurt, proofs = self._hurt(harm)
        overall = levels.overall
        if self._offline.flags.injection:
            hurt = max(1, hurt, self._offline.harm)
            proofs = proofs or self._offline_harm
            held = {name: min(level, self._theirs(name)) for name, level in held.items()}
            overall = min(overall, self._offline.overall or 0)
        assessment = assessed(
            self._rubric,
            self._occasion,
            levels=held,
            harm=hurt,
            overall=min(overall, self._most(held, hurt)),
            evidence=(*evidence, *proofs),
            flags=self._flags(held, hurt),
            unsure=False,
            suggestion=self._suggestion(levels.suggestion),
            scorer=ScorerName("judge", VERSION, self._rubric.id),
        )
        struck = [_struck(name, fault, levels.points[name].quote) for name, fault in faults.items()]
        wrong_harm = self.of_harm(harm)
        struck += [_struck("harm", fault, harm.quote) for fault in wrong_harm.values()]
        struck += [ALONE] if self._alone(harm) and not wrong_harm else []
        return Checked(
            assessment=assessment,
            struck=tuple(struck),
            claims=sum(levels.points[name].level > 0 for name in self._occasion.called_for),
            fallen=len(faults),
        )

    def _theirs(self, name: Dimension) -> int:
        """The level that the offline scorer gave."""
        return self._offline.scores[name] or 0

    def _fault(self, point: Point) -> str:
        if not point.quote:
            return "is missing"
        place = find(point.quote, self._reply)
        return self.own.fault(*place) if place else "is not in the reply"

    def _proof(self, name: Dimension, point: Point) -> Evidence | None:
        place = find(point.quote, self._reply)
        return self._evidence(name, self._reply, place, point.why, point.level) if place else None

    def _text_of(self, written: WrittenHarm) -> str:
        """The text in which the words of a harm must stand."""
        if written.of == "reply":
            return self._reply
        return next((message.text for message in reversed(self._history) if message.role == "customer"), "")

    def _evidence(
        self, name: Scored, text: str, place: tuple[int, int], why: str, level: int, of: str = "reply"
    ) -> Evidence:
        start, end = place
        return Evidence(
            dimension=name,
            quote=text[start:end],
            start=start,
            end=end,
            why=_cut(why, WHY_LIMIT) or self._rubric.dimensions[name].levels[level],
            of="customer" if of == "customer" else "reply",
        )

    def _hurt(self, written: WrittenHarm) -> tuple[int, tuple[Evidence, ...]]:
        """The harm that counts, and where it lies. Passing something over is grave only where safety is at stake."""
        if not written.level:
            return 0, ()
        if self.of_harm(written):
            return min(written.level, self._offline.harm), self._offline_harm
        text = self._text_of(written)
        place = find(written.quote, text)
        proof = (self._evidence("harm", text, place, written.why, written.level, of=written.of),) if place else ()
        safety = self._occasion.safety != "none" or self._offline.flags.safety
        capped = (written.of == "customer" and not safety) or self._alone(written)
        return (min(written.level, 1) if capped else written.level), proof

    def _alone(self, written: WrittenHarm) -> bool:
        """Whether a grave harm that would fail the call has nothing but this judge to say so."""
        authored = self._occasion.safety != "none" or self._occasion.boundary != "none"
        flags = self._offline.flags
        return written.level == 2 and authored and not (self._offline.harm or flags.safety or flags.boundary)

    def _most(self, held: Mapping[Dimension, int], hurt: int) -> int:
        """The most that `overall` can be with these levels, by the definitions of its own levels."""
        called = {name: held[name] for name in self._occasion.called_for}
        points = 5 * sum(called.values()) / max(1, len(called))
        feeling = called.get("acknowledges_feeling", 1)
        reached = called.get("reaches_unspoken", called.get("names_need", 2))
        most = 4
        if reached < 2 or not feeling:
            most = 3
        if not reached or not feeling:
            most = 2
        if points < REACHED:
            most = 1
        if called and not points:
            most = 0
        return min(most, (4, 2, 1)[hurt])

    def _flags(self, held: Mapping[Dimension, int], hurt: int) -> Flags:
        offline, occasion = self._offline.flags, self._occasion
        return msgspec.structs.replace(
            offline,
            safety=hurt > 0 and (offline.safety or occasion.safety != "none"),
            boundary=occasion.boundary != "none" and (hurt > 0 or not held["acts"]),
        )

    def _suggestion(self, written: Suggestion) -> Suggestion | None:
        """The judge's suggestion if it is short, no copy, and harmless by the offline scorer; else a worked reply."""
        text, why = written.text, _cut(written.why, WHY_LIMIT)
        told = OwnWords(text, self._occasion, (*self._history, Message("customer", self._reply)), self._rubric)
        if not why or told.empty or told.copy or len(text) > SUGGESTION_LIMIT:
            return suggest(self._occasion.better, self._reply, self._history)
        weighed = OfflineScorer(self._rubric).judge(self._occasion, self._history, text)
        if weighed.harm or not weighed.scorable:
            return suggest(self._occasion.better, self._reply, self._history)
        return Suggestion(text, why)


def _struck(name: Scored, fault: str, quoted: str) -> str:
    shown = f" ({quote(quoted)})" if quoted else ""
    return f"The quote for “{name.replace('_', ' ')}” {fault}{shown}."


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
