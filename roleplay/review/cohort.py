"""What the calls of one trainee or of many show together: progress, what was met and missed, where people struggle."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from roleplay.agreement.bootstrap import Figure
from roleplay.agreement.intervals import wilson
from roleplay.practice.standing import ENOUGH, FAR_OFF, enough
from roleplay.review.standing import (
    Counting,
    Played,
    Standing,
    by,
    mean_score,
    played_from,
    standing_of,
    total,
)
from roleplay.store.cohort import (
    Among,
    Beat,
    Call,
    Cell,
    Levels,
    Reached,
    Told,
    calls_among,
    cells_among,
    levels_among,
    reached_among,
    told_in,
)
from roleplay.store.made import LOW_SCORE

LATEST = 5
"""Calls that tell how somebody is doing now."""


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """An unspoken need of a persona, and how far the calls in which it was there to be met came with it."""

    persona: str
    title: str
    need: str
    words: str
    met: int
    near: int
    unmet: int

    @property
    def calls(self) -> int:
        """All of them."""
        return self.met + self.near + self.unmet


class PersonaResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the calls with one persona show."""

    id: str
    title: str
    standing: Standing


class TraineeResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the calls of one trainee show. `latest` is the mean score of the last `LATEST` calls, over those scored.

    `needs_unmet` of `needs` unspoken needs (each counted once a call) stayed unmet. `attention` says in sentences why a
    coach should look; empty: nothing stands out.
    """

    name: str
    standing: Standing
    latest: Figure
    needs: int
    needs_unmet: int
    attention: tuple[str, ...]


class Struggle(msgspec.Struct, frozen=True, kw_only=True):
    """A moment at which what was there to be met was missed. `missed` is the share of `missed.n` replies there."""

    persona: str
    title: str
    moment: str
    line: str
    missed: Figure
    trainees: int
    counting: Counting


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """A cohort report. `since` and `until` are the times asked for (ISO 8601), `first` and `last` those of the calls.

    `personas` are in alphabetical order, `trainees` with those first who need attention first, and `struggles` with the
    moment first that is missed most often for all that is known. `unread` moments were saved by another version: their
    lines, needs and safety are left out.
    """

    since: str
    until: str
    first: str
    last: str
    all: Standing
    personas: tuple[PersonaResult, ...]
    trainees: tuple[TraineeResult, ...]
    needs: tuple[Need, ...]
    struggles: tuple[Struggle, ...]
    unread: int


def cohort_of(connection: sqlite3.Connection, among: Among) -> Cohort:
    """The cohort report on the ended calls `among` all, as the database stands at one point in time."""
    connection.execute("BEGIN")
    try:
        calls, cells = calls_among(connection, among), cells_among(connection, among)
        levels = levels_among(connection, among)
        moments = _moments(cells, told_in(connection, _latest(cells).values()))
        asked = [(*place, said.beat.unspoken) for place, said in moments.items() if said.beat and said.beat.unspoken]
        reached = reached_among(connection, among, asked)
    finally:
        connection.execute("ROLLBACK")
    return _Report(calls, levels, cells, moments, reached).cohort(among)


def anonymous(cohort: Cohort) -> Cohort:
    """`cohort` with a number in place of each trainee's name, in the order in which they stand in the report."""
    trainees = (
        msgspec.structs.replace(each, name=f"Trainee {number}") for number, each in enumerate(cohort.trainees, 1)
    )
    return msgspec.structs.replace(cohort, trainees=tuple(trainees))


Place = tuple[str, str]
"""A persona and a moment, by their ids."""


class _Said(NamedTuple):
    """What is known of a moment: None where its script cannot be read. `need` is the unspoken one in words."""

    beat: Beat | None
    need: str


def _latest(cells: Iterable[Cell]) -> dict[Place, int]:
    """By moment the latest call in which it was replied to: its script tells of the moment as it is now."""
    latest: dict[Place, int] = {}
    for cell in cells:
        place = cell.persona, cell.moment
        latest[place] = max(cell.last, latest.get(place, 0))
    return latest


def _moments(cells: Iterable[Cell], told: Mapping[int, Told]) -> dict[Place, _Said]:
    found = {}
    for place, call in _latest(cells).items():
        script = told.get(call)
        beat = script.beats.get(place[1]) if script else None
        found[place] = _Said(beat, script.needs.get(beat.unspoken or "", "") if script and beat else "")
    return found


class _Report:
    """Puts a cohort report together out of what was read."""

    def __init__(
        self,
        calls: Sequence[Call],
        levels: Mapping[int, Levels],
        cells: Sequence[Cell],
        moments: Mapping[Place, _Said],
        reached: Sequence[Reached],
    ) -> None:
        nothing = Levels()
        self._played = [played_from(call, levels.get(call.n, nothing)) for call in calls]
        self._cells, self._moments, self._reached = cells, moments, reached
        self._titles = {call.persona: call.title for call in calls}
        self._safety = {place for place, said in moments.items() if said.beat and said.beat.safety != "none"}

    def cohort(self, among: Among) -> Cohort:
        """The whole of it."""
        times = sorted(each.at for each in self._played if each.at)
        return Cohort(
            since=among.since,
            until=among.until,
            first=times[0].isoformat(timespec="seconds") if times else "",
            last=times[-1].isoformat(timespec="seconds") if times else "",
            all=self._standing(self._played, self._cells),
            personas=self._personas(),
            trainees=self._trainees(),
            needs=self._needs(),
            struggles=self._struggles(),
            unread=sum(said.beat is None for said in self._moments.values()),
        )

    def _standing(self, calls: Sequence[Played], cells: Sequence[Cell]) -> Standing:
        return standing_of(calls, cells, self._safety)

    def _personas(self) -> tuple[PersonaResult, ...]:
        calls = by(self._played, lambda each: each.call.persona)
        cells = by(self._cells, lambda cell: cell.persona)
        return tuple(
            PersonaResult(id=name, title=self._titles[name], standing=self._standing(calls[name], cells[name]))
            for name in sorted(calls)
        )

    def _trainees(self) -> tuple[TraineeResult, ...]:
        calls = by(self._played, lambda each: each.call.trainee)
        cells = by(self._cells, lambda cell: cell.trainee)
        reached = by(self._reached, lambda each: each.trainee)
        results = []
        for name in sorted(calls):
            standing, needs = self._standing(calls[name], cells[name]), reached[name]
            latest = calls[name][-LATEST:]
            mean = mean_score([[each] for each in latest])
            urgency, reasons = _attention(standing, latest, mean)
            result = TraineeResult(
                name=name,
                standing=standing,
                latest=mean,
                needs=total(needs, "calls"),
                needs_unmet=total([each for each in needs if each.best == 0], "calls"),
                attention=reasons,
            )
            results.append((urgency, name, result))
        return tuple(result for *_, result in sorted(results, key=lambda each: each[:2]))

    def _needs(self) -> tuple[Need, ...]:
        words = {(place[0], said.beat.unspoken): said.need for place, said in self._moments.items() if said.beat}
        best: dict[Place, list[int]] = defaultdict(lambda: [0, 0, 0])
        for each in self._reached:
            best[each.persona, each.need][each.best] += each.calls
        found = [
            Need(
                persona=persona,
                title=self._titles[persona],
                need=need,
                words=words.get((persona, need), ""),
                met=met,
                near=near,
                unmet=unmet,
            )
            for (persona, need), (unmet, near, met) in best.items()
        ]
        return tuple(sorted(found, key=lambda each: (-each.unmet / each.calls, each.persona, each.need)))

    def _struggles(self) -> tuple[Struggle, ...]:
        found = []
        for (persona, moment), cells in by(self._cells, lambda cell: (cell.persona, cell.moment)).items():
            offered = [cell for cell in cells if cell.met + cell.partly + cell.missed]
            missed = total(offered, "missed")
            share = wilson(missed, missed + total(offered, "met") + total(offered, "partly"))
            if not missed or not enough(share):
                continue
            beat = self._moments[persona, moment].beat
            replies, coach, judge = total(offered, "replies"), total(offered, "coach"), total(offered, "judge")
            found.append(
                Struggle(
                    persona=persona,
                    title=self._titles[persona],
                    moment=moment,
                    line=beat.says if beat else "",
                    missed=share,
                    trainees=len({cell.trainee for cell in offered}),
                    counting=Counting(coach, judge, replies - coach - judge),
                )
            )
        return tuple(sorted(found, key=lambda each: (-(each.missed.low or 0), each.persona, each.moment)))


def _attention(standing: Standing, latest: Sequence[Played], mean: Figure) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """How urgent it is that a coach looks, the smallest first, and why, the most urgent reason first."""
    unsafe, harmed = (sum(getattr(each.levels, name) for each in latest) for name in ("unsafe", "harmed"))
    over = f"of the last {len(latest)} calls" if len(latest) > 1 else "of the last call"
    gap, trend = standing.self_rating, standing.trend
    low = enough(mean) and (mean.value or 0.0) < LOW_SCORE
    falls = trend.says == "falling"
    above = gap.mean or 0.0 if gap.n >= ENOUGH else 0.0
    reasons = (
        (unsafe, f"Safety passed over in {_times(unsafe)} {over}."),
        (harmed, f"Surely did harm in {_times(harmed)} {over}."),
        (low, f"Mean score {mean.value or 0.0:.0f} {over}."),
        (falls, f"Scores fall by {-(trend.slope.value or 0.0):.1f} points a week."),
        (above >= FAR_OFF, f"Rates own calls {above:.0f} points above their scores."),
    )
    urgency = (*(-float(amount) for amount, _ in reasons), 100.0 if mean.value is None else mean.value)
    return urgency, tuple(sentence for amount, sentence in reasons if amount)


def _times(replies: int) -> str:
    return "1 reply" if replies == 1 else f"{replies} replies"
