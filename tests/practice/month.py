"""A month of practice: rows as they are read, and a database that such rows are read from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import yaml

from roleplay.conversation.drilling import DrillItem, DrillTest, TestRating
from roleplay.conversation.turns import Script, SelfRating
from roleplay.persona.fields import DIMENSIONS
from roleplay.store.drills import Drills
from roleplay.store.own import OwnCall
from roleplay.store.practised import Practised
from roleplay.store.transcripts import Transcripts
from tests.review.cohorts import Said, assessed
from tests.store import kept_calls

TODAY = date(2026, 11, 22)
MET, PARTLY, MISSED = (2, 2, 2, 2, 2), (1, 1, 1, 1, 1), (0, 0, 0, 0, 0)
ITEMS = ("opening", "lorries", "bench", "the-dog", "late", "thanks")
_TITLES = {"the-ramp": "The ramp", "the-bench": "A bench in the cold"}


def noon(days_ago: float, today: date = TODAY) -> str:
    """The time that many days before noon of `today`."""
    return (datetime.combine(today, time(12), UTC) - timedelta(days=days_ago)).isoformat(timespec="milliseconds")


def row(days_ago: float = 0.0, levels: Sequence[int | None] = MET, **others: Any) -> Practised:
    """A reply that a trainee gave so many days ago; met, partly met or missed as its levels say."""
    reached = sum(level or 0 for level in levels)
    opportunity = "met" if reached > len(levels) else "missed" if reached < len(levels) / 2 else "partly"
    kept = Practised(
        at=noon(days_ago),
        source="drill",
        persona="the-ramp",
        title="The ramp",
        moment="opening",
        within=f"day-{days_ago:g}",
        turn=0,
        short=False,
        aided=0,
        opportunity=opportunity,
        levels=tuple(levels),
        harm=0,
        overall=2,
        turn_score=10.0 * reached,
        unsure=False,
    )
    return kept._replace(**others)


def _line(moment: str) -> str:
    return f"What am I to do about {moment}, then?"


def call(days_ago: float = 0.0, score: float | None = 50.0, **others: Any) -> OwnCall:
    """A call that was begun so many days ago."""
    kept = OwnCall(f"call-{days_ago:g}", "the-ramp", "The ramp", False, noon(days_ago), score, True, None)
    return kept._replace(**others)


def keep_month(path: Path, *, trainee: str = "sam", today: date = TODAY) -> None:
    """Keep a month of somebody who gets better: calls with two customers, drills on most days, hints, two tests.

    The moment “late” is missed every time, in the last call with somebody's safety at stake.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_month(trainee, today))


@cache
def _month(trainee: str, today: date, days: int = 28) -> bytes:
    """The database of that month: made once, as every reply in it is kept for good before the next."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roleplay.db"
        _fill(path, trainee, today, days)
        return path.read_bytes()


def _fill(path: Path, trainee: str, today: date, days: int) -> None:
    with Transcripts(path) as store, Drills(path) as drills:
        for ago in range(days, 0, -4):
            _keep_call(store, f"{trainee.lower()}-{ago:02}", trainee, ago, today, better=1 - ago / days)
        for ago in range(days, 0, -1):
            if ago % 5:
                _keep_drills(drills, trainee, ago, today, better=1 - ago / days)
        for number, ago in enumerate((days - 1, 3)):
            _keep_test(drills, f"{trainee}-test-{number}", trainee, ago, today, rating=2 + number)


def _keep_call(store: Transcripts, name: str, trainee: str, ago: int, today: date, *, better: float) -> None:
    at, replaced = noon(ago, today), msgspec.structs.replace
    head = kept_calls.session(name, trainee=trainee, started=at)
    store.begin(replaced(head, script=script("the-bench" if ago % 8 else "the-ramp")), kept_calls.opening(name))
    for turn, moment in enumerate(("opening", "lorries", "bench", "late"), 1):
        store.keep_line(kept_calls.line(name, turn))
        said = _said(moment, better, ago + turn, safety=moment == "late" and ago <= 4)
        kept = kept_calls.reply(name, turn, at=at)
        store.keep_reply(replaced(kept, moment=moment, assessment=assessed(said)))
    store.keep_ending(kept_calls.ending(name), 30 + 50 * better + ago % 3)
    store.keep_self_rating(SelfRating(session=name, rating=None if ago % 12 == 0 else 3, at=at))


def _keep_drills(drills: Drills, trainee: str, ago: int, today: date, *, better: float) -> None:
    for place in range(4):
        moment = ITEMS[(ago + place) % len(ITEMS)]
        kept = kept_calls.drill(
            trainee,
            id=f"{trainee}-drill-{ago}-{place}",
            moment=moment,
            sitting=f"{trainee}-{ago}",
            aided=int(place == 3),
            at=noon(ago - place / 1000, today),
            assessment=assessed(_said(moment, better, ago * 3 + place)),
        )
        drills.keep(kept, script("the-ramp"))


def _keep_test(drills: Drills, name: str, trainee: str, ago: int, today: date, *, rating: int) -> None:
    at, items = noon(ago - 0.1, today), tuple(DrillItem("the-bench", moment) for moment in ITEMS)
    drills.begin_test(DrillTest(id=name, trainee=trainee, items=items, at=at))
    for place, item in enumerate(items):
        kept = kept_calls.drill(
            trainee,
            id=f"{name}-{place}",
            persona=item.persona,
            moment=item.moment,
            test=name,
            sitting=name,
            at=at,
            assessment=assessed(_said("opening", rating - 2, ago + place)),
        )
        drills.keep(kept, script(item.persona))
    drills.rate_test(TestRating(id=f"{name}-rated", trainee=trainee, test=name, rating=rating, at=at))


def _said(moment: str, better: float, chance: int, *, safety: bool = False) -> Said:
    """What is found in a reply of somebody who has become so much `better` (0-1); `chance` moves it a little."""
    level = 0 if moment == "late" else min(2, max(0, round(2.2 * better + 0.5 * (chance % 3 - 1))))
    levels = {name: max(0, level - (name == "explores" and chance % 2)) for name in DIMENSIONS}
    opportunity = ("missed", "partly", "met")[level]
    return Said(moment, opportunity, levels, overall=2 * level, safety=safety)  # type: ignore[arg-type]


def script(persona: str) -> Script:
    """What the calls with that customer are played with."""
    plain = kept_calls.script(_TITLES[persona])
    beats = plain.persona.moments
    first = beats[0]
    moments = tuple(msgspec.structs.replace(first, id=moment, says=_line(moment)) for moment in ITEMS)
    return msgspec.structs.replace(plain, persona=msgspec.structs.replace(plain.persona, id=persona, moments=moments))


def write_personas(folder: Path) -> None:
    """The files of the customers of the month, with the moments that come back."""
    folder.mkdir(exist_ok=True)
    for ident, title in _TITLES.items():
        moments = [{"id": "opening", "feeling": "Afraid."}]
        moments += [{"id": each, "says": _line(each), "feeling": "Afraid."} for each in ITEMS[1:]]
        persona = {
            "name": "Dana",
            "title": title,
            "trainee": {"role": "Roadside assistance representative."},
            "customer": {"opening": kept_calls.SAYS, "backstory": "Her car stopped on a ramp."},
            "needs": {"tow": {"kind": "spoken", "need": "A tow truck."}},
            "moments": moments,
        }
        (folder / f"{ident}.yaml").write_text(yaml.safe_dump(persona, sort_keys=False), encoding="utf-8")
