"""What is told first after a call in which somebody's safety was at stake, before anything is scored."""

from __future__ import annotations

import msgspec

from roleplay.conversation.turns import Transcript
from roleplay.practice.debrief import Debrief, Handled
from roleplay.practice.heard import left_behind
from roleplay.practice.wording import safety_verdicts


class Aftercare(msgspec.Struct, frozen=True):
    """What became of the moments at which somebody's safety was at stake, as sentences; `left` is who was left in it.

    Both are empty where there was no such moment and the call is about suicide all the same.
    """

    verdicts: tuple[tuple[Handled, str], ...]
    left: str


def aftercare_of(transcript: Transcript, debrief: Debrief) -> Aftercare | None:
    """What is to be told first; None after a call in which nobody was in danger and that is not about suicide."""
    verdicts, left = tuple(safety_verdicts(debrief)), left_behind(transcript)
    about_suicide = any(beat.safety == "suicide" for beat in transcript.session.script.persona.beats())
    if not (verdicts or left or about_suicide):
        return None
    return Aftercare(verdicts, left)
