"""What the fields of a persona file are made of: ids, texts, lines, conditions, and the record all others build on."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from roleplay.persona.names import ID_PATTERN

WINDS_DOWN: Final = "winds-down"
"""The id of the ending that every call can have, when nothing is left to say."""

LEFT: Final = "left"
"""The id of the ending of a call that the trainee left."""

Dimension = Literal["acknowledges_feeling", "names_need", "reaches_unspoken", "explores", "acts"]
"""The five positive dimensions of the rubric."""
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)

Opportunity = Literal["met", "partly", "missed", "none"]
"""Whether there was something to be met at a moment, and whether the reply met it."""
Outcome = Literal["good", "mixed", "bad"]
Safety = Literal["danger", "suicide", "harm", "none"]
Boundary = Literal["gift", "romance", "private contact", "none"]

Ident = Annotated[
    str,
    Meta(
        pattern=f"^{ID_PATTERN}$",
        description="A short name made of small letters, digits and hyphens, such as two-feet.",
    ),
]
Text = Annotated[str, Meta(min_length=1, max_length=4000)]
Line = Annotated[str, Meta(min_length=1, max_length=600, description="Words the customer says, verbatim.")]
When = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=300,
        description=(
            "A condition, such as: trust < 6 and not met(tow). Numbers: trust, distress, patience, turn, visit. "
            "Facts: met(need), disclosed(id), said(moment), scene(id), ended(ending). Joined by and, or, not, brackets."
        ),
        extra={"condition": True},
    ),
]
Level = Annotated[float, Meta(ge=0, le=10)]
Words = Annotated[str, Meta(min_length=1, max_length=120)]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Base of all persona records: immutable, and unknown fields are an error."""
