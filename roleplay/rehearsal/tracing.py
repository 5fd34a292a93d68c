"""A rehearsed call turn by turn: what was heard, what moved, what opened, and of everything else why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from roleplay.conversation.director import Director, agreed
from roleplay.conversation.disclosing import Bar, Weighed
from roleplay.conversation.explaining import (
    endings_not_yet,
    felt_after,
    key_moments_not_yet,
    weighed_after,
    why_shut,
)
from roleplay.conversation.kinds import Kind
from roleplay.conversation.said import whole_lines
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.conversation.verdicts import heard_in
from roleplay.persona.model import Persona
from roleplay.persona.scenes import scene_of
from roleplay.rehearsal.figures import Came
from roleplay.rehearsal.runner import Rehearsed
from roleplay.rehearsal.trainees import Name
from roleplay.scoring.assessment import Assessment


class Feelings(msgspec.Struct, frozen=True):
    """The customer's trust, distress and patience, 0-10."""

    trust: float
    distress: float
    patience: float


class Why(msgspec.Struct, frozen=True):
    """A disclosure, ending or key moment by its `id`, and `why` it did not come now."""

    id: str
    why: str


class Untold(msgspec.Struct, frozen=True):
    """A disclosure that was not told: the `trust` it takes, what `bars` it, and that in words."""

    id: str
    trust: float
    bars: tuple[Bar, ...]
    why: str


class Heard(msgspec.Struct, frozen=True):
    """What the customer heard in a reply: the kind of talk, what was asked for, which disclosures it touched."""

    kind: Kind
    asked: tuple[str, ...]
    touched: tuple[str, ...]
    unanswerable: bool


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One turn: the customer's `line` at `moment`, the `reply` to it, and all that followed from that.

    `feeling` is what the author wrote of the moment. `opened` and `deflected` are disclosures, `met` the needs that
    this reply met. `untold`: every other disclosure that was not told yet; `endings` and `key_moments` likewise.
    """

    turn: int
    scene: str
    moment: str
    feeling: str
    line: str
    reply: str
    heard: Heard
    assessment: Assessment
    before: Feelings
    after: Feelings
    met: tuple[str, ...]
    opened: str | None
    deflected: str | None
    untold: tuple[Untold, ...]
    endings: tuple[Why, ...]
    key_moments: tuple[Why, ...]
    ended: str | None
    scene_ended: str | None
    begins: str | None
    """The scene that begins after this turn."""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """The call that is traced: whose, by which seed, which visit it was, and where it ended.

    `last_words` are the customer's.
    """

    trainee: Name
    seed: int
    visit: str
    steps: tuple[Step, ...]
    last_words: str
    ending: str
    epilogue: str


def seed_to_trace(trainee: Name, came: Sequence[Came]) -> int:
    """The place in `came` of the rehearsal from which there is most to learn.

    For the skilled it is the first in which something unspoken stayed untold, for others the first in which it was
    told; else the first of all.
    """
    surprising = (place for place, each in enumerate(came) if each.told is not None and _surprises(trainee, each.told))
    return next(surprising, 0)


def _surprises(trainee: Name, told: float) -> bool:
    return told < 1 if trainee == "skilled" else told > 0


def trace_of(rehearsed: Rehearsed) -> Trace:
    """The trace of a rehearsal; of a chain of visits that of the one from which there is most to learn.

    For the skilled it is the first on which something unspoken could be told and was not, for others the first on which
    it was told; else the first of all.
    """
    surprising = (call for call in rehearsed.calls if _could_tell(call) and _surprises(rehearsed.trainee, _told(call)))
    call = next(surprising, rehearsed.calls[0])
    script, ending = call.session.script, call.ending
    assert ending is not None
    last = whole_lines(call, call.replies[-1].turn + 1)
    return Trace(
        trainee=rehearsed.trainee,
        seed=rehearsed.seed,
        visit=script.visiting.id if script.visiting else "",
        steps=tuple(steps_of(call)),
        last_words=last[-1].text if last else "",
        ending=ending.ending,
        epilogue=ending.epilogue,
    )


def _could_tell(call: Transcript) -> bool:
    return any(each.tells for each in call.session.script.persona.disclosures)


def _told(call: Transcript) -> bool:
    made = {reply.direction.disclosed for reply in call.replies}
    return any(each.tells and each.id in made for each in call.session.script.persona.disclosures)


def steps_of(call: Transcript) -> Iterator[Step]:
    """What each reply of `call` did."""
    director = Director(call.session.script, call.session.seed)
    for reply in call.replies:
        yield step_of(call, reply, director)


def step_of(call: Transcript, reply: KeptReply, director: Director) -> Step:
    """What `reply` of `call` did."""
    before, direction = call.state_before(reply), reply.direction
    persona = director.view(before.scene)
    heard = agreed(heard_in(persona, reply.text, reply.gesture), reply.assessment)
    felt = felt_after(before, reply)
    after = replace(felt, disclosed=reply.state.disclosed)
    beat = persona.beat(reply.moment)
    weighed = weighed_after(director, before, reply).weighed
    lines = whole_lines(call, reply.turn)
    return Step(
        turn=reply.turn,
        scene=before.scene,
        moment=reply.moment,
        feeling=beat.feeling,
        line=lines[-1].text if lines else "",
        reply=reply.text,
        heard=Heard(
            kind=heard.kind,
            asked=tuple(persona.answers[question.answer].asks[0] for question in heard.questions),
            touched=heard.topics,
            unanswerable=heard.unanswerable,
        ),
        assessment=reply.assessment,
        before=feelings_of(before),
        after=feelings_of(felt),
        met=tuple(need for need in felt.met if need not in before.met),
        opened=direction.disclosed,
        deflected=direction.deflected,
        untold=tuple(_untold(each) for each in weighed if not each.opens),
        endings=_endings(call.session.script.persona, persona, after, reply),
        key_moments=tuple(Why(*each) for each in key_moments_not_yet(persona, after)),
        ended=direction.ending,
        scene_ended=next((end.ending for end in reply.state.ends[len(before.ends) :]), None),
        begins=direction.scene.id if direction.scene else None,
    )


def _untold(weighed: Weighed) -> Untold:
    wanted = weighed.disclosure.trust
    return Untold(weighed.disclosure.id, wanted, weighed.bars, why_shut(weighed.bars, weighed.trust, wanted))


def _endings(story: Persona, persona: Persona, after: CustomerState, reply: KeptReply) -> tuple[Why, ...]:
    """The endings of the scene and of the call that did not come after `reply`."""
    own = scene_of(story, after.scene).endings if after.scene else ()
    taken = [reply.direction.ending or "", *(end.ending for end in reply.state.ends[len(after.ends) :])]
    opened = reply.direction.disclosed is not None
    found = endings_not_yet(persona, (*own, *persona.endings), after, opened=opened, taken=taken)
    return tuple(Why(*each) for each in found)


def feelings_of(state: CustomerState) -> Feelings:
    """What the customer feels in `state`."""
    return Feelings(state.trust, state.distress, state.patience)
