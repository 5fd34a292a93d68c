"""What a customer who comes back has of a call that was made: it is taken from the transcript."""

from __future__ import annotations

from roleplay.conversation.turns import Transcript
from roleplay.persona.scenes import scene_of, speaker_of
from roleplay.persona.visits import Earlier


def earlier_of(transcript: Transcript) -> Earlier:
    """The visit that an ended call was, along the branch on which it ended: what was taken back did not happen.

    A call of a story that had no visits when it was played is a first visit. Raises ValueError while it has not ended.
    """
    if transcript.ending is None:
        raise ValueError("The call has not ended.")
    visiting, state = transcript.session.script.visiting, transcript.state
    trust, distress = _customer_left(transcript)
    return Earlier(
        visit=visiting.id if visiting else "",
        disclosed=state.disclosed,
        met=state.met,
        said=state.said,
        ending=transcript.ending.ending,
        outcome=transcript.ending.outcome,
        trust=trust,
        distress=distress,
    )


def _customer_left(transcript: Transcript) -> tuple[float, float]:
    """The customer's own trust and distress (each 0-10) at the end, whoever of the cast spoke last.

    Those of the temperament, if only others ever spoke.
    """
    persona, state = transcript.session.script.persona, transcript.state
    if not state.scene or not speaker_of(scene_of(persona, state.scene)):
        return state.trust, state.distress
    temper = persona.customer.temperament
    trust, distress, _ = state.felt.get("", (temper.trust, temper.distress, temper.patience))
    return trust, distress
