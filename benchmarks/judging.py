"""Which verdicts of a judge are believed: `python -m benchmarks.judging [FILE]`.

Honest verdicts are made from the labels of the shipped file, with a quote from the reply for each point, as they stand
and with the disagreement that is published for experts among themselves. Inflated ones are made from the same labels.
All go through the checks that a real verdict goes through. The labels were made by language models working as experts,
not by people, and the offline scorer was shaped while looking at this file; its weights are fitted here without the
writer on whom a figure is reported, and so are the thresholds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import fmean
from typing import NamedTuple

from benchmarks.agreement import held_out
from benchmarks.fit_heads import DATA
from benchmarks.labelled import Item, load
from roleplay.agreement.measures import weighted_kappa
from roleplay.english import sentences
from roleplay.judge.checking import Checked, Checker
from roleplay.judge.doubt import INFLATED, doubts, inflation
from roleplay.judge.drift import ALARM, USUAL, drifted
from roleplay.judge.written import Point, WrittenHarm, WrittenLevels
from roleplay.persona.model import DIMENSIONS, Dimension
from roleplay.scoring.assessment import Assessment, Suggestion
from roleplay.scoring.rubric import default_rubric

FLAGGED = 0.04
"""The share of honest verdicts of the other writers that a threshold may flag."""

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

    @property
    def inflation(self) -> float:
        return inflation(self.checked.assessment, self.offline, self.checked.claimed)

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
    """The inflation above which `FLAGGED` of honest verdicts lie, in steps of 0.2."""
    ranked = sorted(each.inflation for each in found)
    return round(round(ranked[int((1 - FLAGGED) * len(ranked))] / 0.2) * 0.2, 1)


def report(items: Sequence[Item], offline: Sequence[Assessment], times: int = 10) -> None:
    """Print how many honest and inflated verdicts are flagged."""
    made = {
        name: [each for each in all_judged(items, offline, make, 2) if each.gained >= 1 or name.startswith("4 overall")]
        for name, make in INFLATED_BY.items()
    }
    for kind, noise in NOISES.items():
        fair = all_judged(items, offline, honest(noise), 1, times if any(noise) else 1)
        kappa = fmean(
            weighted_kappa(
                [each.checked.assessment.scores[name] or 0 for each in fair],
                [each.item.labels[name] for each in fair],
                3,
            )
            for name in DIMENSIONS
        )
        print(f"\nhonest: {kind} (mean QWK with the labels after the checks {kappa:.2f}, n = {len(fair)})")
        print(f"  flagged {share([each.flagged for each in fair]):.3f}")
        for writer in sorted({item.writer for item in items}):
            rest = [each for each in fair if each.item.writer != writer]
            mine = [each for each in fair if each.item.writer == writer]
            fitted = threshold(rest)
            print(
                f"  writer {writer}: threshold fitted on the others {fitted}; "
                f"honest above it {share([each.inflation > fitted for each in mine]):.3f}; inflated above it "
                + ", ".join(
                    f"{share([each.inflation > fitted for each in found if each.item.writer == writer]):.2f}"
                    for found in made.values()
                )
            )
    print(
        f"\ninflated, by the shipped rules (threshold {INFLATED}): flagged, of those that gained 1 / 2 points or more"
    )
    for name, found in made.items():
        two = [each for each in found if each.gained >= 2]
        print(
            f"  {name:33} {share([each.flagged for each in found]):.2f} (n = {len(found)})  "
            f"{share([each.flagged for each in two]):.2f} (n = {len(two)})"
        )
    print("  by writer:", end="")
    for writer in sorted({item.writer for item in items}):
        rates = [share([e.flagged for e in found if e.item.writer == writer]) for found in made.values()]
        print(f"  {writer} " + " ".join(f"{rate:.2f}" for rate in rates), end="")
    print()


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
    for kind in ("annotators", "experts"):
        for name, maker in SESSIONS.items():
            rates = []
            for turns in (6, 12, 20):
                random = Random(f"{kind}{name}{turns}")
                alarms = []
                for _ in range(sessions):
                    writer = random.choice("ABC")
                    chosen = random.sample([pair for pair in pairs if pair[0].writer == writer], turns)
                    told = [
                        judged(item, theirs, maker(turn / (turns - 1), NOISES[kind])(item, random), random)
                        for turn, (item, theirs) in enumerate(chosen)
                    ]
                    alarms.append(drifted((each.checked.assessment, each.offline) for each in told))
                rates.append(f"{turns} turns {share(alarms):.2f}")
            print(f"  noise of {kind:10} {name:31} " + "  ".join(rates))


def main() -> None:
    """Print the whole table."""
    items = load(Path(sys.argv[1]) if sys.argv[1:] else DATA)
    offline = held_out(items, lambda item: item.writer)
    report(items, offline)
    report_drift(items, offline)


if __name__ == "__main__":
    main()
