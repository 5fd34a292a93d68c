"""What a customer is: the records of a persona file, each field with the description an editor shows.

The records say what may be written; `roleplay.persona.loading` reads files into them and names what is wrong,
`roleplay.persona.schema` writes their JSON Schema. All are immutable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from roleplay.persona.condition import Condition, parse_condition
from roleplay.persona.fields import Ident, Level, Line, Opportunity, Record, Text, When, Words
from roleplay.persona.lines import Answer, Disclosure, Ending, Lines, Moment, Reactions
from roleplay.persona.names import short_name

OnScreen = dict[Words, Annotated[str, Meta(max_length=600)]]
"""What the trainee's screen says of a customer."""


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
        OnScreen,
        Meta(description="The customer's record on the trainee's screen."),
    ] = field(default_factory=dict)
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


NOBODY = Customer(opening="", backstory="")
"""Stands for the customer of a persona that is a queue of others."""


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
    visit: Annotated[
        Ident | None, Meta(description="The visit that is played, for a customer who comes back. Left out: the first.")
    ] = None
    customer: Annotated[
        Ident | None, Meta(description="The customer of the queue who comes, alone. Needed beside a `queue`.")
    ] = None


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
    next: Annotated[
        When | None,
        Meta(description="When the next scene begins. Left out: after one of `endings`, or this is the last."),
    ] = None
    endings: Annotated[
        tuple[Ending, ...],
        Meta(
            description=(
                "How this scene can end: the line of the first whose `when` holds is said, and the next scene begins. "
                "With endings a scene also ends, and the next begins, when nothing is left to say or the trainee says "
                "goodbye. In the last scene they end the call."
            )
        ),
    ] = ()


class Visit(Record, frozen=True, kw_only=True):
    """The same customer at a later date, who remembers the trainee's own earlier visits."""

    id: Ident
    opening: Annotated[Line, Meta(description="The first words of this visit, said verbatim.")]
    title: Annotated[str, Meta(max_length=120, description="Shown before this visit, such as: The third Thursday.")] = (
        ""
    )
    when: Annotated[
        When | None,
        Meta(
            description=(
                "When this visit is due; met, disclosed, said and ended speak of the earlier visits here, such as: "
                "disclosed(son) and not ended(walks-off). Left out: after the ones before it."
            )
        ),
    ] = None
    brief: Annotated[
        str, Meta(max_length=4000, description="What the trainee knows this time. Left out: trainee.brief.")
    ] = ""
    record: Annotated[
        OnScreen, Meta(description="What is new on the trainee's screen; over `trainee.record`, name by name.")
    ] = field(default_factory=dict)
    backstory: Annotated[
        str, Meta(description="What has happened since, as the customer would tell it.", max_length=4000)
    ] = ""
    moments: Annotated[tuple[Moment, ...], Meta(description="The moments of this visit.")] = ()
    disclosures: Annotated[
        tuple[Disclosure, ...],
        Meta(description="What can come out on this visit only; the persona's can on every visit until they are told."),
    ] = ()
    answers: Annotated[
        tuple[Answer, ...], Meta(description="Plain facts given when asked, before those of the persona.")
    ] = ()
    endings: Annotated[
        tuple[Ending, ...], Meta(description="How this visit can end. Left out: as the first one can.")
    ] = ()

    @property
    def condition(self) -> Condition | None:
        return parse_condition(self.when) if self.when else None


class QueueCustomer(Record, frozen=True, kw_only=True):
    """A short customer of a queue, drawn by seed; ids and the count of turns are this customer's own."""

    id: Annotated[
        Ident, Meta(description="A short name; outside the queue the ids of this customer begin with it: lottie-tow.")
    ]
    name: Annotated[Words, Meta(description="The customer's name.")]
    customer: Annotated[Customer, Meta(description="Who this is.")]
    needs: Annotated[dict[Ident, Need], Meta(min_length=1, description="What this customer needs.")]
    title: Annotated[
        str, Meta(max_length=120, description="Shown when this one steps up, such as: A woman with a wet coat.")
    ] = ""
    narration: Annotated[
        str, Meta(max_length=4000, description="What the trainee sees when this one steps up; told, not played.")
    ] = ""
    moments: Annotated[tuple[Moment, ...], Meta(description="The customer's lines.")] = ()
    disclosures: Annotated[tuple[Disclosure, ...], Meta(description="What this customer can tell.")] = ()
    answers: Annotated[tuple[Answer, ...], Meta(description="Plain facts given when asked.")] = ()
    reactions: Annotated[
        Reactions, Meta(description="This customer's voice where a moment has no words; then the persona's.")
    ] = Reactions()
    endings: Annotated[tuple[Ending, ...], Meta(description="How it can end; the next of the queue follows.")] = ()

    @property
    def short_name(self) -> str:
        """The name as one says it in passing."""
        return short_name(self.name)


class Short(Record, frozen=True, kw_only=True):
    """How the five-minute form of a customer is made, where what is made by itself is not the best."""

    key: Annotated[Ident, Meta(description="The moment or disclosure that the five minutes are about.")]
    moments: Annotated[
        tuple[Ident, ...],
        Meta(
            max_length=8,
            description=(
                "What else is said, in this order; the opening comes first by itself. Left out: what leads up to the "
                "key and follows from it."
            ),
        ),
    ] = ()
    disclosures: Annotated[
        tuple[Ident, ...],
        Meta(max_length=4, description="What can be told. Left out: what tells the unspoken need of the key."),
    ] = ()
    trust: Annotated[
        Level | None,
        Meta(
            description=(
                "Where trust begins. Left out: so that two or three good replies reach what is told, and never below "
                "the temperament's."
            )
        ),
    ] = None
    endings: Annotated[
        tuple[Ending, ...],
        Meta(description="Endings of the short form, before those of the persona that fit what is played."),
    ] = ()


class Persona(Record, frozen=True, kw_only=True):
    """A customer: one YAML file."""

    name: Annotated[Words, Meta(description="The customer's name.")]
    title: Annotated[Words, Meta(description="A title for the gallery.")]
    trainee: Annotated[Trainee, Meta(description="Who the trainee is in this call.")]
    customer: Annotated[Customer, Meta(description="Who calls. Left out beside a `queue`.")] = NOBODY
    needs: Annotated[
        dict[Ident, Need],
        Meta(min_length=1, description="What the customer needs, by a short name of yours. Left out beside a `queue`."),
    ] = field(default_factory=dict)
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
    short: Annotated[
        Short | None,
        Meta(description="For the five-minute form of this customer. Left out: it is made from the rest by itself."),
    ] = None
    tests: Annotated[tuple[PersonaTest, ...], Meta(description="Replies and what must come of them.")] = ()
    scenes: Annotated[tuple[Scene, ...], Meta(description="For a story told in several scenes.")] = ()
    visits: Annotated[
        tuple[Visit, ...],
        Meta(description="For a customer who comes back: the visits after the first, which is the persona itself."),
    ] = ()
    queue: Annotated[
        tuple[QueueCustomer, ...],
        Meta(description="Short customers, some of whom are drawn for each call. Nothing else is played beside them."),
    ] = ()
    draws: Annotated[int, Meta(ge=1, le=8, description="How many of the queue come in one call.")] = 3

    @property
    def short_name(self) -> str:
        """The name as one says it in passing; a queue has none but the whole."""
        return short_name(self.name) if self.customer != NOBODY else self.name

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
