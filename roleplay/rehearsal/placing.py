"""Puts a call to a persona into any state, with what must have been said by then, so that it goes on from there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from roleplay.conversation.director import Director
from roleplay.conversation.lines import fingerprint
from roleplay.conversation.mood import mood_of
from roleplay.conversation.scenes import begins, entered
from roleplay.conversation.scripts import script_for
from roleplay.conversation.state import CustomerState, SceneEnd
from roleplay.conversation.stories import script_of_visit
from roleplay.conversation.turns import (
    KeptLine,
    KeptOpening,
    KeptReply,
    LinePart,
    SceneBegins,
    Script,
    SessionRecord,
    StageDirection,
    Transcript,
)
from roleplay.persona.completion import complete
from roleplay.persona.known import Known
from roleplay.persona.lines import Disclosure, Moment
from roleplay.persona.model import Persona
from roleplay.persona.queue import as_called
from roleplay.persona.scenes import is_told_in, scene_of, speaker_of
from roleplay.rehearsal.imagined import imagined
from roleplay.rehearsal.state_words import WantedState, bad, unknown
from roleplay.scoring.occasion import Occasion
from roleplay.text import counted

UNSAID = "…"
"""Stands for words that nobody has written: a reply that was given before, the last words of a scene."""

SEED = "preview"

_MOST_DIGITS = 4
"""Most digits of the number of a visit."""


class Placed(msgspec.Struct, frozen=True):
    """A call in some state: the next reply is given in it. `transcript` holds what was said until then."""

    script: Script
    transcript: Transcript

    @property
    def state(self) -> CustomerState:
        """The state."""
        return self.transcript.state


def placed(persona: Persona, wanted: WantedState, *, short: bool = False) -> Placed:
    """A call to `persona`, as it was loaded, in the state that is `wanted`; `short`: a five-minute one.

    What is left out is as at the beginning: of the call, of the visit, of the scene. Of a queue it is the customer
    named, else the first. The moment is the one named, else the last one said here, else the opening. Raises `BadInput`
    for what is not there.
    """
    script = _script(persona, wanted, short)
    director = Director(script, SEED)
    state, opening = director.open()
    passed: list[CustomerState] = [state]
    for scene in _scenes_until(script.persona, wanted):
        speaker = speaker_of(scene_of(script.persona, state.scene))
        state = entered(state, speaker, scene_of(script.persona, scene), director.view(scene))
        passed.append(state)
    state = _with_facts(state, script, director.view(state.scene), wanted)
    return Placed(script, _transcript(script, opening, passed, state, wanted))


def _script(persona: Persona, wanted: WantedState, short: bool) -> Script:
    if wanted.customer is not None and not persona.queue:
        raise bad(f"customer={wanted.customer}", "is for a persona with a `queue`, and this one has none.")
    if wanted.visit not in (None, "1") and not persona.visits:
        raise bad(f"visit={wanted.visit}", "is for a persona with `visits`, and this one has none.")
    if persona.queue:
        customers = [each.id for each in persona.queue]
        if wanted.customer is not None and wanted.customer not in customers:
            raise unknown("customer", wanted.customer, "customer", customers)
        return script_for(persona, only=wanted.customer or customers[0], short=short)
    if short and wanted.visit not in (None, "1"):
        raise bad(f"visit={wanted.visit}", "is for a whole call: a five-minute one is shown as it is before any visit.")
    return _of_visit(persona, wanted) if persona.visits and not short else script_for(persona, short=short)


def _of_visit(persona: Persona, wanted: WantedState) -> Script:
    ids = ["", *(visit.id for visit in persona.visits)]
    named = wanted.visit or "1"
    counted_from_1 = int(named) if named.isascii() and named.isdigit() and len(named) <= _MOST_DIGITS else 0
    if 0 < counted_from_1 <= len(ids):
        number = counted_from_1 - 1
    elif named in ids:
        number = ids.index(named)
    else:
        raise unknown("visit", named, "visit", [*map(str, range(1, len(ids) + 1)), *ids[1:]])
    script = script_of_visit(persona, persona.visits[number - 1] if number else None)
    visiting = script.visiting
    if not visiting or not visiting.earlier or not (wanted.before or wanted.ended):
        return script
    known = [each.id for each in _all_disclosures(persona)]
    for ident in wanted.before:
        if ident not in known:
            raise unknown("before", ident, "disclosure", known)
    past = sorted(Known.of_persona(complete(persona)).past)
    for ident in wanted.ended:
        if ident not in past:
            raise unknown("ended", ident, "ending of an earlier visit or scene", past)
    first, *others = visiting.earlier
    told = replace(first, disclosed=tuple(dict.fromkeys((*first.disclosed, *wanted.before))))
    endings = dict(zip(range(len(visiting.earlier)), wanted.ended, strict=False))
    earlier = [replace(each, ending=endings.get(place, each.ending)) for place, each in enumerate([told, *others])]
    return script_for(persona, earlier=earlier, only=ids[number])


def _all_disclosures(persona: Persona) -> Iterator[Disclosure]:
    yield from persona.disclosures
    for visit in persona.visits:
        yield from visit.disclosures


def _scenes_until(story: Persona, wanted: WantedState) -> Iterator[str]:
    """The ids of the scenes after the first, up to the one that is wanted."""
    ids = [scene.id for scene in story.scenes]
    if wanted.scene is None:
        return
    if wanted.scene not in ids:
        raise unknown("scene", wanted.scene, "scene", ids)
    yield from ids[1 : ids.index(wanted.scene) + 1]


def _with_facts(state: CustomerState, script: Script, here: Persona, wanted: WantedState) -> CustomerState:
    """`state`, in which `here` is met, with all that is wanted."""
    story = script.persona
    beats = {beat.id: beat for beat in story.beats()}
    moments = [beat.id for beat in beats.values() if isinstance(beat, Moment)]
    if wanted.before and not state.told_before:
        raise bad(f"before={'+'.join(wanted.before)}", "is for a later visit.", "In this call it is disclosed=….")
    said = _known("said", wanted.said, "moment", moments, script)
    told = _known("disclosed", wanted.disclosed, "disclosure", [each.id for each in story.disclosures], script)
    met = _known("met", wanted.met, "need", list(story.needs), script)
    current = _current(wanted, said, here, script) or state.moment
    said = tuple(dict.fromkeys((*state.said, *said, *((current,) if current in moments else ()))))
    told = tuple(dict.fromkeys((*told, *((current,) if current not in moments else ()))))
    lines = (beats[each].says for each in (*said, *told))
    given = len(said) + len(told) - 1
    return replace(
        state,
        moment=current,
        said=said,
        disclosed=told,
        met=met,
        ends=_ends(script, wanted),
        turn=given if wanted.turn is None else wanted.turn,
        lines_used=tuple(dict.fromkeys((*state.lines_used, *map(fingerprint, lines)))),
        **wanted.levels,
    )


def _known(name: str, wanted: Sequence[str], what: str, known: Collection[str], script: Script) -> tuple[str, ...]:
    """The ids that are `wanted`, as this call knows them."""
    found = []
    for ident in wanted:
        own = _as_played(ident, known, script)
        if own is None:
            raise unknown(name, ident, what, known)
        found.append(own)
    return tuple(found)


def _as_played(ident: str, known: Collection[str], script: Script) -> str | None:
    """`ident` as this call knows it: of a queue the ids begin with the customer, who need not be written."""
    return as_called(known, script.queue).get(ident)


def _current(wanted: WantedState, said: Sequence[str], here: Persona, script: Script) -> str | None:
    present = [beat.id for beat in here.beats()]
    if wanted.moment is None:
        return next((each for each in reversed(said) if each in present), None)
    ident = _as_played(wanted.moment, present, script)
    if ident is None:
        raise unknown("moment", wanted.moment, "moment or disclosure", present)
    return ident


def _ends(script: Script, wanted: WantedState) -> tuple[SceneEnd, ...]:
    """The scenes that ended by the endings that are wanted; on a later visit they are those of earlier visits."""
    if script.visiting and script.visiting.earlier:
        return ()
    known = {ending.id: scene for scene in script.persona.scenes for ending in scene.endings}
    found = []
    for ident in wanted.ended:
        own = _as_played(ident, known, script)
        if own is None:
            raise unknown("ended", ident, "ending of an earlier visit or scene", known)
        outcome = next(each.outcome for each in known[own].endings if each.id == own)
        found.append(SceneEnd(known[own].id, own, outcome or "mixed"))
    return tuple(found)


def _transcript(
    script: Script, opening: StageDirection, passed: Sequence[CustomerState], state: CustomerState, wanted: WantedState
) -> Transcript:
    """What was said until `state`, as far as it is written: replies are not, nor how a scene before came to its end.

    There are at most as many replies as `state` counts; what was said in more turns stands together in the first line.
    A scene begins in a turn of its own: raises `BadInput` where there are more of them than turns.
    """
    lines = list(_lines(script, passed, state))
    first = lines[: max(1, len(lines) - state.turn)]
    if any(scene for _, scene in first[1:]):
        least = len(lines) - next(place for place, (_, scene) in enumerate(lines) if scene)
        raise bad(f"turn={wanted.turn}", f"is too early: at least {counted(least, 'reply', 'replies')} came before.")
    record = SessionRecord(
        id=SEED, script=script, seed=SEED, exam=False, actor="scripted", trainee="preview", started=""
    )
    says = " ".join(text for text, _ in first)
    begun = replace(opening, parts=(LinePart("opening", says),))
    transcript = Transcript(
        session=record,
        opening=KeptOpening(session=SEED, branch=0, state=state, direction=begun, at=""),
        replies=(),
        lines=(_line(1, says),),
        ending=None,
        self_rating=None,
    )
    for turn, (text, scene) in enumerate(lines[len(first) :], 1):
        transcript = _grown(transcript, turn, text, scene, state)
    return transcript


def _lines(
    script: Script, passed: Sequence[CustomerState], state: CustomerState
) -> Iterator[tuple[str, SceneBegins | None]]:
    """Every line that was said, in order, and the scene that it opens."""
    story = script.persona
    left = [each for each in (*state.said, *state.disclosed) if each != state.moment]
    for number, entry in enumerate(passed):
        scene = scene_of(story, entry.scene) if entry.scene else None
        beats = scene.moments if scene else story.moments
        opening = beats[0]
        yield opening.says, begins(scene) if scene and number else None
        told = [each for each in story.disclosures if scene is None or is_told_in(each, scene)]
        following: tuple[Moment | Disclosure, ...] = (*beats[1:], *told)
        here = {beat.id: beat.says for beat in following}
        last = number == len(passed) - 1
        for ident in [each for each in left if each in here]:
            left.remove(ident)
            yield here[ident], None
        if last and state.moment in here:
            yield here[state.moment], None


def _line(turn: int, text: str, attempt: int = 1) -> KeptLine:
    return KeptLine(session=SEED, branch=0, turn=turn, attempt=attempt, text=text, at="")


def _grown(transcript: Transcript, turn: int, text: str, scene: SceneBegins | None, state: CustomerState) -> Transcript:
    """`transcript` with a reply nobody knows, and the line that followed it."""
    parts = (LinePart("moment", UNSAID if scene else text),)
    direction = StageDirection(
        turn=turn + 1, mood=mood_of(state), parts=parts, moment=state.moment, speaker=_speaker(transcript), scene=scene
    )
    reply = KeptReply(
        session=SEED,
        branch=0,
        turn=turn,
        text=UNSAID,
        gesture=None,
        moment=state.moment,
        assessment=imagined(Occasion(), "none").assessment,
        state=state,
        direction=direction,
        at="",
    )
    said = (UNSAID, scene.opening) if scene else (text,)
    lines = (_line(turn + 1, each, attempt) for attempt, each in enumerate(said, 1))
    return replace(transcript, replies=(*transcript.replies, reply), lines=(*transcript.lines, *lines))


def _speaker(transcript: Transcript) -> str:
    direction = transcript.direction
    return direction.scene.speaker if direction.scene else direction.speaker
