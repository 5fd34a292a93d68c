"""What a trainee can choose next, in the gallery or on the command line; `journey.py` leads there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roleplay.conversation.drilling import DrillItem
    from roleplay.persona.fields import Dimension
    from roleplay.tui.again import Practice


@dataclass(frozen=True)
class Take:
    """A new call with the persona in the file at `path`."""

    path: Path


@dataclass(frozen=True)
class GoOn:
    """An interrupted call, to go on with."""

    session_id: str


@dataclass(frozen=True)
class Look:
    """A call that has ended, to read its debrief again; first to be practised, if `practice` says how.

    `at_tries`: the debrief is opened where the tries are listed.
    """

    session_id: str
    practice: Practice | None = None
    at_tries: bool = False


@dataclass(frozen=True)
class Review:
    """A coach's queue, or first the call of that id; with `samples` that of the sample transcripts."""

    session_id: str = ""
    samples: bool = False


@dataclass(frozen=True)
class Drill:
    """Drills: `item` first, if one is given, and as far as `dimension` and `persona` (an id) narrow them.

    `minutes` make a full sitting; None: as many as usual. With `test` the unaided test.
    """

    test: bool = False
    minutes: float | None = None
    dimension: Dimension | None = None
    persona: str = ""
    item: DrillItem | None = None


@dataclass(frozen=True)
class Progress:
    """How the trainee comes on."""


Choice = Take | GoOn | Look | Review | Drill | Progress
"""All of these."""
