"""Calls to keep: records of the size and shape of real ones, and a database full of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from roleplay.conversation.again import rewound
from roleplay.conversation.drilling import DrillItem, DrillTest, KeptDrill, TestRating
from roleplay.conversation.judging import Verdict
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import (
    KeptEnding,
    KeptLine,
    KeptOpening,
    KeptReply,
    KeptVerdict,
    LinePart,
    Script,
    SelfRating,
    SessionRecord,
    StageDirection,
)
from roleplay.conversation.voiced import Usage, Voiced
from roleplay.persona.completion import complete
from roleplay.persona.lines import Reactions
from roleplay.persona.message import Message
from roleplay.persona.model import Persona
from roleplay.review.desk import Desk
from roleplay.scoring.assessment import Assessment, Evidence, Flags, ScorerName, Suggestion
from roleplay.scoring.rubric import Rubric
from roleplay.store.drills import Drills
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts

AT = "2026-11-04T13:03:00Z"
SAYS = "I am standing on the ramp with two feet of room, and the lorries do not slow down."
SECRET = "I left him this morning, and nobody knows yet."
GESTURE = "A blanket from the truck"
ANSWERS = "It sounds frightening to stand there with two feet of room. Are you behind the rail now?"

_DIMENSIONS = ("acknowledges_feeling", "names_need", "reaches_unspoken", "explores", "acts")


def script(title: str = "The ramp") -> Script:
    """What a session is played with."""
    text = {"title": "Title", "means": "What it means.", "levels": ("no", "partly", "yes")}
    return Script(
        persona=complete(
            msgspec.convert(
                {
                    "id": "the-ramp",
                    "name": "Dana",
                    "title": title,
                    "trainee": {"role": "Roadside assistance representative.", "gestures": [GESTURE]},
                    "customer": {"opening": SAYS, "backstory": "Her car stopped on a ramp."},
                    "needs": {
                        "tow": {"kind": "spoken", "need": "a tow truck, fast"},
                        "leaving": {"kind": "unspoken", "need": "to hear that she may go", "says": SECRET},
                    },
                },
                Persona,
            )
        ),
        general=Reactions(),
        rubric=msgspec.convert(
            {
                "id": "default",
                "weights": dict.fromkeys(_DIMENSIONS, 0.2),
                "cap_harm_1": 50,
                "cap_harm_2": 20,
                "cap_repaired": 80,
                "mean_share": 0.5,
                "dimensions": {
                    dimension: text | {"title": dimension.replace("_", " ")} for dimension in (*_DIMENSIONS, "harm")
                },
                "overall": ("a", "b", "c", "d", "e"),
            },
            Rubric,
        ),
    )


def session(
    name: str, *, trainee: str = "sam", started: str = AT, title: str = "The ramp", exam: bool = False
) -> SessionRecord:
    """The head of a call."""
    return SessionRecord(
        id=name, script=script(title), seed="7", exam=exam, actor="scripted", trainee=trainee, started=started
    )


def state(turn: int = 0) -> CustomerState:
    """The customer's mind."""
    return CustomerState(trust=4.5, distress=6.25, patience=6.0, moment="opening", turn=turn, said=("opening",))


def direction(turn: int, says: str = SAYS) -> StageDirection:
    """What is to be said."""
    return StageDirection(turn=turn, mood="afraid", parts=(LinePart("moment", says),), moment=f"moment-{turn}")


def opening(name: str) -> KeptOpening:
    """The start of a call."""
    return KeptOpening(session=name, branch=0, state=state(), direction=direction(1), at=AT)


def tried_again(name: str, branch: int, turn: int, parent: int = 0) -> KeptOpening:
    """The start of a branch on which the line that opened `turn` is answered again."""
    return KeptOpening(
        session=name, branch=branch, parent=parent, state=state(turn - 1), direction=direction(turn), at=AT
    )


def assessment(text: str) -> Assessment:
    """What a scorer said of `text`."""
    words = text[:20]
    return Assessment(
        scores={**dict.fromkeys(_DIMENSIONS, 1), "harm": 0},
        overall=3,
        turn_score=62.5,
        opportunity="met",
        unsure=False,
        evidence=tuple(
            Evidence(dimension="acts", quote=words, start=0, end=len(words), why="It promises an act.")
            for _ in range(3)
        ),
        flags=Flags(),
        suggestion=Suggestion("Are you behind the rail?", "Safety comes first."),
        scorer=ScorerName("offline", "1", "default"),
    )


def reply(name: str, turn: int, text: str = ANSWERS, *, branch: int = 0, at: str = AT) -> KeptReply:
    """What the trainee said at `turn`."""
    return KeptReply(
        session=name,
        branch=branch,
        turn=turn,
        text=text,
        at=at,
        gesture=None,
        moment="opening",
        assessment=assessment(text),
        state=state(turn),
        direction=direction(turn + 1),
    )


def line(
    name: str, turn: int, text: str = SAYS, *, branch: int = 0, attempt: int = 1, broken_off: bool = False
) -> KeptLine:
    """What the customer said to open `turn`."""
    return KeptLine(session=name, branch=branch, turn=turn, attempt=attempt, text=text, at=AT, broken_off=broken_off)


def keep_llm_turn(store: Transcripts, name: str, turn: int, *, attempt: int = 1) -> None:
    """A line that an LLM said to open `turn`, and a judge's verdict on the reply before it."""
    voiced = Voiced(voice="mended", model="some-model", faults=("particulars",), usage=Usage(requests=2, sent=1500))
    store.keep_line(msgspec.structs.replace(line(name, turn, attempt=attempt), voiced=voiced))
    verdict = Verdict(standing="verified", assessment=assessment(ANSWERS), model="some-model", raw="{}")
    kept = KeptVerdict(session=name, branch=0, turn=turn - 1, attempt=1, verdict=verdict, state=state(turn - 1), at=AT)
    store.keep_verdict(kept, None)


def ending(name: str, branch: int = 0) -> KeptEnding:
    """How the call ended."""
    return KeptEnding(
        session=name,
        branch=branch,
        by="ending",
        ending="towed",
        outcome="good",
        at=AT,
        epilogue="She sent a card.",
    )


def keep_call(
    store: Transcripts, name: str, turns: int = 3, *, ended: bool = True, trainee: str = "sam", exam: bool = False
) -> None:
    """A whole call, as a session keeps it."""
    store.begin(session(name, trainee=trainee, exam=exam), opening(name))
    store.keep_line(line(name, 1))
    for turn in range(1, turns + 1):
        store.keep_reply(reply(name, turn, f"{ANSWERS} ({turn})"))
        store.keep_line(line(name, turn + 1, f"{SAYS} ({turn})"))
    if ended:
        store.keep_ending(ending(name), 62.5)
        store.keep_self_rating(SelfRating(session=name, rating=3, at=AT))


def play_on(store: Transcripts, name: str) -> Iterator[str]:
    """Play a call for ever, with drafts and now and then a reply taken back; tell each step once it is kept."""
    store.begin(session(name), opening(name))
    yield "begin"
    branch, turn = 0, 0
    while True:
        if turn % 3 == 2:
            store.begin_branch(tried_again(name, branch + 1, turn, branch))
            branch, turn = branch + 1, turn - 1
            yield "branch"
        turn += 1
        store.keep_draft(name, f"typed on {branch} at {turn}")
        yield "draft"
        store.keep_reply(reply(name, turn, f"said on {branch} at {turn}", branch=branch))
        yield "reply"
        store.keep_line(line(name, turn + 1, f"answered on {branch} at {turn}", branch=branch))
        yield "line"
        if turn % 3 == 2 and branch % 2:
            store.keep_draft(name, "")
            yield "cleared"
            turn += 1
            store.keep_reply(reply(name, turn, f"said on {branch} at {turn}", branch=branch))
            yield "reply"


def try_again(store: Transcripts, name: str, branch: int, turn: int, parent: int = 0) -> None:
    """Answer the line that opened `turn` again, on a new branch."""
    store.begin_branch(tried_again(name, branch, turn, parent))
    store.keep_reply(reply(name, turn, f"Once more. ({branch}, {turn})", branch=branch))
    store.keep_line(line(name, turn + 1, f"{SAYS} ({branch}, {turn})", branch=branch))


def review_everything(path: Path, name: str) -> None:
    """One of everything that a coach and a trainee can add to the ended call of that name, and something taken back."""
    with Transcripts(path) as transcripts, Reviews(path) as reviews:
        transcript = transcripts.load(name)
        who, replied = transcript.session.trainee, transcript.replies[0]
        coach, trainee = (Desk(transcripts, reviews, person, lambda: AT) for person in ("Kim", who))
        coach.comment(name, 0, 1, "customer", "Here she tells where she stands.")
        coach.overrule(name, replied, "acts", 2, "The truck is on its way.")
        coach.overrule(name, replied, "acts", None, "It is not.")
        coach.answer(trainee.dispute(name, replied, "I asked for her place."), "You did.", upheld=True)
        coach.rate(name, replied, {"acts": 1, "overall": 3})
        coach.mark_reviewed(name)
        coach.withdraw(coach.assign(who, "the-ramp"))


def practise(
    store: Transcripts, name: str, turn: int, replies: int = 1, *, ends: bool = False, branch: int | None = None
) -> int:
    """Answer the ended call of that name again from `turn`, of a branch of it; returns the branch of practice."""
    shorter, opening = rewound(store.load(name, branch), turn, AT)
    store.begin_branch(opening)
    for at in range(turn, turn + replies):
        store.keep_reply(reply(name, at, f"As practice. ({shorter.branch}, {at})", branch=shorter.branch))
        store.keep_line(line(name, at + 1, f"{SAYS} ({shorter.branch}, {at})", branch=shorter.branch))
    if ends:
        store.keep_ending(ending(name, shorter.branch), None)
    return shorter.branch


def drill_everything(path: Path, trainee: str = "sam", call: str = "some-call") -> None:
    """A drill that was tried again, a test that was rated, and the ended call of that name answered again."""
    item = DrillItem("the-ramp", "opening")
    with Transcripts(path) as transcripts, Drills(path) as drills:
        script = session(call).script
        drills.begin_test(DrillTest(id=f"test-{trainee}", trainee=trainee, items=(item,), at=AT))
        drills.rate_test(TestRating(id=f"rated-{trainee}", trainee=trainee, test=f"test-{trainee}", rating=3, at=AT))
        for attempt in (1, 2):
            drills.keep(drill(trainee, attempt), script)
        transcripts.begin_branch(rewound(transcripts.load(call), 1, AT)[1])


def drill(trainee: str = "sam", attempt: int = 1, text: str = ANSWERS, **others: Any) -> KeptDrill:
    """A reply to a single moment."""
    kept = KeptDrill(
        id=f"drill-{trainee}-{attempt}",
        trainee=trainee,
        persona="the-ramp",
        moment="opening",
        sitting=f"sitting-{trainee}",
        attempt=attempt,
        aided=0,
        history=(Message("customer", SAYS),),
        text=text,
        assessment=assessment(text),
        at=AT,
    )
    return msgspec.structs.replace(kept, **others)
