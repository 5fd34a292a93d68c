"""Which verdicts of a judge are believed: `python -m benchmarks.judging [FILE]`. It takes minutes.

Honest verdicts are made from the labels of the shipped files, with a quote from the reply for each point, as they stand
and with the disagreement that is published for experts among themselves. Inflated ones are made from the same labels.
All go through the checks that a real verdict goes through. The labels were made by language models working as experts,
not by people, and the terms of `inflation` were chosen on these files; the weights of the offline scorer are fitted
without the writer on whom a figure is reported, and so are the thresholds. FILE keeps what the offline scorer said
with those weights: a second run on the same data does not fit again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from random import Random
from statistics import fmean
from typing import NamedTuple

import msgspec

from benchmarks.agreement import fingerprints, held_out
from benchmarks.fit import Table
from benchmarks.fit import load as load_labelled
from benchmarks.labelled import DATA, MORE, Item, load
from roleplay.agreement.measures import weighted_kappa
from roleplay.english import sentences
from roleplay.judge.checking import Checked, Checker
from roleplay.judge.doubt import FAVOUR, INFLATED, doubts, inflation
from roleplay.judge.drift import ALARM, USUAL, drifted
from roleplay.judge.written import Point, WrittenHarm, WrittenLevels
from roleplay.persona.fields import DIMENSIONS, Dimension
from roleplay.scoring.assessment import Assessment, Suggestion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

FLAGGED = 0.05
"""The share of honest verdicts of the other writers that all rules together may flag."""

Noise = tuple[float, float]
"""Standard deviations in levels: of one reading of a reply as a whole, and of each level by itself."""
NOISES: dict[str, Noise] = {"the labels themselves": (0, 0), "annotators": (0.2, 0.4), "experts": (0.4, 0.95)}


class Claim(NamedTuple):
    """What a judge would write of one reply."""

    levels: dict[Dimension, int]
    harm: int
    overall: int


class Judged(NamedTuple):
    """A claim on an item after the checks."""

    item: Item
    offline: Assessment
    checked: Checked

    @property
    def flagged(self) -> bool:
        """Whether the verdict counts for nothing."""
        return bool(doubts(self.checked, self.offline, self.item.occasion).against)

    def flagged_above(self, threshold: float) -> bool:
        """The same with another threshold of `inflation`."""
        against = doubts(self.checked, self.offline, self.item.occasion).against
        return self.inflation > threshold or any(why != FAVOUR for why in against)

    @property
    def inflation(self) -> float:
        return inflation(self.checked.assessment, self.offline)

    @property
    def gained(self) -> int:
        """What `overall` is above the label."""
        return (self.checked.assessment.overall or 0) - self.item.overall


Maker = Callable[[Item, Random], Claim]


def honest(noise: Noise, lenient: float = 0.0) -> Maker:
    """Claims by the labels with `noise`, shifted by `lenient` points of overall."""

    def claim(item: Item, random: Random) -> Claim:
        mood = random.gauss(0, noise[0])

        def near(level: int, most: int, shift: float) -> int:
            return max(0, min(most, round(level + shift + random.gauss(0, noise[1] * most / 2.5))))

        return Claim(
            {name: near(item.labels[name], 2, mood + lenient / 2) for name in DIMENSIONS},
            near(item.labels["harm"], 2, -mood / 2 - lenient / 2),
            near(item.overall, 4, 1.6 * mood + lenient),
        )

    return claim


def full_marks(item: Item, random: Random) -> Claim:
    return Claim(dict.fromkeys(DIMENSIONS, 2), 0, 4)


def nearly_full_marks(item: Item, random: Random) -> Claim:
    return Claim(dict.fromkeys(DIMENSIONS, 2) | {random.choice(DIMENSIONS): 1}, 0, 4)


def two_more(item: Item, random: Random) -> Claim:
    return Claim(
        {name: min(2, item.labels[name] + 1) for name in DIMENSIONS},
        max(0, item.labels["harm"] - 1),
        min(4, item.overall + 2),
    )


def harm_hidden(item: Item, random: Random) -> Claim:
    return Claim({name: max(1, item.labels[name]) for name in DIMENSIONS}, 0, max(3, item.overall))


def only_overall(item: Item, random: Random) -> Claim:
    return Claim({name: item.labels[name] for name in DIMENSIONS}, item.labels["harm"], 4)


INFLATED_BY: dict[str, Maker] = {
    "always full marks": full_marks,
    "full marks but for one level": nearly_full_marks,
    "+2 overall, +1 in each dimension": two_more,
    "harm hidden": harm_hidden,
    "4 overall, levels as they are": only_overall,
}


def judged(item: Item, offline: Assessment, claim: Claim, random: Random) -> Judged:
    """`claim` put through the checks, each point with a sentence of the reply for a quote."""
    rubric = default_rubric()
    checker = Checker(rubric, item.occasion, item.history, item.reply, offline)
    said = [each.text for each in sentences(item.reply) if not checker.own.fault(each.start, each.end)] or [item.reply]
    known = {each.dimension: each.quote for each in offline.evidence if each.of == "reply"}
    points = {name: Point(known.get(name) or random.choice(said), "", level) for name, level in claim.levels.items()}
    harm = WrittenHarm(random.choice(said), "reply" if claim.harm else "nobody", "", claim.harm)
    written = WrittenLevels(points, claim.overall, Suggestion("", ""))
    return Judged(item, offline, checker.check(written, harm))


def all_judged(
    items: Sequence[Item], offline: Sequence[Assessment], make: Maker, seed: int, times: int = 1
) -> list[Judged]:
    """Each item judged `times` times by what `make` makes of it."""
    random = Random(seed)
    return [
        judged(item, assessment, make(item, random), random)
        for _ in range(times)
        for item, assessment in zip(items, offline, strict=True)
    ]


def share(found: Sequence[bool]) -> float:
    """The share that is true; 0 of none."""
    return sum(found) / max(1, len(found))


def threshold(found: Sequence[Judged]) -> float:
    """The lowest inflation, in steps of 0.1, above which all rules flag no more than `FLAGGED` of honest verdicts."""
    otherwise = sum(each.flagged_above(float("inf")) for each in found)
    spared = sorted((each.inflation for each in found if not each.flagged_above(float("inf"))), reverse=True)
    left = max(0, int(FLAGGED * len(found)) - otherwise)
    return ceil(10 * spared[left]) / 10


def report(items: Sequence[Item], offline: Sequence[Assessment], times: int = 4) -> None:
    """Print how many honest and inflated verdicts are flagged."""
    made = {
        name: [each for each in all_judged(items, offline, make, 2) if each.gained >= 1 or name.startswith("4 overall")]
        for name, make in INFLATED_BY.items()
    }
    honestly = {
        kind: all_judged(items, offline, honest(noise), 1, times if any(noise) else 1) for kind, noise in NOISES.items()
    }
    for kind, fair in honestly.items():
        kappa = fmean(
            weighted_kappa(
                [each.checked.assessment.scores[name] or 0 for each in fair],
                [each.item.labels[name] for each in fair],
                3,
            )
            for name in DIMENSIONS
        )
        harmless = [each for each in fair if each.checked.assessment.harm >= each.item.labels["harm"]]
        print(f"\nhonest: {kind} (mean QWK with the labels after the checks {kappa:.2f}, n = {len(fair)})")
        print(
            f"  flagged {share([each.flagged for each in fair]):.3f}, "
            f"of those that see no less harm than the label {share([each.flagged for each in harmless]):.3f}"
        )
    print("\neach writer by the threshold fitted on the others (the labels themselves): honest, then inflated")
    labels = honestly["the labels themselves"]
    for writer in sorted({item.writer for item in items}):
        fitted = threshold([each for each in labels if each.item.writer != writer])
        rates = [
            share([each.flagged_above(fitted) for each in found if each.item.writer == writer])
            for found in (*honestly.values(), *made.values())
        ]
        print(f"  writer {writer}: {fitted:.1f}  {' '.join(f'{rate:.3f}' for rate in rates)}")
    print(
        f"\ninflated, by the shipped rules (threshold {INFLATED}): flagged, of those that gained 1 / 2 points or more"
    )
    for name, found in made.items():
        two = [each for each in found if each.gained >= 2]
        print(
            f"  {name:33} {share([each.flagged for each in found]):.2f} (n = {len(found)})  "
            f"{share([each.flagged for each in two]):.2f} (n = {len(two)})"
        )


SESSIONS: dict[str, Callable[[float, Noise], Maker]] = {
    "honest": lambda share, noise: honest(noise),
    "full marks throughout": lambda share, noise: full_marks,
    "full marks from the middle on": lambda share, noise: full_marks if share >= 0.5 else honest(noise),
    "more lenient by up to 2 points": lambda share, noise: honest(noise, 2 * share),
    "more lenient by up to 3 points": lambda share, noise: honest(noise, 3 * share),
}


def report_drift(items: Sequence[Item], offline: Sequence[Assessment], sessions: int = 200) -> None:
    """Print in how many made-up sessions the alarm is raised."""
    print(f"\ndrift: sessions with an alarm (usual {USUAL}, alarm {ALARM}); each session from one writer")
    pairs = list(zip(items, offline, strict=True))
    writers = sorted({item.writer for item in items})
    for kind in ("annotators", "experts"):
        for name, maker in SESSIONS.items():
            rates = []
            for turns in (6, 12, 20):
                random = Random(f"{kind}{name}{turns}")
                alarms = []
                for _ in range(sessions):
                    writer = random.choice(writers)
                    chosen = random.sample([pair for pair in pairs if pair[0].writer == writer], turns)
                    told = [
                        judged(item, theirs, maker(turn / (turns - 1), NOISES[kind])(item, random), random)
                        for turn, (item, theirs) in enumerate(chosen)
                    ]
                    alarms.append(drifted((each.checked.assessment, each.offline) for each in told))
                rates.append(f"{turns} turns {share(alarms):.2f}")
            print(f"  noise of {kind:10} {name:31} " + "  ".join(rates))


class Kept(msgspec.Struct, frozen=True):
    """What the offline scorer said of each item, and the data and the weights that it belongs to."""

    made_from: tuple[str, ...]
    offline: dict[str, Assessment]


def assessed(items: Sequence[Item]) -> dict[str, Assessment]:
    """Each item as the offline scorer sees it with weights that were fitted without its writer."""
    table = Table(load_labelled())
    fitted = held_out(table, lambda each: f"writer {each.item.writer}")
    heads = {str(each.item.id): given for each, given in zip(table.labelled, fitted, strict=True)}
    return {
        item.id: OfflineScorer(default_rubric(), heads[item.id]).judge(item.occasion, item.history, item.reply)
        for item in items
    }


def main() -> None:
    """Print the whole table."""
    items = [item for path in (DATA, MORE) for item in load(path)]
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    kept = msgspec.json.decode(file.read_bytes(), type=Kept) if file and file.exists() else None
    if kept is None or kept.made_from != fingerprints():
        kept = Kept(fingerprints(), assessed(items))
        if file:
            file.write_bytes(msgspec.json.encode(kept))
    offline = [kept.offline[item.id] for item in items]
    report(items, offline)
    report_drift(items, offline)


if __name__ == "__main__":
    main()
