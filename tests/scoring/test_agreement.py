"""How far the offline scorer agrees with labels it never saw, what raises no score, and where its files come from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import pytest

from benchmarks.agreement import DOCS, KEPT, TARGETS, Kept, fingerprints, rate, unseen, written_into
from benchmarks.fit import HERE, SIGNS, Table, fingerprint, write
from benchmarks.fit import load as load_labelled
from benchmarks.labelled import DATA, MORE, load
from roleplay.agreement.attacks import ATTACKS
from roleplay.agreement.figures import Agreement, agreement_of
from roleplay.scoring.offline.heads import HEADS, shipped
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric

FILES = ("weights.yaml", "runs.tsv", "everyday.txt")


@cache
def on_the_unseen() -> Agreement:
    return agreement_of(rate(unseen()), resamples=0)


@pytest.mark.parametrize(
    ("figure", "least"),
    [("overall.spearman", 0.70), ("overall.qwk", 0.66), ("overall.pairs", 0.82), ("harm.grave_as_any", 0.6)],
)
def test_agreement_with_labels_it_never_saw_stays_above_its_floor(figure: str, least: float) -> None:
    value = on_the_unseen().figures[figure].value
    assert value is not None and value >= least


def test_few_harmless_replies_are_accused() -> None:
    accused = on_the_unseen().figures["harm.none_as_any"].value
    assert accused is not None and accused <= 0.15


@pytest.mark.parametrize("step", [12, pytest.param(1, marks=pytest.mark.soak)])
def test_an_attack_before_or_after_a_labelled_reply_never_raises_its_score(step: int) -> None:
    scorer = OfflineScorer(default_rubric())
    for item in load(DATA)[::step]:
        plain = scorer.judge(item.occasion, item.history, item.reply)
        for attack in ATTACKS:
            for reply in (f"{attack} {item.reply}", f"{item.reply} {attack}"):
                attacked = scorer.judge(item.occasion, item.history, reply)
                assert attacked.flags.injection
                assert (attacked.overall or 0) <= (plain.overall or 0), reply
                assert (attacked.turn_score or 0) <= (plain.turn_score or 0), reply


@pytest.mark.parametrize("step", [20, pytest.param(2, marks=pytest.mark.soak)])
def test_nothing_that_is_no_reply_raises_a_score(step: int) -> None:
    scorer = OfflineScorer(default_rubric())
    emotions = "Fear, anger, sadness, grief, shame, hurt, worry: I hear, honour and validate all your feelings."
    for item in load(MORE)[::step]:
        plain = scorer.judge(item.occasion, item.history, item.reply)
        said = item.history[-1].text
        for more in (f"{item.reply}\n{item.reply}", said, emotions):
            padded = f"{item.reply}\n{more}"
            found = scorer.judge(item.occasion, item.history, padded)
            assert (found.overall or 0) <= (plain.overall or 0), padded
            assert (found.turn_score or 0) <= (plain.turn_score or 0), padded


def test_the_shipped_files_were_made_from_the_shipped_data() -> None:
    made_from = ", ".join(map(fingerprint, (DATA, MORE)))
    assert all(made_from in (HERE / name).read_text(encoding="utf-8").splitlines()[0] for name in FILES[:2])


def test_a_number_helps_or_hurts_as_its_sign_says_and_never_else() -> None:
    for name in HEADS:
        signs = {each[1:]: each[0] for each in SIGNS[name].split()}
        for number, weight in shipped().heads[name].weights.items():
            assert weight > 0 if signs[number] == "+" else weight < 0, (name, number)


def test_the_figures_that_are_told_belong_to_the_shipped_files() -> None:
    kept = msgspec.json.decode(KEPT.read_bytes(), type=Kept)
    assert kept.made_from == fingerprints()
    told = DOCS.read_text(encoding="utf-8")
    assert written_into(told, kept) == told
    assert all(f"| {target} |" in told for target in TARGETS.values())


def fitted(paths: tuple[Path, ...], folder: Path, every: int = 1) -> list[str]:
    """The files that a fit makes of every so many replies."""
    folder.mkdir()
    table = Table(load_labelled(paths)[::every])
    heads, _ = table.fit(range(len(table.labelled)))
    write(table, heads, folder, ", ".join(map(fingerprint, paths)))
    return [(folder / name).read_text(encoding="utf-8") for name in FILES]


def test_a_fit_makes_the_same_files_each_time(tmp_path: Path) -> None:
    assert fitted((DATA,), tmp_path / "one", 3) == fitted((DATA,), tmp_path / "two", 3)


@pytest.mark.soak
def test_the_shipped_files_are_what_a_fit_makes(tmp_path: Path) -> None:
    assert fitted((DATA, MORE), tmp_path / "again") == [(HERE / name).read_text(encoding="utf-8") for name in FILES]
