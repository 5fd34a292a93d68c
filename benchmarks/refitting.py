"""What refitting the offline scorer to a workspace brings: `python -m benchmarks.refitting`, some minutes.

Coaches are simulated: they find what the labels say, or less of it. Replies are drawn, fitted to as `roleplay calibrate
--fit` does it, and what that brings is measured on other replies. The labels are by language models working as experts.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.labelled import DATA, MORE, Item, load
from roleplay.agreement.measures import weighted_kappa
from roleplay.review.labels import Label, RatedReply, Rating
from roleplay.review.refit import refit
from roleplay.scoring.offline.heads import HEADS, HeadName, Heads, shipped
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.offline.tuned import corrected
from roleplay.scoring.overruled import HIGHEST, Rated
from roleplay.scoring.rubric import default_rubric

NUMBERS = (60, 120, 240, 480)
TIMES = 5
REST = 250
"""Replies that nothing was fitted to, on which it is measured."""

Finds = Callable[[Item, Random], dict[Rated, int]]


def as_labelled(item: Item, random: Random) -> dict[Rated, int]:
    """What the labels say."""
    levels: dict[Rated, int] = {"overall": item.overall}
    levels.update(item.labels.items())
    return levels


def less(share: float) -> Finds:
    """One level less of everything but harm, of that share of the levels."""

    def finds(item: Item, random: Random) -> dict[Rated, int]:
        levels = as_labelled(item, random)
        return {
            name: level if name == "harm" or random.random() >= share else max(0, level - 1)
            for name, level in levels.items()
        }

    return finds


COACHES: dict[str, Finds] = {
    "finds what is labelled": as_labelled,
    "two of five levels one lower": less(0.4),
    "every level one lower": less(1.0),
}


def rated(items: list[Item], finds: Finds, random: Random) -> Rating:
    """`items` as rated by one coach, two of a call."""
    return Rating(
        tuple(
            RatedReply(
                session=f"call-{at // 2}",
                branch=0,
                turn=at,
                persona=item.story,
                trainee="",
                occasion=item.occasion,
                history=item.history,
                text=item.reply,
                gesture=False,
                scored={},
                labels=(Label(str(at), "blind", "coach", "2026", finds(item, random)),),
            )
            for at, item in enumerate(items)
        )
    )


def kappas(items: list[Item], found: list[dict[Rated, int]], heads: Heads) -> dict[HeadName, float]:
    """The weighted kappa of each head with what a coach `found`."""
    scorer = OfflineScorer(default_rubric(), heads)
    given = [scorer.judge(item.occasion, item.history, item.reply) for item in items]
    levels: dict[HeadName, list[tuple[int, int]]] = {name: [] for name in HEADS}
    for assessment, coach in zip(given, found, strict=True):
        for name in HEADS:
            level = assessment.overall if name == "overall" else assessment.scores[name]
            if level is not None:
                levels[name].append((level, coach[name]))
    return {
        name: weighted_kappa([a for a, _ in pairs], [b for _, b in pairs], HIGHEST[name] + 1)
        for name, pairs in levels.items()
    }


def main() -> None:
    """Print a table."""
    items = [item for path in (DATA, MORE) for item in load(path) if item.occasion.unspoken and item.occasion.spoken]
    print("| coach | ratings | heads taken, of 7 | gain of those, elsewhere | of them worse elsewhere |")
    print("|---|---|---|---|---|")
    for name, finds in COACHES.items():
        for number in NUMBERS:
            gains: list[float] = []
            for seed in range(TIMES):
                random = Random(seed)
                drawn = random.sample(items, number + REST)
                tuned = refit(rated(drawn[:number], finds, random), ["blind"], by="", now="").tuned
                if tuned:
                    rest = drawn[number:]
                    found = [finds(item, random) for item in rest]
                    before = kappas(rest, found, shipped())
                    after = kappas(rest, found, corrected(shipped(), tuned.heads))
                    gains += [after[head] - before[head] for head in tuned.heads]
            mean = f"{sum(gains) / len(gains):+.3f}" if gains else ""
            worse = sum(gain < 0 for gain in gains)
            print(f"| {name} | {number} | {len(gains) / TIMES:.1f} | {mean} | {worse} of {len(gains)} |", flush=True)


if __name__ == "__main__":
    main()
