"""A call as a coach reads it: each line and reply in order, the customer's mind then, what counts, what was noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from msgspec.structs import replace

from roleplay.conversation.reviewing import Answer, Comment, Dispute, Override, Reviewed, Side
from roleplay.conversation.said import SaidLine, SaidReply, story_of
from roleplay.conversation.state import CustomerState, Place
from roleplay.conversation.turns import KeptReply, SceneBegins, Transcript
from roleplay.persona.lines import Disclosure
from roleplay.persona.names import short_name
from roleplay.practice.course import Stretch, course_of
from roleplay.practice.debrief import ReplyResult, debrief_of
from roleplay.practice.judged import by
from roleplay.practice.marks import Mark, marks_of
from roleplay.practice.needs import came
from roleplay.practice.noted import Machine
from roleplay.review.desk import Case
from roleplay.scoring.assessment import Assessment, Scored
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.overruled import HIGHEST, Rated, level_of, rateable

_TITLES: dict[Rated, str] = {"overall": "The reply as a whole", "harm": "Harm"}
"""What is called otherwise than by the rubric, which has no title for the one and calls the other "Does no harm"."""

SHORT: dict[Rated, str] = {
    "acknowledges_feeling": "feeling",
    "names_need": "need",
    "reaches_unspoken": "unspoken",
    "explores": "explores",
    "acts": "acts",
    "harm": "harm",
    "overall": "overall",
}
"""What a level is called where there is room for a word only."""


class Mind(NamedTuple):
    """The customer's mind at one point: each level 0-10, what was told by then, and what could still be told.

    `met` and `unmet` are the needs, in words. `turn` is the last reply that it is the outcome of; 0: none was given.
    """

    turn: int
    trust: float
    distress: float
    patience: float
    told: tuple[str, ...]
    kept_back: tuple[str, ...]
    met: tuple[str, ...]
    unmet: tuple[str, ...]


class LevelOf(NamedTuple):
    """One level of a reply: what `counts`, and what the `machine` gave; None where it gave none.

    `highest` is 2, or 4 for the reply as a whole; `means` says what each level is. `override` is the coach's, if one
    stands.
    """

    of: Rated
    title: str
    asks: str
    counts: int | None
    machine: int | None
    highest: int
    means: tuple[str, ...]
    override: Override | None


class Assessed(NamedTuple):
    """What is said of a reply. `assessment` counts; `machine` is the automated one, given `by` judge or offline scorer.

    `why_by` is a sentence on why that one; `marks` are the words that the automated levels rest on. `first`: it is the
    first reply to its turn, which counts; others are practice, as all that was said after the call had ended.
    """

    assessment: Assessment
    machine: Assessment
    by: Machine
    why_by: str
    levels: tuple[LevelOf, ...]
    marks: tuple[Mark, ...]
    occasion: Occasion
    note: str
    first: bool

    @property
    def overruled(self) -> tuple[LevelOf, ...]:
        """The levels that a coach has overruled."""
        return tuple(level for level in self.levels if level.override)


class Entry(NamedTuple):
    """One thing that happened in a call: a scene that begins, a line, or a reply, `said` by `who`.

    `place` and `side` are what a comment on it is kept with (None: there is nothing to comment on); `attempt` as well.
    """

    key: str
    told: SceneBegins | SaidLine | SaidReply
    who: str
    said: str
    mind: Mind
    place: Place | None = None
    side: Side = "customer"
    attempt: int = 1
    gesture: str = ""
    assessed: Assessed | None = None
    comments: tuple[Comment, ...] = ()
    disputes: tuple[tuple[Dispute, Answer | None], ...] = ()

    @property
    def reply(self) -> KeptReply | None:
        """The reply that this is, if it is one."""
        return self.told.reply if isinstance(self.told, SaidReply) else None

    @property
    def open_dispute(self) -> Dispute | None:
        """A dispute of it that waits for an answer."""
        return next((dispute for dispute, answer in self.disputes if answer is None), None)

    @property
    def words(self) -> str:
        """All that was said and noted here, to search in."""
        notes = [comment.text for comment in self.comments]
        for dispute, answer in self.disputes:
            notes += [dispute.text, answer.text if answer else ""]
        if self.assessed:
            notes += [level.override.reason for level in self.assessed.overruled if level.override]
        return "\n".join((self.said, *notes))


class Reading(NamedTuple):
    """A whole call along one branch. `elsewhere` are comments on what is not among the `entries`, as on other branches.

    `course` is that of trust and distress; empty where the call did not end on this branch.
    """

    entries: tuple[Entry, ...]
    course: tuple[Stretch, ...]
    elsewhere: tuple[Comment, ...]


def reading_of(case: Case) -> Reading:
    """The call of `case`, with its `entries_of`."""
    transcript, entries = case.transcript, entries_of(case)
    return Reading(
        entries, course_of(debrief_of(transcript)) if transcript.ending else (), comments_elsewhere(case, entries)
    )


def entries_of(case: Case) -> tuple[Entry, ...]:
    """All that happened in the call of `case`, in order.

    On the branch on which it ended, or goes on, all that was said is told, replies that were taken back too; on any
    other one only what is on that branch.
    """
    transcript = case.transcript
    if transcript.ending is None and transcript.branch != max(case.branches, default=0):
        transcript = replace(transcript, earlier=())
    return tuple(_entries(transcript, case))


def comments_elsewhere(case: Case, entries: Iterable[Entry]) -> tuple[Comment, ...]:
    """The comments of `case` on what is not among the `entries`."""
    there = {comment.id for entry in entries for comment in entry.comments}
    return tuple(comment for comment in case.reviewed.comments if comment.id not in there)


def levels_of(transcript: Transcript, reply: KeptReply, reviewed: Reviewed) -> tuple[LevelOf, ...]:
    """Every level that can be given to `reply`, with what was given."""
    script = transcript.session.script
    occasion = Occasion.at(script.persona, script.persona.beat(reply.moment))
    counted, machine, standing = transcript.counted(reply), transcript.scored(reply), reviewed.levels_on(reply.place)
    return tuple(
        LevelOf(
            of=name,
            title=_TITLES.get(name) or script.rubric.dimensions[cast(Scored, name)].title,
            asks="" if name == "overall" else script.rubric.dimensions[name].means,
            counts=level_of(counted, name),
            machine=level_of(machine, name),
            highest=HIGHEST[name],
            means=script.rubric.overall if name == "overall" else script.rubric.dimensions[name].levels,
            override=standing.get(name),
        )
        for name in rateable(occasion)
    )


def _entries(transcript: Transcript, case: Case) -> Iterator[Entry]:
    persona, reviewed = transcript.session.script.persona, case.reviewed
    after = {reply.turn: transcript.state_after(reply) for reply in transcript.replies}
    does = {gesture.id: gesture.does for gesture in persona.gestures}
    first = _first(case.transcript)
    at = transcript.opening.state
    for number, told in enumerate(story_of(transcript)):
        match told:
            case SceneBegins():
                title = told.title or "Some time later"
                yield Entry(f"scene-{number}", told, title, told.narration, _mind(transcript, at))
            case SaidLine(line, speaker):
                at = after.get(line.turn - 1, transcript.opening.state)
                yield Entry(
                    key_of(line.branch, line.turn, "customer", line.attempt),
                    told,
                    short_name(speaker or persona.name),
                    line.text,
                    _mind(transcript, at),
                    (line.branch, line.turn),
                    "customer",
                    line.attempt,
                    comments=_comments(reviewed, (line.branch, line.turn), "customer", line.attempt),
                )
            case SaidReply(reply):
                at = transcript.state_after(reply)
                yield Entry(
                    key_of(reply.branch, reply.turn, "trainee"),
                    told,
                    transcript.session.trainee,
                    reply.text,
                    _mind(transcript, at),
                    reply.place,
                    "trainee",
                    gesture=does.get(reply.gesture or "", reply.gesture or ""),
                    assessed=_assessed(
                        case.transcript,
                        reply,
                        reviewed,
                        first=first.get(reply.turn) == reply.place and reply.branch not in case.practice,
                    ),
                    comments=_comments(reviewed, reply.place, "trainee", 1),
                    disputes=tuple(
                        (dispute, reviewed.answer_to(dispute))
                        for dispute in reviewed.disputes
                        if dispute.place == reply.place
                    ),
                )


def key_of(branch: int, turn: int, side: str, attempt: int = 1) -> str:
    """The key of the entry at that place; of a reply `attempt` is 1."""
    return f"{branch}-{turn}-{side}-{attempt}"


def _first(transcript: Transcript) -> dict[int, Place]:
    """Where the first reply to each turn stands, which is the one that counts: later ones are on later branches."""
    first: dict[int, Place] = {}
    for reply in (*transcript.earlier, *transcript.replies):
        first[reply.turn] = min(reply.place, first.get(reply.turn, reply.place))
    return first


def _comments(reviewed: Reviewed, place: Place, side: Side, attempt: int) -> tuple[Comment, ...]:
    wanted = (place, side, attempt)
    return tuple(each for each in reviewed.comments if ((each.branch, each.turn), each.side, each.attempt) == wanted)


def _assessed(transcript: Transcript, reply: KeptReply, reviewed: Reviewed, *, first: bool) -> Assessed:
    script = transcript.session.script
    beat = script.persona.beat(reply.moment)
    occasion, machine = Occasion.at(script.persona, beat), transcript.scored(reply)
    verdict = transcript.verdict_on(reply)
    standing = verdict.standing if verdict else ""
    return Assessed(
        assessment=transcript.counted(reply),
        machine=machine,
        by="judge" if standing == "verified" else "offline",
        why_by=by(standing, unsure=machine.unsure).sentence if standing else "",
        levels=levels_of(transcript, reply, reviewed),
        marks=_marks(transcript, reply, machine),
        occasion=occasion,
        note=beat.note,
        first=first,
    )


def _marks(transcript: Transcript, reply: KeptReply, machine: Assessment) -> tuple[Mark, ...]:
    titles: dict[Scored, str] = {
        name: text.title for name, text in transcript.session.script.rubric.dimensions.items() if name != "harm"
    }
    result = ReplyResult(
        turn=reply.turn,
        moment=reply.moment,
        customer="",
        reply=reply.text,
        gesture="",
        assessment=machine,
        overall_means="",
        feeling="",
        spoken="",
        unspoken="",
    )
    return marks_of(result, titles)


def _mind(transcript: Transcript, state: CustomerState) -> Mind:
    persona = transcript.session.script.persona
    there: tuple[Disclosure, ...] = persona.disclosures
    if transcript.session.script.queue:
        there = tuple(each for each in there if each.scene in came(transcript))
    known = (*state.told_before, *state.disclosed)
    return Mind(
        turn=state.turn,
        trust=state.trust,
        distress=state.distress,
        patience=state.patience,
        told=tuple(each.says for each in there if each.id in known),
        kept_back=tuple(each.says for each in there if each.id not in known),
        met=tuple(need.need for name, need in persona.needs.items() if name in state.met),
        unmet=tuple(need.need for name, need in persona.needs.items() if name not in state.met),
    )
