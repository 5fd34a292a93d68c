"""The customer's state at one point of a call. Changed only by the director, by returning a new state."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from roleplay.persona.condition import Situation


class CustomerState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Trust, distress and patience (each 0-10), and what has happened so far.

    `moment` is the id of the moment or disclosure the next reply is assessed at. `turn` counts replies given.
    `lines_used` are fingerprints of the lines said; `waiting` are disclosures that could have opened and wait a turn;
    `opened_at` is the turn at which something was last disclosed, -1 if nothing was.
    `heard_here`: the customer has already said one of the lines of `moment`. Ids are in the order in which things
    happened.

    `scene` is the id of the scene, empty for a persona without scenes. `felt` is how those who spoke in the scenes
    before were left: trust, distress, patience, by the name of the cast member, the customer's under the empty name.
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

    @property
    def situation(self) -> Situation:
        """What a `when` is asked about."""
        return Situation(
            numbers={
                "trust": self.trust,
                "distress": self.distress,
                "patience": self.patience,
                "turn": self.turn,
                "visit": self.visit,
            },
            met=self.met,
            disclosed=self.disclosed,
            said=self.said,
            scene=self.scene,
        )

    def as_left(self, speaker: str) -> CustomerState:
        """This state with what `speaker` felt when last spoken with, in place of who speaks now."""
        trust, distress, patience = self.felt[speaker]
        return replace(self, trust=trust, distress=distress, patience=patience)
