"""What there is to be met: a moment with its needs spelt out, as a scorer may see it."""

from __future__ import annotations

import msgspec

from roleplay.persona.fields import DIMENSIONS, Boundary, Dimension, Safety
from roleplay.persona.lines import Better, Disclosure, Moment
from roleplay.persona.model import Persona


class Occasion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A moment as a scorer sees it.

    Needs are sentences here, empty where the moment does not offer one. `called_for` holds the dimensions that count.
    With everything empty the scorer works from the conversation alone.
    """

    id: str = ""
    feeling: str = ""
    spoken: str = ""
    unspoken: str = ""
    note: str = ""
    safety: Safety = "none"
    boundary: Boundary = "none"
    key: bool = False
    called_for: tuple[Dimension, ...] = DIMENSIONS
    better: tuple[Better, ...] = ()
    may: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    """The entries of the customer's record on the trainee's screen: read off, they are nothing said."""

    @classmethod
    def at(cls, persona: Persona, beat: Moment | Disclosure) -> Occasion:
        """What `beat` of `persona` offers. A need it does not offer drops that need's dimension."""
        dropped: set[Dimension] = {dimension for dimension, wanted in beat.calls_for.items() if not wanted}
        if not beat.spoken:
            dropped.add("names_need")
        if not beat.unspoken:
            dropped.add("reaches_unspoken")
        return cls(
            id=beat.id,
            feeling=beat.feeling,
            spoken=persona.needs[beat.spoken].need if beat.spoken else "",
            unspoken=persona.needs[beat.unspoken].need if beat.unspoken else "",
            note=beat.note,
            safety=beat.safety,
            boundary=beat.boundary,
            key=beat.key,
            called_for=tuple(d for d in DIMENSIONS if d not in dropped),
            better=beat.better,
            may=persona.trainee.may,
            may_not=persona.trainee.may_not,
            record=tuple(f"{name}: {entry}" for name, entry in persona.trainee.record.items()),
        )

    @property
    def offers(self) -> bool:
        """Whether there is anything to be met."""
        return bool(self.feeling or self.spoken or self.unspoken or self.safety != "none" or self.boundary != "none")
