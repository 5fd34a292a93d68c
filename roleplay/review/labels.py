"""What coaches found in replies, beside what each scorer had said of the same replies.

Blind ratings were given without seeing a score, on replies that were drawn: they tell how well a scorer agrees. What
was overruled tells where somebody disagreed, and was chosen for that: it is kept apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from roleplay.conversation.reviewing import BlindRating, Override
from roleplay.conversation.said import history_before
from roleplay.conversation.state import Place
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.errors import NotFound, StoreDamaged, StoreForeign
from roleplay.persona.message import Message
from roleplay.scoring.assessment import SCORED, Assessment
from roleplay.scoring.items import LabelledItem, Labels, MomentGiven, Turn
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.overruled import RATED, Rated, level_of
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts
from roleplay.text import one_line, sanitise

Kind = Literal["blind", "overruled"]

OFFLINE, JUDGE = "offline", "judge"
"""With these the name of a scorer begins: its version, or the language model, follows."""


class Label(NamedTuple):
    """What one `coach` found in one reply: the latest of each kind. `levels` are those that were given."""

    id: str
    kind: Kind
    coach: str
    at: str
    levels: Mapping[Rated, int]


class RatedReply(NamedTuple):
    """A reply that coaches rated. `scored`: what each scorer had said of it, by the name of the scorer.

    `gesture`: whether something was given with it that fitted, which the levels count and the words do not show.
    """

    session: str
    branch: int
    turn: int
    persona: str
    trainee: str
    occasion: Occasion
    history: tuple[Message, ...]
    text: str
    gesture: bool
    scored: Mapping[str, Mapping[Rated, int]]
    labels: tuple[Label, ...]

    @property
    def customer(self) -> str:
        """What was replied to."""
        return next((said.text for said in reversed(self.history) if said.role == "customer"), "")

    def of(self, kinds: Iterable[Kind]) -> list[Label]:
        """The labels of these kinds."""
        return [label for label in self.labels if label.kind in set(kinds)]


class Rating(NamedTuple):
    """All replies that coaches rated, oldest rating first. `unreadable` replies are in calls that cannot be read."""

    replies: tuple[RatedReply, ...]
    unreadable: int = 0

    def labels(self, kinds: Iterable[Kind]) -> list[Label]:
        """All labels of these kinds."""
        wanted = set(kinds)
        return [label for reply in self.replies for label in reply.of(wanted)]

    def calls(self, kinds: Iterable[Kind]) -> int:
        """How many calls have a label of these kinds."""
        wanted = set(kinds)
        return len({reply.session for reply in self.replies if reply.of(wanted)})


def rated_replies(
    transcripts: Transcripts, reviews: Reviews, since: str = "", progress: Callable[[int], object] | None = None
) -> Rating:
    """What was rated or overruled at `since` (ISO 8601 in UTC) or later; `progress` hears how many replies are read."""
    found: dict[tuple[str, Place], list[Label]] = {}
    for where, label in (*_blind(reviews.ratings()), *_overruled(reviews.overrides())):
        if label.at >= since:
            found.setdefault(where, []).append(label)
    calls: dict[tuple[str, int], list[tuple[int, list[Label]]]] = {}
    for (session, (branch, turn)), labels in found.items():
        calls.setdefault((session, branch), []).append((turn, labels))
    replies: list[RatedReply] = []
    unreadable = 0
    for (session, branch), turns in calls.items():
        try:
            transcript = transcripts.load(session, branch)
        except (NotFound, StoreDamaged, StoreForeign):
            unreadable += len(turns)
            continue
        there = {reply.turn: reply for reply in transcript.replies}
        replies += [_rated(transcript, there[turn], labels) for turn, labels in turns if turn in there]
        unreadable += sum(turn not in there for turn, _ in turns)
        if progress:
            progress(len(replies))
    return Rating(tuple(replies), unreadable)


def scores_of(transcript: Transcript, reply: KeptReply) -> dict[str, dict[Rated, int]]:
    """What each scorer had said of `reply`: the offline scorer as it was then, and the judge where it was verified."""
    said: list[tuple[str, Assessment]] = []
    if reply.assessment.scorer.name == OFFLINE:
        said.append((f"{OFFLINE} {reply.assessment.scorer.version}", reply.assessment))
    verdict = transcript.verdict_on(reply)
    if verdict and verdict.standing == "verified" and verdict.assessment:
        said.append((f"{JUDGE} {verdict.model}", verdict.assessment))
    return {one_line(sanitise(name)): _levels(assessment) for name, assessment in said}


def known_by(labels: Sequence[Label]) -> str:
    """Which labels these are: the first 12 hex digits of the SHA-256 of their ids."""
    return hashlib.sha256("\n".join(sorted(label.id for label in labels)).encode()).hexdigest()[:12]


def items_of(rating: Rating, kinds: Sequence[Kind]) -> Iterator[LabelledItem]:
    """The labels as replies for `roleplay evaluate`, one for each coach and kind. Coaches and trainees are numbered."""
    coaches = _numbered("coach", (label.coach for label in rating.labels(kinds)))
    trainees = _numbered("trainee", (reply.trainee for reply in rating.replies))
    for reply in rating.replies:
        for label in reply.of(kinds):
            at, coach = reply.occasion, coaches[label.coach]
            yield LabelledItem(
                id=f"{reply.session}-{reply.branch}-{reply.turn}-{coach}-{label.kind}",
                reply=reply.text,
                context=tuple(Turn(said.role, said.text) for said in reply.history),
                moment=MomentGiven(
                    id=at.id,
                    feeling=at.feeling,
                    spoken_need=at.spoken,
                    unspoken_need=at.unspoken,
                    note=at.note,
                    safety=at.safety,
                    boundary=at.boundary,
                ),
                writer=trainees[reply.trainee],
                story=reply.persona,
                tags=(label.kind, coach),
                labels=Labels(**{name: label.levels.get(name) for name in SCORED}),
                overall=label.levels.get("overall"),
            )


def written(item: LabelledItem) -> bytes:
    """A line of JSON Lines."""
    return msgspec.json.encode(item) + b"\n"


def _rated(transcript: Transcript, reply: KeptReply, labels: list[Label]) -> RatedReply:
    record = transcript.session
    persona = record.script.persona
    return RatedReply(
        session=record.id,
        branch=reply.branch,
        turn=reply.turn,
        persona=persona.id,
        trainee=record.trainee,
        occasion=Occasion.at(persona, persona.beat(reply.moment)),
        history=history_before(transcript, reply.turn),
        text=reply.text,
        gesture=any(each.of == "gesture" for each in reply.assessment.evidence),
        scored=scores_of(transcript, reply),
        labels=tuple(labels),
    )


def _levels(assessment: Assessment) -> dict[Rated, int]:
    return {name: level for name in RATED if (level := level_of(assessment, name)) is not None}


def _blind(ratings: Sequence[BlindRating]) -> Iterator[tuple[tuple[str, Place], Label]]:
    """The latest rating of each coach of each reply."""
    latest = {(each.session, each.place, each.coach): each for each in ratings}
    for each in latest.values():
        yield (each.session, each.place), Label(each.id, "blind", each.coach, each.at, each.levels)


def _overruled(overrides: Sequence[Override]) -> Iterator[tuple[tuple[str, Place], Label]]:
    """The levels that coaches gave in place of a scorer's and that stand, by coach and reply."""
    standing: dict[tuple[str, Place, Rated], Override] = {}
    for each in overrides:
        standing.pop((each.session, each.place, each.dimension), None)
        if each.level is not None:
            standing[each.session, each.place, each.dimension] = each
    by_coach: dict[tuple[str, Place, str], list[Override]] = {}
    for each in standing.values():
        by_coach.setdefault((each.session, each.place, each.coach), []).append(each)
    for (session, place, coach), given in by_coach.items():
        levels = {each.dimension: each.level for each in given if each.level is not None}
        latest = max(given, key=lambda each: each.at)
        yield (session, place), Label(latest.id, "overruled", coach, latest.at, levels)


def _numbered(what: str, names: Iterable[str]) -> dict[str, str]:
    return {name: f"{what}-{number}" for number, name in enumerate(dict.fromkeys(names), 1)}
