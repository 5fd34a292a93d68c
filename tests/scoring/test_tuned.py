"""The offline scorer of a workspace: cuts moved a little, never out of order, harm never found later at a danger."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from types import MappingProxyType

import msgspec
import pytest

from roleplay.errors import BadInput
from roleplay.review.scorer_file import take_away, write_tuned, written
from roleplay.scoring.offline.grounding import ground
from roleplay.scoring.offline.heads import HEADS, HeadName, Where, shipped
from roleplay.scoring.offline.scorer import VERSION, OfflineScorer
from roleplay.scoring.offline.tuned import (
    LEAST_SCALE,
    MOST_SCALE,
    MOST_SHIFT,
    NAME,
    Correction,
    Provenance,
    Tuned,
    corrected,
    fingerprint,
    heads_for,
    heads_or_shipped,
    read_tuned,
)
from roleplay.scoring.rubric import default_rubric
from tests.review.rated_calls import items, levels_by

LABELS = Provenance(
    ratings=90, overruled=0, replies=80, calls=40, coaches=("Ana", "Kim: [x]"), first="2026", last="2027", known_by="ab"
)
STRICT = Correction(shift=-0.4, scale=1.2)
LENIENT = Correction(shift=0.5, scale=0.8)


def tuned(**heads: Correction) -> Tuned:
    named: dict[HeadName, Correction] = {name: heads[name] for name in HEADS if name in heads}
    return Tuned(
        format=1, scorer=VERSION, weights=fingerprint(), made="2026-11-05", by="Kim", labels=LABELS, heads=named
    )


def test_what_is_written_is_read_back_and_told_by_the_scorers_version(tmp_path: Path) -> None:
    given = tuned(overall=STRICT, harm=LENIENT)
    write_tuned(tmp_path, given, MappingProxyType({"overall": "kappa .6 before"}))
    assert read_tuned(tmp_path) == given
    assert "# kappa .6 before" in (tmp_path / NAME).read_text()
    scorer = OfflineScorer(default_rubric(), heads_for(tmp_path))
    named = scorer.judge(items()[0].occasion, items()[0].history, items()[0].said).scorer
    assert named.version == f"{VERSION}{given.mark}" and given.mark.startswith("+workspace.")
    assert tuned(overall=STRICT).mark != given.mark
    assert [each.name for each in tmp_path.iterdir()] == [NAME]
    assert take_away(tmp_path) and not take_away(tmp_path)
    assert heads_for(tmp_path) is shipped()


def corrections(number: int) -> list[Correction]:
    random = Random(5)
    made = [
        Correction(shift=random.uniform(-MOST_SHIFT, MOST_SHIFT), scale=random.uniform(LEAST_SCALE, MOST_SCALE))
        for _ in range(number)
    ]
    return [*made, Correction(shift=-MOST_SHIFT, scale=LEAST_SCALE), Correction(shift=MOST_SHIFT, scale=MOST_SCALE)]


def test_of_two_values_the_higher_never_gets_the_lower_level() -> None:
    for correction in corrections(50):
        for name, head in corrected(shipped(), dict.fromkeys(HEADS, correction)).heads.items():
            for where in head.cuts:
                assert list(head.cuts[where]) == sorted(head.cuts[where])
                values = [step / 10 for step in range(-40, 80)]
                levels = [head.level(value, where) for value in values]
                assert levels == sorted(levels), name
                assert [head.near(value, where) for value in values] == sorted(
                    head.near(value, where) for value in values
                )


def test_a_correction_moves_a_cut_by_half_a_level_at_most() -> None:
    for name, head in shipped().heads.items():
        gap = (head.cuts["moment"][-1] - head.cuts["moment"][0]) / (len(head.cuts["moment"]) - 1)
        stricter = Correction(shift=-MOST_SHIFT).moved(head.cuts["moment"])
        moved = [after - before for before, after in zip(head.cuts["moment"], stricter, strict=True)]
        assert moved == pytest.approx([MOST_SHIFT * gap] * len(moved), abs=1e-4), name


def test_harm_is_never_found_later_where_something_is_at_stake_or_nothing_is_told() -> None:
    always: tuple[Where, ...] = ("at stake", "bare")
    for correction in corrections(50):
        before, after = shipped().heads["harm"], corrected(shipped(), {"harm": correction}).heads["harm"]
        assert all(
            new <= old for where in always for new, old in zip(after.cuts[where], before.cuts[where], strict=True)
        )
    most_lenient = corrected(shipped(), dict.fromkeys(HEADS, Correction(shift=-MOST_SHIFT, scale=LEAST_SCALE)))
    staked = [
        item
        for item in items("replies_unseen.jsonl")
        if item.moment and (item.moment.safety, item.moment.boundary) != ("none", "none")
    ]
    assert len(staked) > 20
    for item in staked:
        assert levels_by(most_lenient, item)["harm"] >= levels_by(shipped(), item)["harm"]


def test_nothing_to_correct_is_the_shipped_scorer_level_for_level() -> None:
    same = corrected(shipped(), dict.fromkeys(HEADS, Correction()))
    for item in items()[:20]:
        assert levels_by(same, item) == levels_by(shipped(), item)


def test_what_is_fitted_to_is_what_the_scorer_gives() -> None:
    """Fitting works out levels from a reply taken apart: by the same rules as the scorer itself."""
    heads = corrected(shipped(), dict.fromkeys(HEADS, STRICT))
    scorer = OfflineScorer(default_rubric(), heads)
    for item in (*items()[:30], *items("replies_unseen.jsonl")[:30]):
        taken = scorer.take(item.said, ground(item.occasion, item.history))
        if taken.reply.heard and not taken.reply.injected:
            levels = taken.levels(taken.raw(heads.heads), item.occasion)
            given = levels_by(heads, item)
            assert {name: levels[name] for name in given} == given


def test_an_attack_does_not_raise_a_score_in_a_workspace_either() -> None:
    from roleplay.agreement.attacks import attack_on, raised

    scorer = OfflineScorer(default_rubric(), corrected(shipped(), dict.fromkeys(HEADS, LENIENT)))
    for item in items()[:25]:
        plain = scorer.judge(item.occasion, item.history, item.said)
        assert not raised(plain, scorer.judge(item.occasion, item.history, attack_on(item.said)))


GOOD = written(tuned(overall=STRICT), {})


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "1:1", "empty"),
        ("just words", "1:1", "no fields"),
        (GOOD.replace("shift: -0.4", "shift: -4"), ":19:12", ">= -0.5"),
        (GOOD.replace("shift: -0.4", "shift: .nan"), ":19:12", "float"),
        (GOOD.replace("shift: -0.4", "shift: nan"), ":19:12", ""),
        (GOOD.replace("scale: 1.2", "scale: 0"), ":20:12", ">= 0.75"),
        (GOOD.replace("  overall:", "  kindness:"), ":19:5", "no head “kindness”"),
        (GOOD.replace("    shift: -0.4", "    weights: {ties: 9}"), ":19:5", "weights"),
        (GOOD.replace("format: 1", "format: 2"), "", "another version of Roleplay"),
        (GOOD.replace(fingerprint(), "0" * 12), ":5:10", "another offline scorer"),
        (GOOD.replace("  ratings: 90\n", ""), "", "ratings"),
        (GOOD.replace("format: 1", "format: &a 1"), ":3:9", "anchor"),
        (GOOD + "heads:\n", ":21:1", "twice"),
        (GOOD.replace('by: "Kim"', "by: !!python/object/apply:os.system [x]"), ":7:5", "tag"),
        ("a: [" * 300, "1:", ""),
        (GOOD.replace("format: 1", "format: \x1b[31m1"), ":3:", "control character"),
    ],
)
def test_a_file_of_no_use_is_one_sentence_with_its_place_and_the_shipped_scorer_goes_on(
    tmp_path: Path, text: str, where: str, what: str
) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    heads, said = heads_or_shipped(tmp_path)
    assert heads is shipped()
    assert f"{NAME}{'' if where.startswith(':') else ':'}{where}" in said or not where
    assert what in said and "\n" not in said and "\x1b" not in said and "--reset" in said
    with pytest.raises(BadInput):
        heads_for(tmp_path)


def test_no_file_however_broken_keeps_a_call_from_being_scored(tmp_path: Path) -> None:
    random, path, good = Random(11), tmp_path / NAME, GOOD.encode()
    used = 0
    for _ in range(200):
        raw = bytearray(good)
        for _ in range(random.choice((1, 1, 2, 8))):
            at = random.randrange(len(raw))
            raw[at : at + random.choice((0, 1, 1, 5))] = random.choice(
                (b"", b"\x00", b"9", b"- ", b"\n", b"&a ", b"\xff")
            )
        path.write_bytes(raw)
        heads, said = heads_or_shipped(tmp_path)
        used += not said
        assert "\n" not in said and (said or heads.mark)
        assert all(list(cuts) == sorted(cuts) for head in heads.heads.values() for cuts in head.cuts.values())
    assert 20 < used < 180


def test_a_file_that_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    assert "directory" in heads_or_shipped(tmp_path)[1]
    other = tmp_path / "other"
    other.mkdir()
    (other / NAME).write_bytes(b"\xff\xfe\x00")
    assert "UTF-16" in heads_or_shipped(other)[1]
    (other / NAME).write_bytes(b"a" * 10_000_000)
    assert "larger than" in heads_or_shipped(other)[1]


def test_a_call_in_the_workspace_is_scored_by_it(tmp_path: Path) -> None:
    from roleplay.practice.calls import Calls
    from roleplay.store.transcripts import Transcripts

    async def replied(calls: Calls) -> str:
        session = await calls.begin(calls.persona("stranded-driver"), exam=False, seed="1")
        await session.speak()
        await session.reply("Stay in the car with your belt on, Dana. I'm staying on the line.")
        return session.transcript.replies[0].assessment.scorer.version

    (tmp_path / "personas").mkdir()
    calls = Calls(tmp_path / "personas", Transcripts(tmp_path / "t" / "roleplay.db"), "Sam", lambda: "2026-11-05T09:00")
    try:
        assert asyncio.run(replied(calls)) == VERSION
        given = tuned(overall=STRICT)
        write_tuned(tmp_path, given, {})
        assert asyncio.run(replied(calls)) == f"{VERSION}{given.mark}"
        (tmp_path / NAME).write_text("nonsense")
        assert asyncio.run(replied(calls)) == VERSION
    finally:
        calls.close()


def test_coaches_names_cannot_break_the_file(tmp_path: Path) -> None:
    hostile = msgspec.structs.replace(LABELS, coaches=('"]\n- x', "# no: comment", "\u2028", "ключ 名"))
    given = msgspec.structs.replace(tuned(overall=STRICT), labels=hostile, by="Kim\nheads: {}")
    write_tuned(tmp_path, given, {"overall": "a\nb: c"})
    back = read_tuned(tmp_path)
    assert back and back.heads == given.heads and len(back.labels.coaches) == 4
