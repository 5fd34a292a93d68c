"""What a line is checked against: all that may be known, what was said, and how the reply before it was taken."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from roleplay.actors.marker import code_of
from roleplay.actors.unopened import Telltale, story_at, telltale_now, unopened
from roleplay.conversation.actor import Cue
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import StageDirection
from roleplay.persona.lines import Disclosure, MoodLine
from roleplay.persona.model import Persona
from roleplay.persona.scenes import in_scene
from roleplay.text import one_line


class Stage:
    """One line's surroundings. Everything in it follows from the cue; nothing in it changes."""

    def __init__(self, cue: Cue) -> None:
        self._cue = cue
        self.direction: StageDirection = cue.direction
        self._script = cue.transcript.session.script
        self.story: Persona = story_at(self._script, cue.scene)
        self.persona: Persona = in_scene(self._script.persona, cue.scene)
        self.code: str = code_of(cue.transcript.session.id)

    @property
    def is_customer(self) -> bool:
        """Whether the customer speaks, and not another of the cast."""
        return not self.direction.speaker or bool(self._script.queue)

    @property
    def typed(self) -> bool:
        """Whether lines are written and not spoken."""
        return self.story.channel == "chat"

    @property
    def scripted(self) -> str:
        """The line as the director wrote it."""
        return self.direction.line

    @cached_property
    def state(self) -> CustomerState:
        """The speaker's state, after the reply that is answered now."""
        transcript = self._cue.transcript
        if not transcript.replies:
            return transcript.opening.state
        state = transcript.state_after(transcript.replies[-1])
        return state.as_left(self.direction.speaker) if self.direction.scene else state

    @cached_property
    def lines_before(self) -> tuple[str, ...]:
        """The lines that the customer's side has said so far, to their end."""
        return tuple(line.text for line in self._cue.transcript.lines if not line.broken_off)

    @cached_property
    def replies(self) -> tuple[str, ...]:
        """What the trainee has said so far."""
        return tuple(reply.text for reply in self._cue.transcript.replies)

    @cached_property
    def unopened(self) -> tuple[Disclosure, ...]:
        """What has not been told."""
        return unopened(self._cue.transcript, self._cue.scene)

    @cached_property
    def telltale(self) -> Telltale:
        """The words that would give it away, but for what the trainee or the director has said."""
        return telltale_now(self._cue.transcript, self._cue.scene, unless_in=self.scripted)

    @property
    def said(self) -> tuple[str, ...]:
        """Everything said so far, and what the director wants said now."""
        return (*self.lines_before, *self.replies, self.scripted)

    @cached_property
    def written(self) -> tuple[str, ...]:
        """Every text of the persona from which the speaker can know a fact whatever has been said."""
        return tuple(one_line(text) for text in self._of_persona())

    def _of_persona(self) -> Iterator[str]:
        for persona in (self.persona, self.story):
            who, trainee = persona.customer, persona.trainee
            yield from (persona.name, who.opening, who.backstory, who.voice)
            yield from (trainee.role, trainee.brief, *(gesture.does for gesture in persona.gestures))
            for name, value in trainee.record.items():
                yield f"{name}: {value}"
            for answer in persona.answers:
                yield from (line for line in answer.lines if not isinstance(line, MoodLine))
        if self._script.visiting:
            yield from (line for visit in self._script.visiting.remembered for line in visit.told)
        for scene in self.story.scenes:
            for member in scene.cast:
                yield f"{member.name}: {member.backstory}"
