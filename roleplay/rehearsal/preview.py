"""The customer's mind in one state: what is felt and needed, what could be told, said and done next, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

import msgspec
from msgspec.structs import replace

from roleplay.conversation.director import Director, key_moments_left
from roleplay.conversation.disclosing import Bar, Weighed, choose_disclosure
from roleplay.conversation.explaining import endings_not_yet, why_not, why_shut
from roleplay.conversation.lines import Chooser
from roleplay.conversation.mood import mood_of
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import LinePart
from roleplay.persona.condition import parse_condition
from roleplay.persona.fields import Outcome
from roleplay.persona.lines import Disclosure, Ending, Reveal
from roleplay.persona.model import Persona
from roleplay.persona.scenes import scene_after, scene_of
from roleplay.rehearsal.imagined import Imagined, imagined
from roleplay.rehearsal.placing import SEED, Placed
from roleplay.rehearsal.tracing import Feelings, feelings_of
from roleplay.scoring.occasion import Occasion


class MomentNow(msgspec.Struct, frozen=True, kw_only=True):
    """The moment at which the next reply is assessed; `spoken` and `unspoken` are the ids of the needs it offers."""

    id: str
    says: str
    feeling: str
    spoken: str | None
    unspoken: str | None
    safety: str
    boundary: str
    key: bool


class NeedNow(msgspec.Struct, frozen=True, kw_only=True):
    """A need of this call, and whether it was met."""

    id: str
    kind: str
    need: str
    met: bool


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """A disclosure that was not told yet, and what would open it now.

    `touched`, `asked`, `untouched`: whether the next reply opens it by touching its topic, by a fitted question about
    something else, and without either, if it moves trust neither way. `bars` keep it shut even to the best of these;
    `why` says so in words, and is empty where it opens. `if_met`: the trust that a reply brings which meets this
    moment, and `opens_if_met` whether it opens to such a one.
    """

    id: str
    says: str
    reveal: Reveal
    trust: float
    topics: tuple[str, ...]
    tells: str | None
    touched: bool
    asked: bool
    untouched: bool
    bars: tuple[Bar, ...]
    why: str
    if_met: float
    opens_if_met: bool


class MomentNext(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of this scene that was not said yet. `why` not now; empty where its condition holds."""

    id: str
    says: str
    why: str
    key: bool


class EndingNow(msgspec.Struct, frozen=True, kw_only=True):
    """An ending. `why` it would not come now; empty for the one that would."""

    id: str
    outcome: Outcome | None
    why: str


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a reply of one `kind` would do: it touches no topic and asks nothing.

    `lines`: what could be said to it, of which one is; `parts` all of one such line of the customer's. Then `moment`
    is the current one; `opens`, `ending` and `begins` are what is told, how it ends and which scene follows, if so.
    """

    kind: str
    after: Feelings
    mood: str
    lines: tuple[str, ...]
    parts: tuple[LinePart, ...]
    moment: str
    opens: str | None
    ending: str | None
    begins: str | None


class Mind(msgspec.Struct, frozen=True, kw_only=True):
    """The customer's mind in one state. `visit` and `customer` are ids, empty where there is none.

    `told` are the disclosures that were made, `told_before` those of earlier visits. `scene_ends`: why the next scene
    does not begin; None where none follows by itself.
    """

    persona: str
    name: str
    visit: str
    customer: str
    scene: str
    turn: int
    feelings: Feelings
    mood: str
    moment: MomentNow
    needs: tuple[NeedNow, ...]
    told: tuple[str, ...]
    told_before: tuple[str, ...]
    doors: tuple[Door, ...]
    moments: tuple[MomentNext, ...]
    endings: tuple[EndingNow, ...]
    scene_ends: str | None
    replies: tuple[Reply, ...]


def mind_of(place: Placed) -> Mind:
    """The customer's mind at `place`."""
    script, state = place.script, place.state
    director = Director(script, SEED)
    here = director.view(state.scene)
    beat = here.beat(state.moment)
    return Mind(
        persona=script.persona.id,
        name=here.name,
        visit=script.visiting.id if script.visiting else "",
        customer=state.scene if script.queue else "",
        scene="" if script.queue else state.scene,
        turn=state.turn,
        feelings=feelings_of(state),
        mood=mood_of(state),
        moment=MomentNow(
            id=beat.id,
            says=beat.says,
            feeling=beat.feeling,
            spoken=beat.spoken,
            unspoken=beat.unspoken,
            safety=beat.safety,
            boundary=beat.boundary,
            key=beat.key,
        ),
        needs=tuple(
            NeedNow(id=ident, kind=need.kind, need=need.need, met=ident in state.met)
            for ident, need in script.persona.needs.items()
        ),
        told=state.disclosed,
        told_before=state.told_before,
        doors=tuple(_doors(here, state, Occasion.at(here, beat), director)),
        moments=tuple(_moments(here, state)),
        endings=tuple(_endings(script.persona, here, state)),
        scene_ends=_scene_ends(script.persona, state),
        replies=tuple(_replies(place)),
    )


def _doors(here: Persona, state: CustomerState, occasion: Occasion, director: Director) -> Iterator[Door]:
    """Every disclosure that could be told in this scene and was not."""
    met = imagined(occasion, "met")
    brings = director.advance(state, met.heard, met.assessment, gesture=None, length=0)[0].trust
    for each in here.disclosures:
        if each.id in state.disclosed:
            continue
        touching = (each.id,) if each.topics else ()
        ways = [
            _weighed(here, state, each, imagined(occasion, "partly", touches=touching)),
            _weighed(here, state, each, imagined(occasion, "partly", explores=True)),
            _weighed(here, state, each, imagined(occasion, "partly")),
        ]
        best = min(ways, key=lambda way: len(way.bars))
        warmer = replace(state, trust=brings)
        yield Door(
            id=each.id,
            says=each.says,
            reveal=each.reveal,
            trust=each.trust,
            topics=each.topics,
            tells=each.tells,
            touched=bool(touching) and ways[0].opens,
            asked=ways[1].opens,
            untouched=ways[2].opens,
            bars=best.bars,
            why=why_shut(best.bars, state.trust, each.trust),
            if_met=brings,
            opens_if_met=_weighed(here, warmer, each, imagined(occasion, "met", touches=touching, explores=True)).opens,
        )


def _weighed(here: Persona, state: CustomerState, disclosure: Disclosure, reply: Imagined) -> Weighed:
    """What `reply` does for `disclosure` in `state`, which it has moved already."""
    after = replace(state, turn=state.turn + 1)
    opening = choose_disclosure(here, after, reply.heard, reply.assessment)
    return next(each for each in opening.weighed if each.disclosure.id == disclosure.id)


def _moments(here: Persona, state: CustomerState) -> Iterator[MomentNext]:
    for moment in here.moments:
        if moment.id not in state.said:
            why = why_not(moment.condition, state.situation) if moment.condition else ""
            yield MomentNext(id=moment.id, says=moment.says, why=why, key=moment.key)


def _endings(story: Persona, here: Persona, state: CustomerState) -> Iterator[EndingNow]:
    """The endings of the scene and of the call, in the order in which they are looked at."""
    endings = [*(scene_of(story, state.scene).endings if state.scene else ()), *here.endings]
    comes = _comes(endings, here, state)
    why = dict(endings_not_yet(here, endings, state, opened=False, taken=[comes.id] if comes else []))
    for ending in endings:
        yield EndingNow(id=ending.id, outcome=ending.outcome, why=why.get(ending.id, ""))


def _comes(endings: Sequence[Ending], here: Persona, state: CustomerState) -> Ending | None:
    waits = bool(key_moments_left(here, state))
    holding = (each for each in endings if each.condition.holds(state.situation))
    return next((each for each in holding if each.outcome != "good" or not waits), None)


def _scene_ends(story: Persona, state: CustomerState) -> str | None:
    wanted = scene_of(story, state.scene).next if state.scene and scene_after(story, state.scene) else None
    return why_not(parse_condition(wanted), state.situation) if wanted else None


class _Options:
    """Takes the line that chance would, and remembers what there was to choose from, by purpose."""

    def __init__(self) -> None:
        self.of: dict[str, tuple[str, ...]] = {}

    def __call__(self, key: str) -> Chooser:
        return _Choice(self, key)


class _Choice:
    def __init__(self, options: _Options, key: str) -> None:
        self._options, self._key = options, key

    def choice(self, options: Sequence[str], /) -> str:
        self._options.of[self._key.rpartition(":")[2]] = tuple(options)
        return Random(self._key).choice(options)


def _replies(place: Placed) -> Iterator[Reply]:
    persona = Director(place.script, SEED).view(place.state.scene)
    for kind, reply in kinds_of_reply(Occasion.at(persona, persona.beat(place.state.moment))).items():
        yield _reply(place, kind, reply)


def kinds_of_reply(occasion: Occasion) -> dict[str, Imagined]:
    """A reply of each kind that the customer tells apart at `occasion`, by its name."""
    reached = {
        "met": imagined(occasion, "met"),
        "partly": imagined(occasion, "partly"),
        "missed": imagined(occasion, "missed"),
    }
    return {
        **(reached if occasion.offers else {"none": imagined(occasion, "none")}),
        "harmed": imagined(occasion, "missed", harm=1),
        "unsure": imagined(occasion, "partly", unsure=True),
        "silence": imagined(occasion, "missed", kind="silence"),
        "greeting": imagined(occasion, "missed", kind="greeting"),
        "insult": imagined(occasion, "missed", kind="insult", harm=2),
        "nonsense": imagined(occasion, "missed", kind="nonsense"),
        "foreign": imagined(occasion, "missed", kind="foreign"),
        "machine": imagined(occasion, "missed", kind="machine"),
        "goodbye": imagined(occasion, "missed", kind="goodbye"),
    }


def _reply(place: Placed, kind: str, reply: Imagined) -> Reply:
    options, state = _Options(), place.state
    director = Director(place.script, SEED, options)
    after, direction = director.advance(state, reply.heard, reply.assessment, gesture=None, length=0)
    felt = after.as_left(direction.speaker) if direction.scene else after
    return Reply(
        kind=kind,
        after=feelings_of(felt),
        mood=direction.mood,
        lines=options.of.get("reaction", ()),
        parts=direction.parts,
        moment=after.moment,
        opens=direction.disclosed,
        ending=direction.ending or next((end.ending for end in after.ends[len(state.ends) :]), None),
        begins=direction.scene.id if direction.scene else None,
    )
