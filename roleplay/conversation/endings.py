"""How a call ends where no ending is written: it winds down, the trainee leaves, the last one of a queue has gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from roleplay.conversation.state import CustomerState, SceneEnd
from roleplay.persona.fields import LEFT, WINDS_DOWN, Outcome
from roleplay.persona.lines import Ending
from roleplay.persona.model import Persona, Scene
from roleplay.persona.queue import SEEN
from roleplay.persona.scenes import scene_of, speaker_of

_ALWAYS = "turn >= 0"

_WOUND_DOWN: dict[Outcome, str] = {
    "good": "What was asked for was done, and what was not asked for was heard. That is what stays.",
    "mixed": "Part of it was taken care of. The rest went home unsaid.",
    "bad": "The call ended where it began. Somebody else will get the next one, or nobody.",
}


def winding_down(outcome: Outcome, says: str) -> Ending:
    """The built-in ending, with the last words `says`."""
    return Ending(id=WINDS_DOWN, when=_ALWAYS, says=says, outcome=outcome, epilogue=_WOUND_DOWN[outcome])


def outcome_of_winding_down(
    needs: Collection[str], met: Collection[str], *, hangs_up: bool, in_danger: bool, too_early: bool
) -> Outcome:
    """Good when all `needs` were `met`, bad when none was, else mixed; where nothing is needed, mixed.

    A trainee's goodbye (`hangs_up`) leaves somebody `in_danger` badly, and one that comes `too_early`, before the key
    moments, is no good end.
    """
    if hangs_up and in_danger:
        return "bad"
    if not needs:
        return "mixed"
    if set(met) >= set(needs) and not (hangs_up and too_early):
        return "good"
    return "mixed" if set(met) & set(needs) else "bad"


def needs_in(persona: Persona, scene: Scene | None) -> Collection[str]:
    """The needs by which it winds down: all, or in a `scene` that ends by itself those that are offered in it.

    `persona` is as it is met there.
    """
    if scene is None or not scene.endings:
        return persona.needs
    return {need for beat in persona.beats() for need in (beat.spoken, beat.unspoken) if need}


def end_of_queue(story: Persona, ends: Sequence[SceneEnd]) -> Ending:
    """The end of a call in which a queue came one by one and left by `ends`.

    Good if all went well, bad if nothing went better than badly, else mixed. The epilogue tells what came of each.
    """
    outcomes = {end.outcome for end in ends}
    outcome: Outcome = "good" if outcomes == {"good"} else "bad" if outcomes == {"bad"} else "mixed"
    return Ending(id=SEEN[outcome], when=_ALWAYS, outcome=outcome, epilogue="\n\n".join(what_came_of(story, ends)))


def end_of_leaving(story: Persona, persona: Persona, state: CustomerState) -> Ending:
    """The end of a call that the trainee leaves in `state`, with `persona` as it is met there.

    Bad, unless a need was met and nobody is in danger now.
    """
    safe = persona.beat(state.moment).safety == "none"
    told = [*what_came_of(story, state.ends), f"You left. {persona.name} was still there."]
    return Ending(id=LEFT, when=_ALWAYS, outcome="mixed" if state.met and safe else "bad", epilogue="\n\n".join(told))


def what_came_of(story: Persona, ends: Sequence[SceneEnd]) -> Iterator[str]:
    """What came of each who has left, a paragraph each, with the name."""
    for end in ends:
        scene = scene_of(story, end.scene)
        written = next((each.epilogue for each in scene.endings if each.id == end.ending), "")
        yield f"{speaker_of(scene)}: {written.strip() or _WOUND_DOWN[end.outcome]}"
