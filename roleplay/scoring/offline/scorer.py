"""The offline scorer: deterministic, explainable, English, in milliseconds, without a network."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from roleplay.english import looks_english
from roleplay.persona.message import Message
from roleplay.persona.model import DIMENSIONS, Dimension
from roleplay.scoring.assessment import SCORED, Assessment, Evidence, Flags, ScorerName, Suggestion
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline import explain, harm, heads
from roleplay.scoring.offline.detectors import ACTS, Reply, take_apart
from roleplay.scoring.offline.features import features
from roleplay.scoring.offline.grounding import Ground, ground
from roleplay.scoring.offline.reading import read
from roleplay.scoring.offline.stakes import Stakes, stakes
from roleplay.scoring.rubric import Rubric
from roleplay.scoring.totals import assessed

VERSION = "1"
INJECTED_MOST = 1
"""The most that `overall` can be for a reply with words aimed at a scorer."""


class _Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """A reply taken apart and weighed, before it is told."""

    taken: Reply
    at_stake: Stakes
    wounds: tuple[harm.Wound, ...]
    harm: int
    scores: dict[Dimension, int]
    overall: int

    def no_better_than(self, rest: _Weighed) -> _Weighed:
        """The lower of this and the `rest`, the reply without the words aimed at a scorer: they hide no harm.

        Neither may be more than poor, since an attack can also hide a weak sentence in the one that it spoils.
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
            scores={name: min(level, rest.scores[name]) for name, level in self.scores.items()},
            overall=min(self.overall, rest.overall, INJECTED_MOST),
        )


class OfflineScorer:
    """Judges a reply from the words alone. See docs/scoring.md for how, and for where it fails."""

    def __init__(self, rubric: Rubric, given: heads.Heads | None = None) -> None:
        """`given`: other heads than the shipped ones, for measuring."""
        self._rubric = rubric
        self._heads = given or heads.heads()
        self._name = ScorerName("offline", VERSION, rubric.id)

    async def assess(self, occasion: Occasion, history: Sequence[Message], reply: str) -> Assessment:
        """`judge`, behind the port that an LLM judge shares."""
        return self.judge(occasion, history, reply)

    def judge(self, occasion: Occasion, history: Sequence[Message], reply: str) -> Assessment:
        """Assess `reply`, given on `occasion` after `history`. Never raises for anything a person can type."""
        if not looks_english(reply):
            return self._foreign()
        at = ground(occasion, history)
        found = self._weigh(reply, at)
        if not found.taken.heard and not found.taken.injected:
            return self._silence(occasion, history)
        if found.taken.injected:
            found = found.no_better_than(self._weigh(harm.without_aimed(reply), at))
        evidence = [
            *explain.earned(found.scores, found.taken, found.at_stake, at.latest_text),
            *explain.hurt(found.wounds, found.taken.injected, history),
        ]
        return self._assessment(
            occasion,
            scores=found.scores,
            harm_level=found.harm,
            overall=found.overall,
            evidence=evidence,
            flags=_flags(found.taken, found.at_stake),
            unsure=_torn(found) or _at_a_loss(found.taken),
            suggested=explain.suggest(occasion.better, reply, history),
        )

    def _weigh(self, reply: str, at: Ground) -> _Weighed:
        said = read(reply)
        taken = take_apart(said, at)
        at_stake = stakes(taken, at)
        wounds = (*at_stake.wounds, *harm.said_wounds(said, at), *harm.whole_wounds(taken, at))
        level = max([wound.level for wound in wounds] + [1] * bool(taken.injected), default=0)
        levels = heads.judge(self._heads, features(taken, at), taken, at, at_stake, level)
        return _Weighed(
            taken=taken, at_stake=at_stake, wounds=wounds, harm=level, scores=levels.scores, overall=levels.overall
        )

    def _assessment(
        self,
        occasion: Occasion,
        *,
        scores: dict[Dimension, int],
        harm_level: int,
        overall: int,
        evidence: Sequence[Evidence],
        flags: Flags,
        unsure: bool,
        suggested: Suggestion | None,
    ) -> Assessment:
        return assessed(
            self._rubric,
            occasion,
            levels=scores,
            harm=harm_level,
            overall=overall,
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
            evidence=(),
            flags=flags,
            unsure=False,
            suggested=explain.suggest(occasion.better, "", history),
        )

    def _foreign(self) -> Assessment:
        return Assessment(
            scores=dict.fromkeys(SCORED),
            overall=None,
            turn_score=None,
            opportunity="none",
            unsure=False,
            evidence=(),
            flags=Flags(language=True),
            suggestion=None,
            scorer=self._name,
        )


def _flags(taken: Reply, at_stake: Stakes) -> Flags:
    open_harm = bool(at_stake.wounds)
    return Flags(
        safety=at_stake.kind in ("danger", "suicide", "unsaid") and open_harm,
        boundary=at_stake.kind == "boundary" and (open_harm or not at_stake.dealt),
        injection=bool(taken.injected),
        too_short=taken.words <= 2 and not taken.injected,
    )


def _torn(found: _Weighed) -> bool:
    """Whether the evidence points both ways: it would be met, but for a single phrase that may or may not wound."""
    reached = found.scores["reaches_unspoken"] == 2 and found.scores["acknowledges_feeling"] >= 1
    spoken = [wound for wound in found.wounds if wound.said is not None]
    return reached and len(found.wounds) == 1 and len(spoken) == 1 and not found.taken.injected


def _at_a_loss(taken: Reply) -> bool:
    """Whether a long reply holds hardly anything that the detectors know."""
    known = sum(h.said.length for h in taken.heard if h.acts & _TELLING or h.needs or h.ties >= 0.8)
    return taken.words >= LONG and known < KNOWN_SHARE * taken.words


LONG = 25
"""Words from which on a reply is long enough to be judged by what is unknown in it."""
KNOWN_SHARE = 0.15
_TELLING = frozenset(ACTS) - {"orders", "alternative", "when", "appraises", "open_question", "yes_no"}
