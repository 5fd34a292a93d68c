"""From one scene to the next: what is told in between, and what the next speaker begins with."""

from __future__ import annotations

from msgspec.structs import replace

from roleplay.conversation.lines import fingerprint
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import SceneBegins
from roleplay.persona.model import Persona, Scene
from roleplay.persona.scenes import speaker_of


def begins(scene: Scene) -> SceneBegins:
    """What a front end shows of a completed `scene` when it begins, and the opening that is said then."""
    return SceneBegins(
        id=scene.id,
        title=scene.title,
        narration=scene.narration,
        speaker=speaker_of(scene),
        opening=scene.moments[0].says,
    )


def entered(left: CustomerState, speaker: str, scene: Scene, view: Persona) -> CustomerState:
    """The state at the beginning of `scene`, seen as `view`, after `left`, in which `speaker` spoke.

    Who was spoken with before feels as then; who was not begins with the temperament written for the scene, and need
    not rest from what somebody else has told.
    """
    felt = {**left.felt, speaker: (left.trust, left.distress, left.patience)}
    temper, first = view.customer.temperament, view.moments[0]
    begin = felt.get(speaker_of(scene), (temper.trust, temper.distress, temper.patience))
    return replace(
        left,
        trust=begin[0],
        distress=begin[1],
        patience=begin[2],
        moment=first.id,
        said=(*left.said, first.id),
        lines_used=(*left.lines_used, fingerprint(first.says)),
        heard_here=False,
        opened_at=left.opened_at if speaker_of(scene) in felt else -1,
        met_in_a_row=0,
        nudges=0,
        pulled_back=False,
        scene=scene.id,
        felt=felt,
    )
