"""The customer's state at one point of a call. Changed only by the director, by returning a new state."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from roleplay.persona.condition import Situation
from roleplay.persona.fields import Outcome

Place = tuple[int, int]
"""Where a reply stands: its branch and turn. No two of a session have the same."""


class SceneEnd(msgspec.Struct, frozen=True):
    """How a scene ended that has endings of its own: the id of the ending, and how good it was."""

    scene: str
    ending: str
    outcome: Outcome


class CustomerState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Trust, distress and patience (each 0-10), and what has happened so far.

    `moment` is the id of the moment or disclosure the next reply is assessed at. `turn` counts replies given.
    `lines_used` are fingerprints of the lines said; `waiting` are disclosures that could have opened and wait a turn;
    `opened_at` is the turn at which something was last disclosed, -1 if nothing was.
    `heard_here`: the customer has already said one of the lines of `moment`. Ids are in the order in which things
    happened.

    `scene` is the id of the scene, empty for a persona without scenes. `felt` is how those who spoke in the scenes
    before were left: trust, distress, patience, by the name of the cast member, the customer's under the empty name.
    `ends` are those scenes that have ended by an ending of theirs. `since` is the turn from which conditions count.

    `visit` is the number of the visit; `told_before` and `ended_before` are what was told on earlier ones, and the
    endings that they came to.
    """

    trust: float
    distress: float
    patience: float
    moment: str
    turn: int = 0
    met: tuple[str, ...] = ()
    disclosed: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    gestures: tuple[str, ...] = ()
    lines_used: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    heard_here: bool = False
    opened_at: int = -1
    met_in_a_row: int = 0
    nudges: int = 0
    pulled_back: bool = False
    visit: int = 1
    scene: str = ""
    felt: dict[str, tuple[float, float, float]] = {}
    ends: tuple[SceneEnd, ...] = ()
    since: int = 0
    told_before: tuple[str, ...] = ()
    ended_before: tuple[str, ...] = ()

    @property
    def situation(self) -> Situation:
        """What a `when` is asked about."""
        return Situation(
            numbers={
                "trust": self.trust,
                "distress": self.distress,
                "patience": self.patience,
                "turn": self.turn - self.since,
                "visit": self.visit,
            },
            met=self.met,
            disclosed=(*self.told_before, *self.disclosed),
            said=self.said,
            scene=self.scene,
            ended=(*self.ended_before, *(end.ending for end in self.ends)),
        )

    def as_left(self, speaker: str) -> CustomerState:
        """This state with what `speaker` felt when last spoken with, in place of who speaks now."""
        trust, distress, patience = self.felt[speaker]
        return replace(self, trust=trust, distress=distress, patience=patience)
