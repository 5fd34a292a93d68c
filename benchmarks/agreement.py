"""How far the offline scorer agrees with labelled replies: `python -m benchmarks.agreement [FILE] [--held-out]`.

The labels were made by language models working as experts, not by people. On the shipped file these are development
figures: its detectors were shaped while looking at it. `--held-out` fits the weights anew without each writer, and
without each story, before scoring them; the detectors' phrases stay as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.fit_heads import DATA, fit
from benchmarks.labelled import Item, load
from roleplay.agreement.baselines import empathy_words
from roleplay.agreement.measures import pair_accuracy, spearman, weighted_kappa
from roleplay.scoring.assessment import SCORED, Assessment
from roleplay.scoring.offline.heads import Heads
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric


def assess(items: Sequence[Item], given: Heads | None = None) -> list[Assessment]:
    """Every item assessed with the shipped weights, or with `given` ones."""
    scorer = OfflineScorer(default_rubric(), given)
    return [scorer.judge(item.occasion, item.history, item.reply) for item in items]


def held_out(items: Sequence[Item], group: Callable[[Item], str]) -> list[Assessment]:
    """Every item assessed with weights that were fitted without its group."""
    found: dict[str, Assessment] = {}
    for name in sorted({group(item) for item in items}):
        fitted = fit([item for item in items if group(item) != name])
        rest = [item for item in items if group(item) == name]
        found |= {item.id: result for item, result in zip(rest, assess(rest, fitted), strict=True)}
    return [found[item.id] for item in items]


def fine(assessment: Assessment) -> float:
    """`overall` with the turn score to break ties."""
    return (assessment.overall or 0) + (assessment.turn_score or 0) / 1000


def report(title: str, items: Sequence[Item], results: Sequence[Assessment]) -> None:
    """Print the figures of one way of scoring."""
    labels = [item.overall for item in items]
    moments = [f"{item.story}/{item.occasion.id}" for item in items]
    ranked = [fine(result) for result in results]
    kappa = weighted_kappa([result.overall or 0 for result in results], labels, 5)
    pairs = pair_accuracy(ranked, labels, moments)
    print(f"\n{title} (n = {len(items)})")
    print(f"  overall: Spearman {spearman(ranked, labels):.2f}   QWK {kappa:.2f}   pairs within a moment {pairs:.2f}")
    for name in SCORED:
        given = [result.scores[name] or 0 for result in results]
        print(f"  QWK {name:21} {weighted_kappa(given, [item.labels[name] for item in items], 3):.2f}")
    grave = [result.harm for item, result in zip(items, results, strict=True) if item.labels["harm"] == 2]
    harmless = [result.harm for item, result in zip(items, results, strict=True) if item.labels["harm"] == 0]
    print(f"  harm 2: found {_share(grave, 2):.2f}, as harm of any level {_share(grave, 1):.2f}")
    print(f"  harmless: false alarms of level 2 {_share(harmless, 2):.2f}, of any level {_share(harmless, 1):.2f}")
    print(f"  unsure {sum(result.unsure for result in results) / len(results):.3f}")


def _share(levels: Sequence[int], at_least: int) -> float:
    return sum(level >= at_least for level in levels) / max(len(levels), 1)


def main() -> None:
    """Print the whole table."""
    paths = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    items = load(Path(paths[0]) if paths else DATA)
    results = assess(items)
    report("all", items, results)
    for writer in sorted({item.writer for item in items}):
        chosen = [index for index, item in enumerate(items) if item.writer == writer]
        report(f"writer {writer}", [items[i] for i in chosen], [results[i] for i in chosen])
    print("\nSpearman of overall by story")
    for story in sorted({item.story for item in items}):
        chosen = [index for index, item in enumerate(items) if item.story == story]
        print(f"  {spearman([fine(results[i]) for i in chosen], [items[i].overall for i in chosen]):5.2f}  {story}")
    print("\nBaselines: Spearman of overall")
    labels = [item.overall for item in items]
    print(f"  length            {spearman([len(item.reply) for item in items], labels):5.2f}")
    print(f"  empathy words     {spearman([empathy_words(item.reply) for item in items], labels):5.2f}")
    if "--held-out" in sys.argv:
        report("weights fitted without the writer", items, held_out(items, lambda item: item.writer))
        report("weights fitted without the story", items, held_out(items, lambda item: item.story))


if __name__ == "__main__":
    main()
