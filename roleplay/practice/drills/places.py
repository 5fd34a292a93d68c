"""A moment put where it is said: the script it is from, what was said before it, and what the trainee knows there.

Nothing unspoken is told before its time. What a moment presupposes stands before it: what must have been told for it to
be said, and the lines that it must come after.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec

from roleplay.conversation.said import history_before, tries_of
from roleplay.conversation.stories import every_script
from roleplay.conversation.turns import Script, Transcript
from roleplay.english import sentences
from roleplay.persona.expression import FactName
from roleplay.persona.lines import Disclosure, Moment
from roleplay.persona.message import Message
from roleplay.persona.model import Persona
from roleplay.persona.scenes import in_scene, is_told_in, scene_of, speaker_of
from roleplay.persona.visits import Visiting
from roleplay.practice.drills.task import Shown
from roleplay.practice.visits import heading_of
from roleplay.scoring.occasion import Occasion
from roleplay.text import one_line, quote

MESSAGES = 6
"""Most messages of a call that are shown before a reply."""
BRIEF = 240
"""Characters of a brief after which no other sentence of it is shown."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A moment or disclosure with the script it is from; `scene` is the one it is said in, empty without scenes.

    `needs` are the ids of what must have been said before it in this call, in order, and `told` the lines of earlier
    visits without which it would not be said. `reveals`: it tells how the story goes on, for it is a disclosure or
    presupposes one, or is of a later scene or visit.
    """

    script: Script
    scene: str
    beat: Moment | Disclosure
    needs: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    reveals: bool = False

    @property
    def occasion(self) -> Occasion:
        """What there is to be met."""
        return Occasion.at(self.script.persona, self.beat)


def places_of(persona: Persona) -> Mapping[str, Place]:
    """Every moment and disclosure of `persona`, as it was loaded, that offers something, by id.

    What is said on several visits stands in the first of them.
    """
    found: dict[str, Place] = {}
    least: dict[str, tuple[str, ...]] = {}
    for script in every_script(persona):
        visiting = script.visiting or Visiting()
        told = least.setdefault(visiting.id, visiting.told)  # a visit comes first with as little told as may be
        for beat in script.persona.beats():
            if beat.offers and beat.id not in found:
                found[beat.id] = _place(script, beat, told)
    return found


def shown_at(place: Place) -> Shown:
    """What the trainee sees of a moment as its persona has it."""
    persona = place.script.persona
    first = in_scene(persona, place.scene).moments[0].id
    scenes = {each: _scene(persona, persona.beat(each)) for each in place.needs}
    earlier = [each for each in place.needs if scenes[each] != place.scene]
    ids = dict.fromkeys((*earlier, first, *place.needs, place.beat.id))
    visit, told = place.script.visiting, " ".join(quote(words, len(words)) for words in place.told)
    return _shown(
        place,
        history=tuple(
            Message("customer", persona.beat(each).says, _speaker(persona, scenes.get(each, place.scene)))
            for each in ids
        ),
        scene=heading_of(visit) if visit and visit.number > 1 else "",
        narration=f"On an earlier visit you were told: {told}" if told else "",
    )


def shown_in(transcript: Transcript, turn: int, moment: str) -> tuple[Place, Shown] | None:
    """That moment as it was met in a call, at that turn, with the last words before it.

    None if the call has another moment there, or no line of the customer's that was said to its end.
    """
    replies = tries_of(transcript).get(turn, ())
    if not replies or replies[0].moment != moment:
        return None
    script, reply = transcript.session.script, replies[0]
    scene = transcript.state_before(reply).scene
    history = history_before(transcript, turn)[-MESSAGES:]
    beat = next((each for each in script.persona.beats() if each.id == moment), None)
    if not history or history[-1].role != "customer" or beat is None or not beat.offers:
        return None
    place = Place(script=script, scene=scene, beat=beat)
    visit = script.visiting
    return place, _shown(place, history=history, scene=heading_of(visit), narration="", of_call=reply.at)


def shown_again(script: Script, moment: str, history: tuple[Message, ...]) -> Shown:
    """What the trainee saw of a moment that was replied to, of which `history` was kept. Raises KeyError."""
    beat = script.persona.beat(moment)
    return _shown(Place(script=script, scene=_scene(script.persona, beat), beat=beat), history=history)


def _shown(
    place: Place, *, history: tuple[Message, ...], scene: str = "", narration: str = "", of_call: str = ""
) -> Shown:
    persona = place.script.persona
    trainee, here = persona.trainee, in_scene(persona, place.scene)
    met = scene_of(persona, place.scene) if place.scene else None
    before = one_line(met.narration) if met else ""
    return Shown(
        title=persona.title,
        name=here.short_name,
        speaker=_speaker(persona, place.scene),
        channel=persona.channel,
        role=trainee.role,
        brief=_first_sentences(trainee.brief),
        record=trainee.record,
        may=trainee.may,
        may_not=trainee.may_not,
        content=persona.content,
        scene=scene or (one_line(met.title) if met else ""),
        narration=" ".join(filter(None, (before, narration))),
        history=history,
        of_call=of_call,
    )


def _first_sentences(text: str) -> str:
    """The first sentences of `text`, as many as fit into `BRIEF` characters, and at least a part of the first."""
    folded = one_line(text)
    end = 0
    for sentence in sentences(folded):
        if end and sentence.end > BRIEF:
            break
        end = sentence.end
    if end > BRIEF:
        return folded[:BRIEF].rpartition(" ")[0] + " …"
    return folded[:end] if folded[end:].strip(" .!?…”\"'") else folded


def _place(script: Script, beat: Moment | Disclosure, told: Collection[str]) -> Place:
    """The place of `beat`; `told` are the ids of what was told on earlier visits in any case."""
    persona = script.persona
    scene = _scene(persona, beat)
    needs = tuple(_presupposed(persona, beat, seen={beat.id}))
    here = {each.id for each in persona.beats()}
    disclosures = {each.id for each in persona.disclosures}
    before = script.visiting or Visiting()
    words = dict(zip(before.told, (line for visit in before.remembered for line in visit.told), strict=True))
    lines = tuple(line for each, line in words.items() if each in told or each in needs)
    return Place(
        script=script,
        scene=scene,
        beat=beat,
        needs=tuple(each for each in needs if each in here),
        told=lines,
        reveals=_comes_late(script, scene) or not disclosures.isdisjoint((beat.id, *needs)),
    )


def _comes_late(script: Script, scene: str) -> bool:
    """Whether `scene`, or the visit, is not the first one of a story; those who queue up have a story each."""
    later_visit = script.visiting is not None and bool(script.visiting.id)
    return later_visit or (not script.queue and scene not in ("", *(each.id for each in script.persona.scenes[:1])))


def _scene(persona: Persona, beat: Moment | Disclosure) -> str:
    for scene in persona.scenes:
        if beat in scene.moments or (isinstance(beat, Disclosure) and is_told_in(beat, scene)):
            return scene.id
    return ""


def _presupposed(persona: Persona, beat: Moment | Disclosure, seen: set[str]) -> Iterator[str]:
    """The ids of what must have been told or said before `beat`, each after what it presupposes itself."""
    condition = beat.condition if isinstance(beat, Moment) else None
    if condition is None:
        return
    facts: list[FactName] = ["disclosed", "said"]
    wanted = [(fact, ident) for fact, ident in sorted(condition.mentions()) if fact in facts]
    required = [each for each in wanted if condition.requires(*each)]
    if not required and wanted and not condition.can_ever_hold(never=wanted):
        required = wanted[:1]  # one of several will do
    for _, ident in required:
        if ident not in seen:
            seen.add(ident)
            known = next((each for each in persona.beats() if each.id == ident), None)
            if known:
                yield from _presupposed(persona, known, seen)
            yield ident


def _speaker(persona: Persona, scene: str) -> str:
    return speaker_of(scene_of(persona, scene)) if scene else ""
