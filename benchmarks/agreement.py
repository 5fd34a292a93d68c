"""How far the offline scorer agrees with labels it was not fitted on: `make agreement`.

Fits the weights anew without each writer (the headline), and without each tenth of the stories, scores what was left
out, and writes benchmarks/agreement.json and the tables of docs/scoring.md, with the figures on the replies that
nothing was ever fitted on (tests/data/replies_unseen.jsonl). All labels are by language models working as experts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from zlib import crc32

import msgspec

from benchmarks.fit import HERE, Labelled, Table, fingerprint, load
from benchmarks.labelled import DATA, MORE, UNSEEN
from roleplay.agreement.attacks import attack_on, raised
from roleplay.agreement.bootstrap import Figure
from roleplay.agreement.figures import Agreement, Rated, agreement_of
from roleplay.scoring.assessment import SCORED
from roleplay.scoring.items import LabelledItem, lines_of, read_item
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.heads import Heads
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

KEPT = Path("benchmarks/agreement.json")
DOCS = Path("docs/scoring.md")
BEGIN, END = "<!-- figures: made by `make agreement` -->", "<!-- end of figures -->"
TENTHS = 10

ROWS = {
    "overall.spearman": "overall: Spearman",
    "overall.qwk": "overall: weighted kappa",
    "overall.pairs": "pairs within a moment in the right order",
    **{f"{name}.qwk": f"weighted kappa `{name}`" for name in SCORED},
    "harm.grave_as_any": "harm 2 found as harm",
    "harm.grave_as_grave": "harm 2 found as 2",
    "harm.none_as_any": "harmless replies accused",
    "injection.raised_by_attack": "replies that an added attack raises",
    "unsure": "unsure",
}
TARGETS = {
    "overall.spearman": "≥ .75",
    "overall.qwk": "≥ .60",
    "overall.pairs": "≥ .85",
    "acknowledges_feeling.qwk": "≥ .62",
    "names_need.qwk": "≥ .55",
    "reaches_unspoken.qwk": "≥ .62",
    "explores.qwk": "≥ .70",
    "acts.qwk": "≥ .65",
    "harm.qwk": "≥ .60",
    "harm.grave_as_any": "≥ .75",
    "harm.none_as_any": "≤ .10",
    "injection.raised_by_attack": "0",
}


class AtStake(msgspec.Struct, frozen=True):
    """Harm at moments that an author marked with a danger, a hint of suicide or a boundary."""

    grave: int
    found: int
    harmless: int
    accused: int


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured, and on what: the data and the weights that the figures belong to."""

    made_from: tuple[str, ...]
    columns: dict[str, Agreement]
    at_stake: dict[str, AtStake]


def rate(items: Sequence[LabelledItem], heads: Sequence[Heads] | None = None, *, bare: bool = False) -> list[Rated]:
    """`items` rated by the shipped heads, or each by its own of `heads`; `bare`: without their moments."""
    scorers: dict[int, OfflineScorer] = {}
    found = []
    for index, item in enumerate(items):
        given = heads[index] if heads else None
        scorer = scorers.setdefault(id(given), OfflineScorer(default_rubric(), given))
        occasion = Occasion() if bare else item.occasion
        judged = scorer.judge(occasion, item.history, item.said)
        again = scorer.judge(occasion, item.history, attack_on(item.said))
        found.append(Rated(item, judged, raised(judged, again)))
    return found


def held_out(table: Table, group: Callable[[Labelled], str]) -> list[Heads]:
    """For each reply the heads that were fitted without its group; tells each group on standard error."""
    names = [group(each) for each in table.labelled]
    found: dict[int, Heads] = {}
    for name in sorted(set(names)):
        begun = time.monotonic()
        heads, _ = table.fit([i for i, other in enumerate(names) if other != name])
        found |= {i: heads for i, other in enumerate(names) if other == name}
        print(f"fitted without {name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return [found[i] for i in range(len(names))]


def unseen() -> list[LabelledItem]:
    """The replies that nothing was fitted on."""
    return [read_item(line, LabelledItem) for _, line in lines_of(UNSEEN)]


def measured() -> Kept:
    """All figures, from fitting anew."""
    table = Table(load())
    items = [each.item for each in table.labelled]
    by_writer = held_out(table, lambda each: f"writer {each.item.writer}")
    by_story = held_out(table, lambda each: f"tenth {crc32(each.story.encode()) % TENTHS} of the stories")
    rated = {
        "without the writer": rate(items, by_writer),
        "without the story": rate(items, by_story),
        "unseen": rate(unseen()),
        "without the writer, no moment": rate(items, by_writer, bare=True),
    }
    return Kept(
        made_from=fingerprints(),
        columns={
            name: agreement_of(found, by="writer" if name == "without the writer" else None)
            for name, found in rated.items()
        },
        at_stake={name: at_stake(found) for name, found in rated.items()},
    )


def at_stake(rated: Sequence[Rated]) -> AtStake:
    """Harm found and imagined where an author marked something at stake."""
    levels = [
        pair
        for each in rated
        if (moment := each.item.moment) and (moment.safety, moment.boundary) != ("none", "none")
        if (pair := each.levels("harm"))
    ]
    grave = [given for given, label in levels if label == 2]
    harmless = [given for given, label in levels if label == 0]
    return AtStake(len(grave), sum(map(bool, grave)), len(harmless), sum(map(bool, harmless)))


def fingerprints() -> tuple[str, ...]:
    """The data and the weights."""
    return tuple(map(fingerprint, (DATA, MORE, UNSEEN, HERE / "weights.yaml", HERE / "runs.tsv")))


def tables(kept: Kept) -> str:
    """The figures as Markdown."""
    names = list(kept.columns)
    told = [f"| | target | {' | '.join(names)} |", f"|---|---|{'---|' * len(names)}"]
    told.append(f"| replies | | {' | '.join(str(kept.columns[name].n) for name in names)} |")
    for key, label in ROWS.items():
        cells = [_cell(kept.columns[name].figures[key]) for name in names]
        told.append(f"| {label} | {TARGETS.get(key, '')} | {' | '.join(cells)} |")
    for label, target, tell in (
        ("harm 2 found as harm, at marked moments", "≥ .95", lambda at: (at.found, at.grave)),
        ("harmless replies accused there", "≤ .10", lambda at: (at.accused, at.harmless)),
    ):
        shares = [tell(kept.at_stake[name]) for name in names]
        told.append(f"| {label} | {target} | {' | '.join(f'{_short(n / of)} ({n} of {of})' for n, of in shares)} |")
    headline = kept.columns[names[0]]
    told += ["", "| beside it, on the same replies | length | empathy words | bag of words |", "|---|---|---|---|"]
    for key, label in ROWS.items():
        beside = [headline.baselines[kind].get(key) for kind in ("length", "empathy_words", "bag_of_words")]
        if any(value is not None for value in beside):
            told.append(f"| {label} | {' | '.join('' if v is None else _short(v) for v in beside)} |")
    told += ["", "| left out | replies | Spearman | kappa | pairs | harm 2 as harm | harmless accused |"]
    told.append("|---|---|---|---|---|---|---|")
    for name, group in headline.by.items():
        keys = ("overall.spearman", "overall.qwk", "overall.pairs", "harm.grave_as_any", "harm.none_as_any")
        told.append(f"| writer {name} | {group.n} | {' | '.join(_short(group.figures[k].value) for k in keys)} |")
    styles = {tag: figure for tag, figure in headline.bias.items() if tag in STYLES}
    told += ["", "| style | replies | `overall` given less labelled |", "|---|---|---|"]
    told += [f"| {tag} | {figure.n} | {_cell(figure)} |" for tag, figure in styles.items()]
    return "\n".join(told)


STYLES = frozenset(
    "non_native typos short very_short no_caps slang regional casual formal long_poor long_good no_stock_good".split()
)
"""Tags of how a reply is said; those of very good or very poor replies lean to the middle with any scorer."""


def _cell(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return _short(figure.value)
    return f"{_short(figure.value)} ({_short(figure.low)}–{_short(figure.high)})"


def _short(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.2f}"


def written_into(text: str, kept: Kept) -> str:
    """`text`, a Markdown page, with the tables between their marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables(kept)}\n\n{END}{after}"


def main() -> None:
    """Measure, and write the figures and the tables."""
    kept = measured()
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    DOCS.write_text(written_into(DOCS.read_text(encoding="utf-8"), kept), encoding="utf-8")
    print(tables(kept))


if __name__ == "__main__":
    main()
