"""Calls in a database whose replies are those of tests/data, and coaches who rate them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from roleplay.agreement.figures import AIMED
from roleplay.conversation.judging import Verdict
from roleplay.conversation.turns import KeptReply, KeptVerdict, Script
from roleplay.english import looks_english
from roleplay.persona.completion import complete
from roleplay.persona.lines import Reactions
from roleplay.persona.model import Persona
from roleplay.review.labels import Label, RatedReply, Rating
from roleplay.scoring.items import LabelledItem, lines_of, read_item
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.heads import Heads
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.overruled import HIGHEST, RATED, Rated
from roleplay.scoring.rubric import default_rubric
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at
from tests.store import kept_calls

DATA = Path(__file__).parents[1] / "data"
AT = "2026-11-05T08:00:00.000+00:00"
Finds = Callable[[LabelledItem], Mapping[Rated, int]]
"""What a coach finds in a reply."""


@cache
def items(file: str = "replies.jsonl") -> tuple[LabelledItem, ...]:
    """Labelled replies at moments with both needs, stories mixed; none with words aimed at a scorer."""
    read = [read_item(line, LabelledItem) for _, line in lines_of(DATA / file)]
    fit = [
        each
        for each in read
        if each.moment
        and each.moment.spoken_need
        and each.moment.unspoken_need
        and AIMED.isdisjoint(each.tags or ())
        and looks_english(each.said)
    ]
    return tuple(sorted(fit, key=lambda each: str(each.id)[::-1]))


def as_labelled(item: LabelledItem) -> dict[Rated, int]:
    """The labels that come with a reply."""
    given = {name: item.overall if name == "overall" else item.label(name) for name in RATED}
    return {name: level for name, level in given.items() if level is not None}


def strictly(item: LabelledItem) -> dict[Rated, int]:
    """A coach who gives one level less of everything, harm apart."""
    return {name: level if name == "harm" else max(0, level - 1) for name, level in as_labelled(item).items()}


def rating(chosen: Sequence[LabelledItem], finds: Finds, coach: str = "Kim", a_call: int = 2) -> Rating:
    """The replies as if `coach` had rated them blindly, so many in a call."""
    return Rating(
        tuple(
            RatedReply(
                session=f"call-{at // a_call}",
                branch=0,
                turn=at + 1,
                persona=item.story or "",
                trainee="sam",
                occasion=item.occasion,
                history=tuple(item.history),
                text=item.said,
                gesture=False,
                scored={},
                labels=(Label(f"rating-{at}", "blind", coach, AT, finds(item)),),
            )
            for at, item in enumerate(chosen)
        )
    )


def keep(path: Path, chosen: Iterable[LabelledItem], *, judge: str = "", trainee: str = "sam", first: int = 0) -> None:
    """Keep a call for each of `chosen`, with that one reply; `judge`: a model that found each a level better."""
    with Transcripts(path) as store:
        for at, item in enumerate(chosen, first):
            name = f"call-{at:03}"
            persona = _persona(item)
            begun = replace(kept_calls.session(name, trainee=trainee), script=_script(persona))
            reply = _reply(name, item, persona)
            store.begin(begun, kept_calls.opening(name))
            store.keep_line(kept_calls.line(name, 1, persona.customer.opening))
            store.keep_reply(reply)
            store.keep_line(kept_calls.line(name, 2, "Right."))
            if judge:
                store.keep_verdict(_verdict(reply, judge), None)
            store.keep_ending(kept_calls.ending(name), 50.0)


def rate(path: Path, chosen: Iterable[LabelledItem], coach: str, finds: Finds, first: int = 0) -> None:
    """Have `coach` rate the replies that were kept of `chosen`."""
    with desk_at(path, coach) as desk:
        for at, item in enumerate(chosen, first):
            transcript = desk.transcripts.load(f"call-{at:03}")
            desk.rate(transcript.session.id, transcript.replies[0], dict(finds(item)))


def levels_by(heads: Heads, item: LabelledItem) -> dict[Rated, int]:
    """What the offline scorer with these heads gives."""
    found = OfflineScorer(default_rubric(), heads).judge(item.occasion, item.history, item.said)
    given = {name: found.overall if name == "overall" else found.scores[name] for name in RATED}
    return {name: level for name, level in given.items() if level is not None}


def _persona(item: LabelledItem) -> Persona:
    moment = item.moment
    assert moment
    return complete(
        msgspec.convert(
            {
                "id": re.sub("[^a-z0-9]+", "-", (item.story or "story").casefold())[:40].strip("-"),
                "name": "Dana",
                "title": (item.story or "Story")[:60],
                "trainee": {"role": "Representative"},
                "customer": {"opening": item.context[-1].text, "backstory": "She calls."},
                "needs": {
                    "spoken": {"kind": "spoken", "need": moment.spoken_need},
                    "unspoken": {"kind": "unspoken", "need": moment.unspoken_need, "says": "It is this, really."},
                },
                "moments": [
                    {
                        "id": "opening",
                        "feeling": moment.feeling,
                        "spoken": "spoken",
                        "unspoken": "unspoken",
                        "note": moment.note,
                        "safety": moment.safety,
                        "boundary": moment.boundary,
                    }
                ],
            },
            Persona,
        )
    )


def _script(persona: Persona) -> Script:
    return Script(persona=persona, general=Reactions(), rubric=default_rubric())


def _reply(name: str, item: LabelledItem, persona: Persona) -> KeptReply:
    occasion = Occasion.at(persona, persona.beat("opening"))
    assessment = OfflineScorer(default_rubric()).judge(occasion, item.history[-1:], item.said)
    return replace(kept_calls.reply(name, 1, item.said), assessment=assessment)


def _verdict(reply: KeptReply, judge: str) -> KeptVerdict:
    given = reply.assessment
    better = replace(given, overall=min(HIGHEST["overall"], (given.overall or 0) + 1))
    verdict = Verdict(standing="verified", assessment=better, model=judge, raw="{}")
    return KeptVerdict(session=reply.session, branch=0, turn=1, attempt=1, verdict=verdict, state=None, at=AT)
