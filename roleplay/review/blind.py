"""Blind rating: replies are drawn, and a coach rates each without seeing a score or whose reply it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from random import Random
from typing import NamedTuple

from roleplay.conversation.gestures import fitting_gesture
from roleplay.conversation.reviewing import BlindRating
from roleplay.conversation.said import history_before
from roleplay.conversation.state import Place
from roleplay.conversation.turns import KeptReply
from roleplay.errors import NotFound, StoreDamaged, StoreForeign
from roleplay.persona.message import Message
from roleplay.persona.names import short_name
from roleplay.persona.scenes import in_scene
from roleplay.review.desk import Desk
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.overruled import HIGHEST, Rated, rateable
from roleplay.scoring.rubric import Rubric
from roleplay.store.rateable import Rateable, newest_rateable, reviewed_by
from roleplay.store.transcripts import Transcripts
from roleplay.text import one_line

POOL = 20_000
"""Of so many of the newest replies the sample is drawn."""
AGAIN = 0.5
"""The share of a sample that other coaches have rated already, where there are so many: it tells how coaches agree."""
SHOWN_BEFORE = 4
"""Messages that are shown before the customer's line."""

RIGHTS = ("The trainee may", "The trainee may not")
"""What `Case.there` calls what the briefing allowed and what not."""

_STAKES = {"danger": "somebody is in danger", "suicide": "a hint of suicide", "harm": "somebody may be harmed"}


class Case(NamedTuple):
    """A reply to be rated, with all that a fair judge must know and nothing that any scorer said.

    `before` are the last messages before the customer's line, which `speaker` says. What is not offered is empty.
    """

    session: str
    kept: KeptReply
    title: str
    speaker: str
    before: tuple[Message, ...]
    customer: str
    occasion: Occasion
    gesture: str
    rubric: Rubric

    @property
    def reply(self) -> str:
        """What the trainee said."""
        return self.kept.text

    @property
    def asked(self) -> tuple[Rated, ...]:
        """What can be rated."""
        return rateable(self.occasion)

    def there(self) -> Iterator[tuple[str, str]]:
        """What was there to be met, and what the trainee may do, by what it is; only what there is."""
        at = self.occasion
        stakes = [_STAKES.get(at.safety, ""), f"a boundary: {at.boundary}" if at.boundary != "none" else ""]
        told = {
            "Feeling": at.feeling,
            "Asked for": at.spoken,
            "Not said": at.unspoken,
            "To be known": at.note,
            "At stake": "; ".join(filter(None, stakes)),
            RIGHTS[0]: "; ".join(at.may),
            RIGHTS[1]: "; ".join(at.may_not),
        }
        yield from ((label, one_line(text)) for label, text in told.items() if text)


class Question(NamedTuple):
    """What is asked now: the level of `name` in `case`, the `number`-th of `of` cases, from 1. `given`: so far."""

    case: Case
    name: Rated
    number: int
    of: int
    given: dict[Rated, int]

    @property
    def title(self) -> str:
        """What the dimension is called."""
        return "As a whole" if self.name == "overall" else self.case.rubric.dimensions[self.name].title

    @property
    def means(self) -> str:
        """What it asks."""
        if self.name == "overall":
            return "How well would this serve this customer at this moment? It is not a sum."
        return self.case.rubric.dimensions[self.name].means

    @property
    def anchors(self) -> tuple[str, ...]:
        """What each level means, from 0."""
        return self.case.rubric.overall if self.name == "overall" else self.case.rubric.dimensions[self.name].levels


class BlindSitting:
    """A coach rates a sample, level by level; a reply is kept with its last level, before the next one is asked for.

    What is asked is `question`; None: all are done. Everything may block and raises what `Desk.rate` raises; what was
    not kept is asked again then.
    """

    def __init__(self, desk: Desk, sample: Sequence[Rateable]) -> None:
        self._desk, self._sample = desk, sample
        self._at = -1
        self._case: Case | None = None
        self._given: dict[Rated, int] = {}
        self._kept: dict[int, BlindRating] = {}
        self._cases: dict[int, Case] = {}
        self.unreadable = 0
        """Replies that were passed over, since their calls cannot be read."""
        self._go(1)

    @property
    def rated(self) -> int:
        """How many replies were rated and stand."""
        return len(self._kept)

    @property
    def question(self) -> Question | None:
        """What is asked now."""
        if self._case is None:
            return None
        name = next(each for each in self._case.asked if each not in self._given)
        return Question(self._case, name, self._at + 1, len(self._sample), dict(self._given))

    def give(self, level: int) -> None:
        """Give the level that is asked for, which must exist: 0-2, of `overall` 0-4."""
        question = self.question
        assert question is not None and 0 <= level <= HIGHEST[question.name]
        given = {**self._given, question.name: level}
        if len(given) < len(question.case.asked):
            self._given = given
            return
        before = self._kept.get(self._at)
        self._kept[self._at] = self._desk.rate(question.case.session, question.case.kept, given)
        if before:  # afterwards, so that there is a rating at each moment
            self._desk.withdraw(before)
        self._go(1)

    def skip(self) -> None:
        """Leave this reply out, and go on to the next; a rating that was kept of it stands."""
        if self._case is not None:
            self._go(1)

    def back(self) -> bool:
        """Go back to the level before, or at the first one to the reply before; False where there is none."""
        if self._given:
            self._given.popitem()
            return True
        return self._go(-1)

    def _go(self, by: int) -> bool:
        """To the next reply that can be read, forward or backward; backward it stays where there is none."""
        at = self._at + by
        while 0 <= at < len(self._sample):
            case = self._cases.get(at)
            if case is None:
                with suppress(NotFound, StoreDamaged, StoreForeign):
                    case = case_of(self._desk.transcripts, self._sample[at])
                if case is None and by > 0:
                    self.unreadable += 1
            if case is not None:
                self._cases[at] = case
                break
            at += by
        if at < 0:
            return False
        self._at, self._given = at, {}
        self._case = self._cases.get(at)
        return True


def blind_sample(desk: Desk, number: int, seed: int) -> list[Rateable]:
    """`number` replies for the coach of `desk` to rate, or as many as there are; the same for the same `seed`.

    They come from calls that have ended, that the coach has neither played nor reviewed, and were not rated by them.
    Half of them, if there are so many, have other coaches rated. The rest is drawn so that each `overall` comes up
    as often as the others, and within it each persona, from as many calls as possible.
    """
    with desk.transcripts.snapshot() as connection:
        if connection is None:
            return []
        seen = reviewed_by(connection, desk.person)
        pool = [each for each in newest_rateable(connection, desk.person, POOL) if each.session not in seen]
    mine, others = set[tuple[str, Place]](), set[tuple[str, Place]]()
    for rating in desk.reviews.ratings():
        (mine if rating.coach == desk.person else others).add((rating.session, rating.place))
    random = Random(seed)
    left = [each for each in pool if _where(each) not in mine]
    again = list(islice(_mixed((each for each in left if _where(each) in others), random), int(number * AGAIN)))
    fresh = _mixed((each for each in left if _where(each) not in others), random)
    chosen = [*again, *islice(fresh, number - len(again))]
    random.shuffle(chosen)
    return chosen


def case_of(transcripts: Transcripts, asked: Rateable) -> Case:
    """The reply `asked` for, as a coach is shown it. Raises `NotFound`, `StoreDamaged`, `StoreForeign`."""
    transcript = transcripts.load(asked.session, asked.branch)
    reply = next((each for each in transcript.replies if each.turn == asked.turn), None)
    if reply is None:
        raise NotFound("There is no such reply.")
    script = transcript.session.script
    state = transcript.state_before(reply)
    history = history_before(transcript, reply.turn)
    last = max((at for at, said in enumerate(history) if said.role == "customer"), default=-1)
    view = in_scene(script.persona, state.scene)
    given = fitting_gesture(view, state, reply.gesture)
    return Case(
        session=transcript.session.id,
        kept=reply,
        title=script.persona.title,
        speaker=short_name(history[last].speaker or script.persona.name) if last >= 0 else "",
        before=history[max(0, last - SHOWN_BEFORE) : max(0, last)],
        customer=history[last].text if last >= 0 else "",
        occasion=Occasion.at(script.persona, script.persona.beat(reply.moment)),
        gesture=given.does if given else "",
        rubric=script.rubric,
    )


def _where(asked: Rateable) -> tuple[str, Place]:
    return asked.session, (asked.branch, asked.turn)


def _mixed(pool: Iterable[Rateable], random: Random) -> Iterator[Rateable]:
    """All of `pool`: the levels take turns, within a level the personas, and a call comes again after the others."""
    strata: dict[int, dict[str, list[Rateable]]] = {}
    for each in pool:
        strata.setdefault(each.overall, {}).setdefault(each.persona, []).append(each)
    for personas in strata.values():
        for members in personas.values():
            random.shuffle(members)
    levels = sorted(strata)
    random.shuffle(levels)
    turns = {level: sorted(strata[level]) for level in levels}
    for names in turns.values():
        random.shuffle(names)
    used: set[str] = set()
    while turns:
        for level in list(turns):
            name = turns[level].pop(0)
            members = strata[level][name]
            place = next((at for at in range(len(members) - 1, -1, -1) if members[at].session not in used), -1)
            found = members.pop(place)
            used.add(found.session)
            yield found
            if members:
                turns[level].append(name)
            elif not turns[level]:
                del turns[level]
