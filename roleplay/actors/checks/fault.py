"""The names of the faults that a line can have. They are kept in transcripts."""

from __future__ import annotations

from typing import Literal, get_args

FaultName = Literal[
    "leaves the story",  # talks of AI or role-play, or is more than words: a label, an action, a list
    "reasoning",  # thinks about the line instead of saying it
    "parrots",  # repeats the marker, the rules or the stage direction
    "gives away",  # tells what has not been disclosed
    "role reversal",  # acts as the representative
    "counsels",  # comforts, advises, talks as a counselor
    "thanks for nothing",  # thanks or praises for a reply that met nothing
    "contradicts",  # a number, time, day or color other than it was told
    "invents",  # a name, a person or a number that nobody has told
    "repeats",  # a sentence that was said before
    "language",  # not English
    "too long",  # many more words than wanted, or cut off by the limit
    "particulars",  # what had to be said is not in it
    "nothing said",  # no words at all
]
FAULTS: tuple[FaultName, ...] = get_args(FaultName)
