"""What a customer says: lines, moments, disclosures, answers and endings, each field with what an editor shows."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from roleplay.persona.condition import Condition, parse_condition
from roleplay.persona.fields import Boundary, Dimension, Ident, Level, Line, Outcome, Record, Safety, Text, When, Words


class MoodLine(Record, frozen=True, kw_only=True):
    """A line that is said only while its condition holds; then it is preferred to unconditional ones."""

    says: Line
    when: When

    @property
    def condition(self) -> Condition:
        return parse_condition(self.when)


AnyLine = Line | MoodLine
Lines = Annotated[
    tuple[AnyLine, ...],
    Meta(description="Lines to choose from; each is said once at the most. A line may carry its own `when`."),
]


class Hears(Record, frozen=True, kw_only=True):
    """What the customer says to a reply, by what the reply did."""

    met: Annotated[Lines, Meta(description="Said to a reply that met what was there to be met.")] = ()
    partly: Annotated[Lines, Meta(description="Said to a reply that met a part of it.")] = ()
    missed: Annotated[Lines, Meta(description="Said to a reply that missed it.")] = ()
    harmed: Annotated[Lines, Meta(description="Said to a reply that hurt.")] = ()


class Reactions(Hears, frozen=True, kw_only=True):
    """What the customer says at any moment that has no words of its own, by what the reply did or was."""

    none: Annotated[Lines, Meta(description="Said where there was nothing to be met.")] = ()
    silence: Annotated[Lines, Meta(description="Said when the trainee says nothing.")] = ()
    greeting: Annotated[Lines, Meta(description="Said to a bare greeting.")] = ()
    insult: Annotated[Lines, Meta(description="Said to an insult.")] = ()
    nonsense: Annotated[Lines, Meta(description="Said to words without sense.")] = ()
    foreign: Annotated[Lines, Meta(description="Said to another language.")] = ()
    machine: Annotated[
        Lines, Meta(description="Said when the trainee talks as if to a computer, a prompt or a grader.")
    ] = ()
    unanswerable: Annotated[Lines, Meta(description="Said to a question the customer has no answer for.")] = ()
    again: Annotated[Lines, Meta(description="Said to a question that was answered before.")] = ()
    overlong: Annotated[Lines, Meta(description="Said to a reply that goes on and on.")] = ()
    interrupts: Annotated[Lines, Meta(description="Put before the rest when the customer breaks in.")] = ()
    nudges: Annotated[Lines, Meta(description="What the customer says next when no moment is left to play.")] = ()
    farewells: Annotated[Lines, Meta(description="Last words of a call that winds down without an ending.")] = ()


class Better(Record, frozen=True, kw_only=True):
    """A worked reply, and the reason why it is better."""

    reply: Annotated[Text, Meta(description="A reply that would have met this moment.")]
    why: Annotated[Text, Meta(description="Why, in a sentence the trainee learns from.")]


class Beat(Record, frozen=True, kw_only=True):
    """Something the customer says that gives the trainee something to meet."""

    feeling: Annotated[
        str, Meta(max_length=600, description="What the customer feels here. Never shown before the debrief.")
    ] = ""
    spoken: Annotated[Ident | None, Meta(description="The id of the spoken need offered here.")] = None
    unspoken: Annotated[Ident | None, Meta(description="The id of the unspoken need offered here.")] = None
    note: Annotated[str, Meta(max_length=4000, description="What a fair judge must know about this moment.")] = ""
    safety: Annotated[Safety, Meta(description="Whether somebody's safety is at stake here.")] = "none"
    boundary: Annotated[Boundary, Meta(description="Whether a boundary is to be kept here.")] = "none"
    key: Annotated[bool, Meta(description="A key moment of this story; it weighs more in the score.")] = False
    hears: Annotated[Hears, Meta(description="What the customer says to a reply given here.")] = Hears()
    better: Annotated[tuple[Better, ...], Meta(description="Worked replies with their reasons.")] = ()
    calls_for: Annotated[
        dict[Dimension, bool],
        Meta(description="Dimensions that this moment does not ask for, such as {explores: false}."),
    ] = field(default_factory=dict)
    must_mention: Annotated[
        tuple[Words, ...],
        Meta(
            description="Words by which an LLM's version of the line is checked. Left out: the content words of `says`."
        ),
    ] = ()

    @property
    def offers(self) -> bool:
        """Whether there is anything here to be met."""
        return bool(self.feeling or self.spoken or self.unspoken or self.safety != "none" or self.boundary != "none")


class Moment(Beat, frozen=True, kw_only=True):
    """One customer line together with what is there to be met."""

    id: Ident
    says: Annotated[
        str,
        Meta(max_length=600, description="The line. Left out for the first moment, which is the opening."),
    ] = ""
    when: Annotated[When | None, Meta(description="Said only while this holds. Left out: always.")] = None

    @property
    def condition(self) -> Condition | None:
        return parse_condition(self.when) if self.when else None


Reveal = Literal["volunteered", "asked", "earned"]


class Disclosure(Beat, frozen=True, kw_only=True):
    """Something the customer can tell. With moment fields it is a moment of its own."""

    id: Ident
    says: Annotated[Line, Meta(description="How the customer tells it.")]
    reveal: Annotated[
        Reveal,
        Meta(
            description=(
                "volunteered: told once trust is high enough. asked: told when its topic is touched. "
                "earned: topic touched, or a fitted question asked, while trust is high enough."
            )
        ),
    ] = "earned"
    trust: Annotated[Level, Meta(description="The trust it takes, counted after the reply.")] = 5.0
    topics: Annotated[tuple[Words, ...], Meta(description="Words and phrases that touch on it.")] = ()
    deflects: Annotated[Line | tuple[Line, ...], Meta(description="Said when the topic is touched too early.")] = ()
    gives_away: Annotated[tuple[Words, ...], Meta(description="Words that no line before it may contain.")] = ()
    tells: Annotated[Ident | None, Meta(description="The unspoken need that this brings into the open.")] = None
    scene: Annotated[
        Ident | None,
        Meta(description="The scene in which it can be told. Left out: every scene in which the customer speaks."),
    ] = None

    @property
    def deflections(self) -> tuple[str, ...]:
        return (self.deflects,) if isinstance(self.deflects, str) else self.deflects


class Answer(Record, frozen=True, kw_only=True):
    """A plain fact the customer gives when asked."""

    asks: Annotated[
        tuple[Words, ...],
        Meta(
            min_length=1,
            description="Ways to ask for it: phrases, not single words, where a word could mean something else.",
        ),
    ]
    says: Annotated[
        Line | Lines,
        Meta(description="The answer; with several lines, the later ones are for being asked again."),
    ]

    @property
    def lines(self) -> tuple[str | MoodLine, ...]:
        return (self.says,) if isinstance(self.says, str) else self.says


class Ending(Record, frozen=True, kw_only=True):
    """How a call, a visit or a scene can end."""

    id: Ident
    when: Annotated[When, Meta(description="The first ending whose condition holds is taken.")]
    says: Annotated[str, Meta(max_length=600, description="The customer's last words.")] = ""
    outcome: Annotated[
        Outcome | None,
        Meta(
            description=(
                "Whether this is a good end; a good one waits until the key moments were said. Left out: bad if `when` "
                "wants patience to have run low, good if it wants a need to be met, else mixed."
            )
        ),
    ] = None
    epilogue: Annotated[str, Meta(description="What came of it, told in the debrief.", max_length=4000)] = ""

    @property
    def condition(self) -> Condition:
        return parse_condition(self.when)
