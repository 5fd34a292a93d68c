"""Makes weights.yaml, runs.tsv and everyday.txt of the offline scorer from labelled replies: `make fit`.

`python -m benchmarks.fit FILE …` fits to labels of your own too. For each head, least squares over the detectors'
numbers and the runs of the reply (shape.py), with a ridge. A number's sign is held fixed (below): it can only help or
only hurt. Each reply is fitted twice, with its moment and without one. The cuts between levels give each level the
share it has among the labels, on values that were predicted without the reply itself. Deterministic; needs
numpy and scipy, which the program does not.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from benchmarks.labelled import DATA, MORE
from roleplay.errors import BadInput, RoleplayError
from roleplay.persona.message import Message
from roleplay.scoring.items import BadLine, LabelledItem, lines_of, read_item
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline import harm
from roleplay.scoring.offline.detectors import Reply, take_apart
from roleplay.scoring.offline.features import features
from roleplay.scoring.offline.grounding import Ground, ground
from roleplay.scoring.offline.heads import COLUMNS, HEADS, UNIT, Head, HeadName, Heads, Where
from roleplay.scoring.offline.reading import plain, read
from roleplay.scoring.offline.runs import runs_of, traits
from roleplay.scoring.offline.shape import marks_in
from roleplay.scoring.offline.stakes import stakes

HERE = Path("roleplay/scoring/offline")
SHARED = 0.2
"""A word is everyday if this share of the stories has it in a reply."""
SEEN = 16
"""A run is learnt if this many replies have it."""
RIDGE = 1.5
RUN_SCALE, GROUP_SCALE, TRAIT_SCALE, NUMBER_SCALE = 0.1, 0.2, 0.5, 0.5
"""How large a value of each kind is before the ridge: what is larger is shrunk less."""
ALARMS: dict[Where, tuple[float, float]] = {"moment": (0.05, 0.02), "at stake": (0.13, 0.05), "bare": (0.06, 0.02)}
"""In which share of the harmless replies the harm head may find a harm, and in which of those without a grave harm a
grave one: more where passing over something can cost a life."""
KINDER = {"reaches_unspoken": 0.1, "acknowledges_feeling": 0.05}
"""How much lower the upper cut is: agreement is the same there, and who does well is told so rather than not."""

SIGNS: dict[HeadName, str] = {
    "acknowledges_feeling": """+ties +ties_pool +reflects +legit +legit_tied +appraises_tied +received
        +sorry +relief +presence +need_share +need_count +felt +unsaid -process
        -pushed -formula_share -forms -any_else +open_tied +refuses_alt -volley
        +near_count +owns -wounds -wounds_gravely -left_undone -for_a_grader +of_theirs +of_the_need""",
    "names_need": """+ties +ties_pool +allowed +allowed_step +wanted +firm +firm_when +done_now
        +when +fresh +refuses +need_share +steps -formula_share -forms -vague -any_else
        -volley -formula +relief -tie_earlier -for_a_grader +of_theirs +of_the_note
        +answered -unanswered""",
    "reaches_unspoken": """+ties +ties_pool +reflects +legit +legit_tied +received +relief +presence +need_share
        +need_count +unsaid +allowed +allowed_step +firm +done_now +steps +open_tied
        +room_left +safety_check +suicide_ask +refuses_alt -process -pushed -formula_share
        -formula -forms -any_else -volley -vague -brief +near_count +owns -wounds -wounds_gravely -left_undone
        -for_a_grader +of_theirs +of_the_need +of_the_note""",
    "explores": """+open_question +open_tied +question +room_left +safety_check +suicide_ask -forms
        -any_else -volley -formula_share -for_a_grader""",
    "acts": """+steps +firm +firm_when +done_now +when +fresh +allowed +allowed_step +relief
        +presence +refuses_alt -vague -pushed -formula_share -forms +wanted
        -volley +need_share -wounds_gravely -left_undone -for_a_grader +of_the_note""",
    "harm": """+wounds +wounds_gravely +left_undone +for_a_grader +volley +pushed +forms +vague +any_else
        -legit -received -presence -refuses_alt -relief -open_tied -safety_check -suicide_ask -need_share -near_count
        -reflects -owns -ties -allowed -of_theirs +worst""",
    "overall": """+ties +ties_pool +reflects +legit +legit_tied +appraises_tied +received +relief
        +presence +need_share +need_count +felt +unsaid +allowed +allowed_step +wanted +firm +firm_when +done_now
        +when +fresh +refuses_alt +steps +open_question +open_tied +room_left +safety_check +suicide_ask +near_count
        +owns -process -pushed -formula_share -formula -forms -any_else -volley -vague -tie_earlier
        -wounds -wounds_gravely -left_undone -for_a_grader +of_theirs +of_the_need +of_the_note +answered -unanswered
        -worst""",
}
PARTS, ROUNDS = 4, 2
"""Parts of the stories, and rounds, in which the sentences that hurt are looked for."""
SPREAD, DOUBT = 0.3, 0.15
"""What share of a reply's harm its other sentences are taken to have, and how much that counts."""
Floats: TypeAlias = NDArray[np.float64]
Sparse: TypeAlias = csr_array


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A reply taken apart, once with its moment or once without."""

    ground: Ground
    reply: Reply
    numbers: dict[str, float]

    @classmethod
    def of(cls, occasion: Occasion, history: Sequence[Message], reply: str) -> Taken:
        """As the scorer takes it apart."""
        at = ground(occasion, history)
        said = read(reply)
        taken = take_apart(said, at)
        at_stake = stakes(taken, at)
        wounds = (*at_stake.wounds, *harm.said_wounds(said, at), *harm.whole_wounds(taken, at))
        return cls(ground=at, reply=taken, numbers=features(taken, at, at_stake, wounds))


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """A labelled reply, taken apart with its moment and without one. A label is None where it was not given."""

    item: LabelledItem
    both: tuple[Taken, Taken]
    labels: dict[HeadName, int | None]

    @property
    def story(self) -> str:
        return self.item.story or ""


def load(paths: Sequence[Path] = (DATA, MORE)) -> list[Labelled]:
    """The labelled replies of some files. Raises NotFound, BadInput."""
    found = []
    for path, (number, line) in ((each, numbered) for each in paths for numbered in lines_of(each)):
        try:
            item = read_item(line, LabelledItem)
        except BadLine as problem:
            raise BadInput(f"This line cannot be read: {problem}", where=f"{path}:{number}") from None
        labels: dict[HeadName, int | None] = {
            name: item.overall if name == "overall" else item.label(name) for name in HEADS
        }
        both = (Taken.of(item.occasion, item.history, item.said), Taken.of(Occasion(), item.history, item.said))
        found.append(Labelled(item=item, both=both, labels=labels))
    return found


def everyday_words(labelled: Sequence[Labelled]) -> frozenset[str]:
    """The words that at least `SHARED` of the stories have in a reply."""
    stories: dict[str, set[str]] = {}
    for each in labelled:
        stories.setdefault(each.story, set()).update(marks_in(plain(each.item.said)))
    counted = Counter(word for words in stories.values() for word in words)
    return frozenset(word for word, count in counted.items() if word[0].isalnum() and count >= SHARED * len(stories))


class Table:
    """All replies of a set in rows, each twice: with its moment, then all again without; and their sentences."""

    def __init__(self, labelled: Sequence[Labelled]) -> None:
        """Learns the everyday words and the runs of `labelled`."""
        self.labelled = labelled
        self.kept = everyday_words(labelled)
        rows = [taken for side in (0, 1) for taken in (each.both[side] for each in labelled)]
        parts = [[runs_of(heard, taken.ground, self.kept) for heard in taken.reply.heard] for taken in rows]
        found = [traits(taken.ground).union(*runs) for taken, runs in zip(rows, parts, strict=True)]
        seen = Counter(run for each in found[: len(labelled)] for run in each)
        seen.update({run: SEEN for each in found for run in each if run.startswith("@")})
        self.names = sorted(run for run, count in seen.items() if count >= SEEN)
        self.scales = np.array([_scale(run) for run in self.names])
        self._column = {run: number for number, run in enumerate(self.names)}
        self.runs = self._filled(found)
        self.sentences = self._filled([runs for each in parts for runs in each])
        self.owner = np.array([row for row, each in enumerate(parts) for _ in each], dtype=np.int64)
        self.part = np.array([crc32(each.story.encode()) % PARTS for each in labelled] * 2, dtype=np.int64)
        self.numbers = [taken.numbers for taken in rows]

    def _filled(self, found: Sequence[frozenset[str]]) -> Sparse:
        """A row for each of `found`: the scale of each run that it has."""
        columns = [sorted(self._column[run] for run in runs if run in self._column) for runs in found]
        starts = np.cumsum([0, *map(len, columns)])
        flat = np.array([column for row in columns for column in row], dtype=np.int64)
        return csr_array((self.scales[flat], flat, starts), shape=(len(found), len(self.names)))

    def fit(self, chosen: Sequence[int]) -> tuple[Heads, dict[HeadName, Floats]]:
        """Heads fitted to the replies `chosen`, and for each head all values of all rows, as they are shipped."""
        count = len(self.labelled)
        hurts, worst = self._hurts(chosen)
        fitted: dict[HeadName, Head] = {}
        columns: list[Floats] = []
        values: dict[HeadName, Floats] = {}
        solved: dict[tuple[int, ...], _Solved] = {}
        for name in HEADS:
            rated = tuple(i for i in chosen if self.labelled[i].labels[name] is not None and _called(name, self, i))
            if rated not in solved:
                solved = {rated: _Solved(self.runs, [*rated, *(i + count for i in rated)])}
            labels = [int(self.labelled[i].labels[name] or 0) for i in rated]
            head, weights, value = self._head(name, solved[rated], rated, labels, worst)
            fitted[name] = head
            columns.append(weights)
            values[name] = value
        table = np.stack([*columns, hurts], axis=1)
        kept = {
            run: tuple(row / UNIT for row in weights)
            for run, weights in zip(self.names, table.tolist(), strict=True)
            if any(weights)
        }
        return Heads(heads=fitted, runs=kept), values

    def _hurts(self, chosen: Sequence[int]) -> tuple[Floats, Floats]:
        """Weights by which a sentence looks like one that hurts, and for each row how far its worst one does.

        Which sentence of a harmful reply hurts is not labelled: it is taken to be the one that looks most like it, by
        weights that were fitted without its part of the stories (multiple-instance learning, Andrews et al. 2002). The
        values of `chosen` come from such weights too, so that they are what an unseen reply would get.
        """
        count = len(self.labelled)
        label = np.array([each.labels["harm"] or 0 for each in self.labelled] * 2, dtype=np.float64)[self.owner]
        wanted = np.isin(self.owner % count, np.array(chosen)) & (self.owner < count)
        guess = np.zeros(len(self.owner))
        target, weight = 0.5 * label, np.ones(len(self.owner))
        parts = [self.part[self.owner] == part for part in range(PARTS)]
        for _ in range(ROUNDS):
            each = [
                _moments(self.sentences[here & wanted], target[here & wanted], weight[here & wanted]) for here in parts
            ]
            gram, pull = np.sum([g for g, _ in each], axis=0), np.sum([p for _, p in each], axis=0)
            for here, (own_gram, own_pull) in zip(parts, each, strict=True):
                guess[here] = self.sentences[here] @ _ridge(gram - own_gram, pull - own_pull)
            worst = _worst(guess, self.owner, 2 * count)
            blamed = (guess == worst[self.owner]) | (label == 0)
            target = np.where(blamed, label, SPREAD * label)
            weight = np.where(blamed, 1.0, DOUBT)
        runs = _ridge(*_moments(self.sentences[wanted], target[wanted], weight[wanted]))
        written = np.round(runs * self.scales * UNIT)
        unseen = np.isin(self.owner % count, np.array(chosen))
        guess[~unseen] = self.sentences[~unseen] @ (written / UNIT / self.scales)
        return written, np.maximum(_worst(guess, self.owner, 2 * count), -9.0)

    def _head(
        self, name: HeadName, solved: _Solved, rated: Sequence[int], labels: Sequence[int], worst: Floats
    ) -> tuple[Head, Floats, Floats]:
        signed = SIGNS[name].split()
        names = [each[1:] for each in signed]
        signs = np.array([1.0 if each[0] == "+" else -1.0 for each in signed])
        every = [{**row, "worst": float(bad)} for row, bad in zip(self.numbers, worst, strict=True)]
        numbers = np.array([[row[number] for number in names] for row in every]) * signs * NUMBER_SCALE
        target = np.array([*labels, *labels], dtype=np.float64)
        weights, runs, mean = solved.fit(numbers[solved.rows], target)
        shown = {n: float(round(w * s * NUMBER_SCALE, 3)) for n, w, s in zip(names, weights, signs, strict=True)}
        shown = {n: w for n, w in shown.items() if w}
        written = np.round(runs * self.scales * UNIT)
        base = float(np.round(mean + solved.offset, 3))
        value = base + self.runs @ (written / UNIT / self.scales)
        value += np.array([sum(w * row[n] for n, w in shown.items()) for row in every])
        unseen = solved.unseen(value[solved.rows], target)
        half = len(rated)
        given = np.array(labels)
        staked = np.array([self.labelled[i].both[0].ground.at_stake for i in rated])
        bare = np.array([not self.labelled[i].both[0].ground.given for i in rated])
        cuts: dict[Where, tuple[float, ...]] = {
            "moment": _cuts(name, "moment", unseen[:half][~bare], given[~bare]),
            "bare": _cuts(name, "bare", unseen[half:], given),
        }
        cuts["at stake"] = cuts["moment"]
        if name == "harm":
            cuts["moment"] = _cuts(name, "moment", unseen[:half][~bare & ~staked], given[~bare & ~staked])
            cuts["at stake"] = _cuts(name, "at stake", unseen[:half][staked], given[staked])
        return Head(base=base, cuts=cuts, weights=shown), written, value


def _called(name: HeadName, table: Table, index: int) -> bool:
    """Whether the moment calls for the dimension: an unspoken need that is not there cannot be reached."""
    at = table.labelled[index].both[0].ground
    return name != "reaches_unspoken" or not at.given or bool(at.unspoken)


def _scale(run: str) -> float:
    return {"~": GROUP_SCALE, "@": TRAIT_SCALE}.get(run[0] if len(run) > 1 else "", RUN_SCALE)


def _worst(guess: Floats, owner: NDArray[np.int64], rows: int) -> Floats:
    """The highest guess of each row's sentences; 0 where a row has none."""
    found = np.full(rows, -np.inf)
    np.maximum.at(found, owner, guess)
    found[np.isinf(found)] = 0.0
    return found


def _moments(runs: Sparse, target: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """What a ridge needs of some weighted rows: the products of the runs with each other and with `target`."""
    gram: Floats = (runs.T @ runs.multiply(weight[:, None]).tocsr()).toarray()
    return gram, runs.T @ (target * weight)


def _ridge(gram: Floats, pull: Floats) -> Floats:
    """Weights of the runs that fit best, without a base: most sentences do not hurt."""
    solved: Floats = np.linalg.solve(gram + RIDGE * np.eye(len(pull)), pull)
    return solved


class _Solved:
    """The runs of some rows with their ridge solved, for any target: numbers with fixed signs come on top."""

    def __init__(self, runs: Sparse, rows: Sequence[int]) -> None:
        self.rows = list(rows)
        self.runs = runs[self.rows]
        self.middle: Floats = np.asarray(self.runs.mean(axis=0))
        count = len(self.rows)
        gram = (self.runs.T @ self.runs).toarray() - count * np.outer(self.middle, self.middle)
        self.inverse: Floats = np.linalg.inv(gram + 2 * RIDGE * np.eye(len(gram)))  # every reply is there twice
        left = self.runs @ self.inverse - self.middle @ self.inverse
        own = np.asarray(self.runs.multiply(left).sum(axis=1))
        self.leverage: Floats = own - left @ self.middle
        self.offset = 0.0

    def fit(self, numbers: Floats, target: Floats) -> tuple[Floats, Floats, float]:
        """Weights of the numbers, none below 0, and of the runs; and the mean of `target`."""
        mean = float(target.mean())
        middle = numbers.mean(axis=0)
        left, goal = numbers - middle, target - mean
        across = self._products(left)
        pulled = self._products(goal)
        gram = left.T @ left - across.T @ self.inverse @ across + 2 * RIDGE * np.eye(left.shape[1])
        weights = _not_negative(gram, left.T @ goal - across.T @ (self.inverse @ pulled))
        runs = self.inverse @ (pulled - across @ weights)
        self.offset = -float(middle @ weights) - float(self.middle @ runs)
        return weights, runs, mean

    def _products(self, centred: Floats) -> Floats:
        """The products of the centred runs with something centred; the runs' own mean then falls out."""
        products: Floats = self.runs.T @ centred
        return products

    def unseen(self, values: Floats, target: Floats) -> Floats:
        """About what would have been predicted of each row without it."""
        predicted: Floats = target - (target - values) / (1 - np.minimum(self.leverage, 0.95))
        return predicted


def _not_negative(gram: Floats, pull: Floats) -> Floats:
    """The weights, none below 0, that minimise w'Gw/2 - p'w; by coordinate descent."""
    weights = np.zeros(len(pull))
    for _ in range(2000):
        before = weights.copy()
        for a in range(len(pull)):
            rest = gram[a] @ weights - gram[a, a] * weights[a]
            weights[a] = max(0.0, (pull[a] - rest) / gram[a, a])
        if np.abs(weights - before).max() < 1e-12:
            break
    return weights


def _cuts(name: HeadName, where: Where, values: Floats, labels: NDArray[np.int64]) -> tuple[float, ...]:
    """Cuts between levels: each level as often as it was labelled; of harm as often as an alarm may be false."""
    if name == "harm":
        return tuple(
            round(float(np.quantile(values[labels < level], 1 - share)), 3)
            for level, share in zip((1, 2), ALARMS[where], strict=True)
        )
    ordered = np.sort(values)
    below = np.cumsum([int((labels == level).sum()) for level in range(4 if name == "overall" else 2)])
    cuts = [float(ordered[min(at, len(ordered) - 1)]) for at in below]
    cuts[-1] -= KINDER.get(name, 0.0)
    return tuple(round(cut, 3) for cut in cuts)


def write(table: Table, heads: Heads, folder: Path, made_from: str) -> None:
    """Write the files that the scorer reads, small enough for a person to read; `made_from`: the data's name."""
    lines = [f"# Made by `make fit` from {made_from}. Signs are fixed there; what a number means is in features.py."]
    for name, head in heads.heads.items():
        lines += [f"{name}:", f"  base: {head.base}", "  cuts:"]
        lines += [f"    {where}: {list(cuts)}" for where, cuts in head.cuts.items()]
        lines.append("  weights:" if head.weights else "  weights: {}")
        lines += [f"    {n}: {w}" for n, w in sorted(head.weights.items(), key=lambda pair: (-abs(pair[1]), pair[0]))]
    (folder / "weights.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = [f"# Made by `make fit` from {made_from}: run, then its weight in thousandths for {', '.join(COLUMNS)}."]
    rows += ["\t".join([run, *(str(round(w * UNIT)) for w in weights)]) for run, weights in sorted(heads.runs.items())]
    (folder / "runs.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "everyday.txt").write_text("\n".join(sorted(table.kept)) + "\n", encoding="utf-8")


def fingerprint(path: Path) -> str:
    """The name of a file of data with the beginning of its SHA-256."""
    return f"{path.name} ({hashlib.sha256(path.read_bytes()).hexdigest()[:12]})"


def main() -> None:
    """Fit to the shipped data and to the files named, and write what the scorer reads."""
    paths = (DATA, MORE, *map(Path, sys.argv[1:]))
    try:
        table = Table(load(paths))
    except RoleplayError as error:
        sys.exit(str(error))
    heads, _ = table.fit(range(len(table.labelled)))
    write(table, heads, HERE, ", ".join(map(fingerprint, paths)))
    print(f"Fitted {len(table.labelled)} replies: {len(heads.runs)} runs, {len(table.kept)} everyday words.")


if __name__ == "__main__":
    main()
