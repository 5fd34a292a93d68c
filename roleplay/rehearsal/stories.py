"""The worked replies of a persona over all calls that it can be, and the call that a test of its own is."""

from __future__ import annotations

from roleplay.conversation.scripts import script_for
from roleplay.conversation.stories import every_script, script_of_visit
from roleplay.conversation.turns import Script
from roleplay.persona.model import Persona, PersonaTest
from roleplay.rehearsal.banks import Replies


def script_of_test(persona: Persona, test: PersonaTest) -> Script:
    """The script by which `test` of `persona`, as it was loaded, is played. Raises KeyError for one never checked."""
    visit = next((visit for visit in persona.visits if visit.id == test.visit), None)
    return script_of_visit(persona, visit) if visit else script_for(persona, only=test.visit or test.customer or "")


def worked_replies(persona: Persona) -> Replies:
    """The worked replies by the id of the moment or disclosure, over all calls that `persona` can be."""
    found: Replies = {}
    for script in every_script(persona):
        for beat in script.persona.beats():
            if beat.better:
                found[beat.id] = tuple(better.reply for better in beat.better)
    return found
