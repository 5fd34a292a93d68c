"""What a customer is: the records of a persona file, each field with the description an editor shows.

The records say what may be written; `roleplay.persona.loading` reads files into them and names what is wrong,
`roleplay.persona.schema` writes their JSON Schema. All are immutable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from roleplay.persona.condition import Condition, parse_condition
from roleplay.persona.names import short_name

FORMAT = 1

WINDS_DOWN: Final = "winds-down"
"""The id of the ending that every call can have, when nothing is left to say."""

Dimension = Literal["acknowledges_feeling", "names_need", "reaches_unspoken", "explores", "acts"]
"""The five positive dimensions of the rubric."""
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)

Opportunity = Literal["met", "partly", "missed", "none"]
"""Whether there was something to be met at a moment, and whether the reply met it."""
Outcome = Literal["good", "mixed", "bad"]

Ident = Annotated[
    str,
    Meta(
        pattern="^[a-z0-9][a-z0-9-]{0,59}$",
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
            "Facts: met(need), disclosed(id), said(moment), scene(id). Joined by and, or, not and brackets."
        ),
        extra={"condition": True},
    ),
]
Level = Annotated[float, Meta(ge=0, le=10)]
Words = Annotated[str, Meta(min_length=1, max_length=120)]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Base of all persona records: immutable, and unknown fields are an error."""


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


class Gesture(Record, frozen=True, kw_only=True):
    """A small thing that is the trainee's to give."""

    id: Ident
    does: Annotated[Text, Meta(description="What the trainee does, as shown in the briefing.")]
    fits: Annotated[
        tuple[Ident, ...],
        Meta(description="Moments and disclosures at which it fits. Left out: wherever something is to be met."),
    ] = ()
    hears: Annotated[Lines, Meta(description="What the customer says when it fits.")] = ()


class Trainee(Record, frozen=True, kw_only=True):
    """Who the trainee is in this call, and what is theirs to do."""

    role: Annotated[Words, Meta(description="Whom the trainee plays, such as: Roadside assistance representative.")]
    brief: Annotated[str, Meta(description="What the trainee knows when the call comes in.", max_length=4000)] = ""
    record: Annotated[
        dict[Words, Annotated[str, Meta(max_length=600)]],
        Meta(description="The customer's record on the trainee's screen."),
    ] = {}
    may: Annotated[tuple[Text, ...], Meta(description="What policy lets the trainee do.")] = ()
    may_not: Annotated[tuple[Text, ...], Meta(description="What policy forbids.")] = ()
    gestures: Annotated[
        tuple[Text | Gesture, ...],
        Meta(description="Small things that are the trainee's to give: a sentence, or a record with an id."),
    ] = ()


class Temperament(Record, frozen=True, kw_only=True):
    """Where the customer starts, and how easily trust is won and lost."""

    trust: Annotated[Level, Meta(description="How much the customer trusts the trainee at the start, 0-10.")] = 4.0
    distress: Annotated[Level, Meta(description="How distressed the customer is at the start, 0-10.")] = 6.0
    patience: Annotated[Level, Meta(description="How much the customer puts up with before leaving, 0-10.")] = 6.0
    warms: Annotated[float, Meta(ge=0.1, le=3, description="Factor on every change for the better; 1 is usual.")] = 1.0
    cools: Annotated[float, Meta(ge=0.1, le=3, description="Factor on every change for the worse; 1 is usual.")] = 1.0


class Customer(Record, frozen=True, kw_only=True):
    """Who calls."""

    opening: Annotated[Line, Meta(description="The first words, said verbatim. They are the first moment.")]
    backstory: Annotated[
        Text, Meta(description="What the customer would tell anyone who asked. Nothing hidden stands here.")
    ]
    voice: Annotated[str, Meta(description="How the customer talks.", max_length=2000)] = ""
    temperament: Annotated[Temperament, Meta(description="Starting feelings and how they move.")] = Temperament()


class Need(Record, frozen=True, kw_only=True):
    """Something the customer needs."""

    kind: Annotated[Literal["spoken", "unspoken"], Meta(description="Asked for, or not said aloud.")]
    need: Annotated[Text, Meta(description="The need in one sentence.")]
    says: Annotated[
        str,
        Meta(
            max_length=600,
            description="For an unspoken need without a disclosure: how it comes out once trust is earned.",
        ),
    ] = ""


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


Safety = Literal["danger", "suicide", "harm", "none"]
Boundary = Literal["gift", "romance", "private contact", "none"]


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
    ] = {}
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
    """How a call can end."""

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


class Expectation(Record, frozen=True, kw_only=True):
    """What a persona test expects at its end."""

    disclosed: Annotated[tuple[Ident, ...], Meta(description="Disclosures that were made.")] = ()
    not_disclosed: Annotated[tuple[Ident, ...], Meta(description="Disclosures that were not made.")] = ()
    met: Annotated[tuple[Ident, ...], Meta(description="Needs that were met.")] = ()
    opportunity: Annotated[Opportunity | None, Meta(description="The opportunity of the last reply.")] = None
    ending: Annotated[Ident | None, Meta(description="The ending that was reached.")] = None


class PersonaTest(Record, frozen=True, kw_only=True):
    """Replies, and what must come of them."""

    name: Annotated[Text, Meta(description="What this test shows, as a sentence.")]
    replies: Annotated[
        tuple[Annotated[str, Meta(max_length=4000)], ...],
        Meta(min_length=1, description="What the trainee says, one item for each reply; an empty text is a silence."),
    ]
    expect: Annotated[Expectation, Meta(description="What must be so afterwards.")]


class CastMember(Record, frozen=True, kw_only=True):
    """Somebody the trainee speaks with in a scene."""

    name: Annotated[Words, Meta(description="The name shown beside the lines.")]
    voice: Annotated[str, Meta(description="How this person talks.", max_length=2000)] = ""
    backstory: Annotated[str, Meta(description="What this person would tell anyone.", max_length=4000)] = ""
    temperament: Annotated[Temperament, Meta(description="Starting feelings and how they move.")] = Temperament()


class Scene(Record, frozen=True, kw_only=True):
    """A part of the story with its own cast, opening and moments."""

    id: Ident
    title: Annotated[str, Meta(max_length=120, description="Shown when the scene begins.")] = ""
    narration: Annotated[str, Meta(description="What happened before; told, not played.", max_length=4000)] = ""
    cast: Annotated[tuple[CastMember, ...], Meta(description="Who speaks here. Left out: the customer.")] = ()
    opening: Annotated[
        str, Meta(max_length=600, description="The first words. Left out in the first scene: customer.opening.")
    ] = ""
    moments: Annotated[tuple[Moment, ...], Meta(description="The moments of this scene.")] = ()
    answers: Annotated[
        tuple[Answer, ...],
        Meta(description="Plain facts given here when asked. Left out, where the customer speaks: the persona's."),
    ] = ()
    reactions: Annotated[
        Reactions,
        Meta(description="The voice of this scene. Left out, where the customer speaks: the persona's."),
    ] = Reactions()
    next: Annotated[When | None, Meta(description="When the next scene begins. Left out: this is the last.")] = None


class Visit(Record, frozen=True, kw_only=True):
    """The same customer at a later date, who remembers the trainee's own earlier visits."""

    id: Ident
    opening: Line
    when: Annotated[When | None, Meta(description="When this visit is due, such as: visit >= 2.")] = None
    backstory: Annotated[str, Meta(description="What has happened since.", max_length=4000)] = ""
    moments: Annotated[tuple[Moment, ...], Meta(description="The moments of this visit.")] = ()
    disclosures: Annotated[tuple[Disclosure, ...], Meta(description="What can come out in this visit.")] = ()
    endings: Annotated[tuple[Ending, ...], Meta(description="How this visit can end.")] = ()


class QueueCustomer(Record, frozen=True, kw_only=True):
    """A short customer of a queue, drawn by seed."""

    id: Ident
    name: Annotated[Words, Meta(description="The customer's name.")]
    customer: Annotated[Customer, Meta(description="Who this is.")]
    needs: Annotated[dict[Ident, Need], Meta(min_length=1, description="What this customer needs.")]
    moments: Annotated[tuple[Moment, ...], Meta(description="The customer's lines.")] = ()
    disclosures: Annotated[tuple[Disclosure, ...], Meta(description="What this customer can tell.")] = ()
    answers: Annotated[tuple[Answer, ...], Meta(description="Plain facts given when asked.")] = ()
    endings: Annotated[tuple[Ending, ...], Meta(description="How it can end.")] = ()

    @property
    def short_name(self) -> str:
        """The name as one says it in passing."""
        return short_name(self.name)


class Persona(Record, frozen=True, kw_only=True):
    """A customer: one YAML file."""

    name: Annotated[Words, Meta(description="The customer's name.")]
    title: Annotated[Words, Meta(description="A title for the gallery.")]
    trainee: Annotated[Trainee, Meta(description="Who the trainee is in this call.")]
    customer: Annotated[Customer, Meta(description="Who calls.")]
    needs: Annotated[
        dict[Ident, Need],
        Meta(min_length=1, description="What the customer needs, by a short name of yours."),
    ]
    format: Annotated[Literal[1], Meta(description="The version of this format.")] = 1
    id: Annotated[Ident, Meta(description="Left out: the file's name.")] = "persona"
    summary: Annotated[str, Meta(description="Shown in the gallery; gives nothing unspoken away.", max_length=400)] = ""
    channel: Annotated[Literal["phone", "chat", "counter"], Meta(description="Where they meet.")] = "phone"
    language: Annotated[Literal["en"], Meta(description="The language of the call.")] = "en"
    difficulty: Annotated[int, Meta(ge=1, le=5, description="For sorting; the temperament makes it hard.")] = 3
    content: Annotated[tuple[Words, ...], Meta(description="Shown before the call, such as: danger, death.")] = ()
    moments: Annotated[
        tuple[Moment, ...],
        Meta(description="The customer's lines in order; the first is the opening. None beside scenes."),
    ] = ()
    disclosures: Annotated[tuple[Disclosure, ...], Meta(description="Everything hidden, each once.")] = ()
    answers: Annotated[tuple[Answer, ...], Meta(description="Plain facts given when asked.")] = ()
    reactions: Annotated[Reactions, Meta(description="The customer's voice where a moment has no words.")] = Reactions()
    endings: Annotated[tuple[Ending, ...], Meta(description="How the call can end, first match wins.")] = ()
    tests: Annotated[tuple[PersonaTest, ...], Meta(description="Replies and what must come of them.")] = ()
    scenes: Annotated[tuple[Scene, ...], Meta(description="For a story told in several scenes.")] = ()
    visits: Annotated[tuple[Visit, ...], Meta(description="For a customer who comes back.")] = ()
    queue: Annotated[tuple[QueueCustomer, ...], Meta(description="Short customers, drawn by seed.")] = ()

    @property
    def short_name(self) -> str:
        """The name as one says it in passing."""
        return short_name(self.name)

    @property
    def told_in(self) -> Literal["visits", "queue"] | None:
        """The part by which the story is more than one call, if it has one; such a persona cannot be played yet."""
        if self.visits:
            return "visits"
        return "queue" if self.queue else None

    def beats(self) -> Iterator[Moment | Disclosure]:
        """All moments, those of scenes too, then all disclosures, in file order."""
        yield from self.moments
        for scene in self.scenes:
            yield from scene.moments
        yield from self.disclosures

    def beat(self, beat_id: str) -> Moment | Disclosure:
        """The moment or disclosure of that id. Raises KeyError."""
        for beat in self.beats():
            if beat.id == beat_id:
                return beat
        raise KeyError(beat_id)

    @property
    def gestures(self) -> tuple[Gesture, ...]:
        """The trainee's gestures, those written as a sentence made into records."""
        return tuple(
            given if isinstance(given, Gesture) else Gesture(id=f"gesture-{number}", does=given)
            for number, given in enumerate(self.trainee.gestures, 1)
        )


for _read in (Persona, Reactions):
    msgspec.json.Decoder(_read)  # at the first use of a type in two threads msgspec may crash; an import is in one
