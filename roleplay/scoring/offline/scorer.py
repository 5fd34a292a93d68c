"""The offline scorer: deterministic, explainable, English, in milliseconds, without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from roleplay.english import looks_english, words
from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.persona.message import Message
from roleplay.scoring.assessment import Assessment, Evidence, Flags, ScorerName, Suggestion, not_scored
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline import explain, gates, harm
from roleplay.scoring.offline.detectors import Reply, take_apart
from roleplay.scoring.offline.features import features
from roleplay.scoring.offline.grounding import Ground, ground
from roleplay.scoring.offline.heads import Head, HeadName, Heads, Where, shipped
from roleplay.scoring.offline.reading import read
from roleplay.scoring.offline.refusal import only_refuses
from roleplay.scoring.offline.runs import runs_of, traits
from roleplay.scoring.offline.stakes import Stakes, stakes
from roleplay.scoring.rubric import Rubric, in_keeping
from roleplay.scoring.silence import silence_is_right
from roleplay.scoring.totals import assessed, opportunity_at

VERSION = "2"
LOWEST = -0.5
"""The least that `near` can be."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A reply taken apart at a moment, with the `values` of all heads, before any cut makes levels of them.

    `wounds`: what hurts by the rules, with those of what is at stake.
    """

    reply: Reply
    at_stake: Stakes
    wounds: tuple[harm.Wound, ...]
    where: Where
    refuses: bool
    """Whether the reply says no and leaves it at that."""
    values: dict[HeadName, float]

    def raw(self, heads: Mapping[HeadName, Head]) -> dict[HeadName, int]:
        """The levels by the cuts of `heads` alone."""
        return {name: head.level(self.values[name], self.where) for name, head in heads.items()}

    def levels(self, raw: Mapping[HeadName, int], occasion: Occasion) -> dict[HeadName, int]:
        """The levels by the cuts, held to what the rubric demands of them."""
        level, _ = self.harmed(raw["harm"])
        scores = gates.gated({name: raw[name] for name in DIMENSIONS}, self.reply, self.at_stake, refuses=self.refuses)
        overall = gates.capped(raw["overall"], scores, self.reply, self.at_stake, level, refuses=self.refuses)
        found: dict[HeadName, int] = {name: scores[name] for name in DIMENSIONS}
        return found | {"harm": level, "overall": borne(occasion, scores, level, overall, refused=self.refuses)}

    def harmed(self, found: int) -> tuple[int, tuple[harm.Wound, ...]]:
        """The level of harm, and what hurts by the rules, where the head finds harm `found`."""
        wounds = self.wounds
        if not found and not _is_procedure(self.reply):
            wounds = tuple(wound for wound in wounds if wound.said is not None)
        return max([wound.level for wound in wounds] + [found, int(bool(self.reply.injected))]), wounds


class _Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """A reply taken apart and weighed, before it is told."""

    taken: Reply
    refuses: bool
    """Whether the reply says no and leaves it at that."""
    at_stake: Stakes
    wounds: tuple[harm.Wound, ...]
    harm: int
    doubtful: bool
    """Whether the rules and the wording do not agree on what hurts."""
    scores: dict[Dimension, int]
    overall: int
    near: float

    def earns_nothing(self, rest: _Weighed) -> _Weighed:
        """This without any level, since words aimed at a scorer were in it, and with the harm of the `rest` besides.

        Whatever such words do to the sentences around them, they can so neither raise a score nor hide a harm.
        """
        omitted = tuple(wound for wound in rest.wounds if wound.said is None and wound not in self.wounds)
        moved = tuple(
            msgspec.structs.replace(wound, said=self.taken.injected[0])
            for wound in rest.at_stake.wounds
            if wound.said is not None
        )
        return msgspec.structs.replace(
            self,
            wounds=(*self.wounds, *omitted, *moved),
            harm=max(self.harm, rest.harm),
            doubtful=False,
            scores=dict.fromkeys(DIMENSIONS, 0),
            overall=0,
            near=LOWEST,
        )


class OfflineScorer:
    """Judges a reply from the words alone. See docs/scoring.md for how, and for where it fails."""

    def __init__(self, rubric: Rubric, given: Heads | None = None) -> None:
        """`given`: other heads than the shipped ones, for measuring."""
        self._rubric = rubric
        self._heads = given or shipped()
        self._name = ScorerName("offline", VERSION + self._heads.mark, rubric.id)

    async def assess(self, occasion: Occasion, history: Sequence[Message], reply: str) -> Assessment:
        """`judge`, behind the port that an LLM judge shares."""
        return self.judge(occasion, history, reply)

    def judge(self, occasion: Occasion, history: Sequence[Message], reply: str) -> Assessment:
        """Assess `reply`, given on `occasion` after `history`. Never raises for anything a person can type."""
        if not looks_english(reply):
            return not_scored(Flags(language=True), self._name)
        at = ground(occasion, history)
        found = self._weigh(reply, at)
        if not found.taken.heard and not found.taken.injected:
            welcome = not words(reply) and silence_is_right(occasion.note)
            return not_scored(Flags(too_short=True), self._name) if welcome else self._silence(occasion, history)
        if found.taken.injected:
            found = found.earns_nothing(self._weigh(harm.without_aimed(reply), at))
        evidence = [
            *explain.earned(found.scores, found.taken, found.at_stake, at, self._heads, found.wounds),
            *explain.hurt(found.harm, found.wounds, found.taken, at, found.at_stake, self._heads),
        ]
        return self._assessment(
            occasion,
            scores=found.scores,
            harm_level=found.harm,
            overall=found.overall,
            near=found.near,
            evidence=evidence,
            flags=_flags(found),
            unsure=found.doubtful,
            suggested=explain.suggest(occasion.better, reply, history),
        )

    def take(self, reply: str, at: Ground) -> Taken:
        """`reply` taken apart on that ground, with what the heads make of it."""
        said = read(reply)
        taken = take_apart(said, at)
        at_stake = stakes(taken, at)
        wounds = (*at_stake.wounds, *harm.said_wounds(said, at), *harm.whole_wounds(taken, at))
        values = self._heads.values(
            features(taken, at, at_stake, wounds), [runs_of(heard, at) for heard in taken.heard], traits(at)
        )
        where: Where = "bare" if not at.given else "at stake" if at.at_stake else "moment"
        refuses = only_refuses(taken, at)
        return Taken(reply=taken, at_stake=at_stake, wounds=wounds, where=where, refuses=refuses, values=values)

    def _weigh(self, reply: str, at: Ground) -> _Weighed:
        found = self.take(reply, at)
        taken, at_stake, values, where = found.reply, found.at_stake, found.values, found.where
        raw, refuses = found.raw(self._heads.heads), found.refuses
        level, wounds = found.harmed(raw["harm"])
        scores = gates.gated({name: raw[name] for name in DIMENSIONS}, taken, at_stake, refuses=refuses)
        overall = gates.capped(raw["overall"], scores, taken, at_stake, level, refuses=refuses)
        near = self._heads.heads["overall"].near(values["overall"], where)
        return _Weighed(
            taken=taken,
            refuses=refuses,
            at_stake=at_stake,
            wounds=wounds,
            harm=level,
            doubtful=_doubtful(values["harm"], level, bool(wounds), self._heads.heads["harm"].cuts[where]),
            scores=scores,
            overall=overall,
            near=round(max(overall - 0.5, min(overall + 0.5, near)), 2),
        )

    def _assessment(
        self,
        occasion: Occasion,
        *,
        scores: dict[Dimension, int],
        harm_level: int,
        overall: int,
        near: float,
        evidence: Sequence[Evidence],
        flags: Flags,
        unsure: bool,
        suggested: Suggestion | None,
    ) -> Assessment:
        overall = borne(occasion, scores, harm_level, overall, refused=flags.refused)
        return assessed(
            self._rubric,
            occasion,
            levels=scores,
            harm=harm_level,
            overall=overall,
            near=max(overall - 0.5, min(overall + 0.5, near)),
            evidence=evidence,
            flags=flags,
            unsure=unsure,
            suggestion=suggested,
            scorer=self._name,
        )

    def _silence(self, occasion: Occasion, history: Sequence[Message]) -> Assessment:
        nothing: dict[Dimension, int] = dict.fromkeys(DIMENSIONS, 0)
        flags = Flags(too_short=True, safety=occasion.safety != "none", boundary=False)
        return self._assessment(
            occasion,
            scores=nothing,
            harm_level=0,
            overall=0,
            near=0.0,
            evidence=(),
            flags=flags,
            unsure=False,
            suggested=explain.suggest(occasion.better, "", history),
        )


def borne(occasion: Occasion, scores: dict[Dimension, int], harm_level: int, overall: int, *, refused: bool) -> int:
    """`overall` held to what became of what was there to be met."""
    return in_keeping(overall, opportunity_at(occasion, scores, harm_level, refused=refused))


def _flags(found: _Weighed) -> Flags:
    kind = found.at_stake.kind
    return Flags(
        safety=kind in ("danger", "suicide", "unsaid") and found.harm > 0,
        boundary=kind == "boundary" and found.harm > 0,
        injection=bool(found.taken.injected),
        refused=found.refuses,
        too_short=found.taken.words <= 2 and not found.taken.injected,
    )


def _is_procedure(reply: Reply) -> bool:
    """Whether a reply is nothing but procedure: what it passes over is passed over then, however it is worded."""
    return all(h.formula or h.does("form_field", "process", "pushed", "any_else") for h in reply.heard)


DOUBT = 0.25
"""So far from the cut between no harm and harm the wording is still in doubt."""


def _doubtful(value: float, level: int, ruled: bool, cuts: Sequence[float]) -> bool:
    """Whether a harm is in doubt: found by the wording alone and by little, or by a rule that the wording denies."""
    if not level:
        return False
    return value < cuts[0] - DOUBT if ruled else value < cuts[0] + DOUBT
