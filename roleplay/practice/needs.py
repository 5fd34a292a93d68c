"""Which needs a debrief tells of: those that stayed met, and those that did not."""

from __future__ import annotations

from collections.abc import Collection

from roleplay.conversation.turns import Transcript
from roleplay.persona.lines import Disclosure, Moment
from roleplay.persona.names import short_name
from roleplay.persona.scenes import in_scene, scene_of, speaker_of


def current_beat(transcript: Transcript) -> Moment | Disclosure:
    """The moment or disclosure at which the call has come to stand."""
    state = transcript.state
    return in_scene(transcript.session.script.persona, state.scene).beat(state.moment)


def came(transcript: Transcript) -> Collection[str]:
    """The ids of those of a queue who have come, whether or not they have left."""
    state = transcript.state
    return {*(end.scene for end in state.ends), state.scene} if transcript.session.script.queue else ()


def needs_of(transcript: Transcript) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The needs that stayed met, and those that did not, in words; of a queue each with whose it is.

    What somebody needs in danger is lost if the trainee hung up, or the call ended badly; in a scene with endings of
    its own, if that ended badly. Of a queue only those count who have come.
    """
    persona, lost = transcript.session.script.persona, _lost(transcript)
    names = {
        need: f"{short_name(speaker_of(scene_of(persona, scene)))}: "
        for scene in came(transcript)
        for beat in in_scene(persona, scene).beats()
        for need in (beat.spoken, beat.unspoken)
        if need
    }
    queue = bool(transcript.session.script.queue)
    met: list[str] = []
    unmet: list[str] = []
    for name, need in persona.needs.items():
        if not queue or name in names:
            (met if name in transcript.state.met and name not in lost else unmet).append(
                names.get(name, "") + need.need
            )
    return tuple(met), tuple(unmet)


def _lost(transcript: Transcript) -> set[str | None]:
    """The needs at moments of danger that no longer count as met."""
    ending, persona = transcript.ending, transcript.session.script.persona
    ends = {end.scene: end.outcome == "bad" for end in transcript.state.ends}
    badly = ending is not None and (ending.by == "left" or ending.outcome == "bad")
    beats = [(transcript.state_before(reply).scene, persona.beat(reply.moment)) for reply in transcript.replies]
    beats.append((transcript.state.scene, current_beat(transcript)))
    return {beat.unspoken for scene, beat in beats if beat.safety != "none" and ends.get(scene, badly)}
