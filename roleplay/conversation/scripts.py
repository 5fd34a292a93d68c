"""Makes the script of a session out of a persona: completed, with the general lines and a rubric."""

from __future__ import annotations

from roleplay.conversation.turns import Script
from roleplay.errors import PersonaError
from roleplay.persona.completion import complete
from roleplay.persona.general import general_lines
from roleplay.persona.model import Persona
from roleplay.scoring.rubric import default_rubric


def script_for(persona: Persona) -> Script:
    """The script by which `persona`, as it was loaded, is played.

    Raises `PersonaError` for a persona told in visits or a queue, which can be written and checked already.
    """
    if persona.told_in:
        raise PersonaError(
            f"{persona.name} is told in {persona.told_in}, and that cannot be played yet.",
            mend="Pick another: `roleplay personas list` shows them.",
        )
    return Script(persona=complete(persona), general=general_lines(), rubric=default_rubric())
