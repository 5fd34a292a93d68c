"""A queue: who is drawn, what they bring into the call, and what is wrong with one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleplay.persona.completion import complete
from roleplay.persona.condition import Situation, parse_condition
from roleplay.persona.queue import as_scenes, drawn
from roleplay.persona.renaming import renamed
from roleplay.persona.scenes import in_scene
from tests.persona.samples import persona, problems
from tests.persona.stories import QUEUE

PERSONA = complete(persona(QUEUE))


def test_so_many_are_drawn_by_the_seed_and_nobody_twice() -> None:
    assert [each.id for each in drawn(PERSONA, "7")] == [each.id for each in drawn(PERSONA, "7")]
    orders = {tuple(each.id for each in drawn(PERSONA, str(seed))) for seed in range(30)}
    assert orders == {("lottie", "tom"), ("tom", "lottie")}


def test_without_a_number_three_come_or_as_many_as_there_are() -> None:
    assert len(drawn(complete(persona(QUEUE.replace("draws: 2\n", ""))), "1")) == 2
    assert len(drawn(complete(persona(QUEUE.replace("draws: 2", "draws: 1"))), "1")) == 1


def test_each_has_a_scene_with_a_cast_of_their_own() -> None:
    story = as_scenes(PERSONA, PERSONA.queue)
    lottie, tom = story.scenes
    assert (lottie.id, lottie.title, lottie.narration) == (
        "lottie",
        "A woman with a wet coat",
        "She puts a folder on the counter.",
    )
    assert (lottie.cast[0].name, lottie.cast[0].temperament.patience) == ("Lottie Marsh", 2)
    assert tom.title == "Tom Reyes", "announced by name where no title is written"
    assert in_scene(story, "tom").customer.backstory == "It was a library book."


def test_ids_begin_with_the_customers_wherever_they_stand() -> None:
    story = as_scenes(PERSONA, PERSONA.queue)
    lottie, tom = story.scenes
    assert list(story.needs) == ["lottie-copy", "lottie-time", "tom-fine"]
    assert [moment.id for moment in (*lottie.moments, *tom.moments)] == [
        "lottie-opening",
        "lottie-late",
        "tom-opening",
        "tom-book",
    ]
    opening, late = lottie.moments
    assert (opening.spoken, opening.unspoken) == ("lottie-copy", "lottie-time")
    assert late.when == "not met(lottie-time) and (turn >= 1.0 or said(lottie-opening))"
    (house,) = story.disclosures
    assert (house.id, house.tells, house.scene) == ("lottie-house", "lottie-time", "lottie")
    assert [ending.id for ending in lottie.endings] == ["lottie-lighter", "lottie-walks-off"]
    assert lottie.endings[0].when == "met(lottie-copy) and met(lottie-time)"
    mood_line, _ = lottie.answers[0].lines
    assert not isinstance(mood_line, str) and mood_line.when == "disclosed(lottie-house)"


facts = st.builds("{}({})".format, st.sampled_from(["met", "disclosed", "said", "ended"]), st.sampled_from("abc"))
comparisons = st.builds(
    "{} {} {}".format,
    st.sampled_from(["trust", "turn"]),
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    st.sampled_from(["0", "4.5", "-1", "0.1", "1000000"]),
)
conditions = st.recursive(
    facts | comparisons,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: " and ".join(f"({part})" for part in parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: " or ".join(f"({part})" for part in parts)),
    ),
    max_leaves=8,
).filter(lambda source: len(source) <= 300)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(conditions, st.sets(st.sampled_from("abc")), st.sets(st.sampled_from("abc")), st.sampled_from([0, 4.5, 9]))
def test_a_renamed_condition_says_the_same_of_the_renamed(
    source: str, some: set[str], others: set[str], number: float
) -> None:
    def situation(ids: dict[str, str]) -> Situation:
        first, second = {ids[each] for each in some}, {ids[each] for each in others}
        return Situation({"trust": number, "turn": number}, met=first, disclosed=second, said=first, ended=second)

    other = renamed(source, lambda fact, ident: f"who-{ident}")
    plain = {each: each for each in "abc"}
    longer = {each: f"who-{each}" for each in "abc"}
    assert parse_condition(source).holds(situation(plain)) == parse_condition(other).holds(situation(longer))


def test_the_longest_condition_with_the_longest_ids_can_be_renamed() -> None:
    ident = "a" * 60
    source = " or ".join(f"met({ident})" for _ in range(4))
    assert parse_condition(renamed(source, lambda fact, name: f"{'b' * 60}-{name}")).size() == 4


def test_the_queue_loads_without_an_error_or_a_warning() -> None:
    assert [each for each in problems(QUEUE) if ": hint: " not in each] == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("draws: 2", "draws: 5", "warning: `draws` is 5, and there are only 2 in the queue."),
        ("draws: 2", "draws: 9", "“draws” is “9”. It must lie between 1 and 8."),
        ("name: Tom Reyes", "name: Lottie Marsh", "“Lottie Marsh” is the name of the customer in line 13 as well."),
        ("fits: [lottie-opening]", "fits: [opening]", "There is no moment or disclosure “opening”."),
        (
            "reactions:\n  met",
            "answers: [{asks: [a stamp], says: Yes.}]\nreactions:\n  met",
            "Beside a `queue` the “ans",
        ),
        ("reactions:\n  met", "visits: [{id: v, opening: Hi.}]\nreactions:\n  met", "Beside a `queue` the “visits”"),
        (
            "reactions:\n  met",
            "customer: {opening: Hi., backstory: b}\nreactions:\n  met",
            "“customer” of the persona nev",
        ),
        ("when: met(fine)", "when: met(copy)", "There is no need “copy”."),
        ("when: met(fine)", "when: ended(walks-off)", "`ended` speaks of earlier visits"),
        ("title: Everyone in line", "title: The sale", "“the sale” gives the disclosure “house” away"),
        ('met: ["Thank you for that."]', 'met: ["The sale, yes."]', "“the sale” gives the disclosure “house” away"),
        ("title: A woman with a wet coat", "title: The sale", "“the sale” gives the disclosure “house” away"),
        ("narration: She puts", "narration: The sale. She puts", "“the sale” gives the disclosure “house” away"),
        ('{met: ["That is kind."]}', '{met: ["The sale."]}', "“the sale” gives the disclosure “house” away"),
    ],
)
def test_what_is_wrong_with_a_queue_is_said(old: str, new: str, words: str) -> None:
    assert QUEUE.count(old) == 1
    assert any(words in each for each in problems(QUEUE.replace(old, new))), problems(QUEUE.replace(old, new))


def test_what_one_calls_by_a_word_is_no_secret_of_another() -> None:
    assert not [each for each in problems(QUEUE.replace("I did read it.", "I read of the sale.")) if "away" in each]


@pytest.mark.parametrize("missing", ["customer", "needs"])
def test_without_a_queue_there_must_be_a_customer_with_needs(missing: str) -> None:
    fields = {"customer": "{opening: Hi., backstory: b}", "needs": "{a: {kind: spoken, need: A stamp for a letter.}}"}
    text = "name: Pat\ntitle: A\ntrainee: {role: clerk}\n" + "".join(
        f"{name}: {value}\n" for name, value in fields.items() if name != missing
    )
    (found,) = [each for each in problems(text) if "is missing" in each]
    assert found.startswith("dana.yaml:1:1: ") and f"The field “{missing}” is missing." in found


def test_a_test_beside_a_queue_names_its_customer_and_may_use_that_ones_ids() -> None:
    test = "tests: [{{name: t, replies: [Hi], {}expect: {{disclosed: [house], ending: all-seen}}}}]\n"
    named = problems(QUEUE + test.format("customer: lottie, "))
    assert not [each for each in named if "hint" not in each]
    assert any("does not say which `customer`" in each for each in problems(QUEUE + test.format("")))
    assert any("customer of the queue “lotti”" in each for each in problems(QUEUE + test.format("customer: lotti, ")))


@pytest.mark.parametrize(
    ("ident", "written", "noun"),
    [("book", "{id: book,", "moment or disclosure"), ("fine", "fine: {", "need"), ("pays", "{id: pays,", "ending")],
)
def test_what_two_customers_bring_cannot_have_one_id_in_the_call(ident: str, written: str, noun: str) -> None:
    before, start, tom = QUEUE.partition("  - id: tom\n")
    longer = written.replace(ident, f"out-{ident}")
    first = tom.replace(written, longer).replace(f"spoken: {ident},", f"spoken: out-{ident},")
    first = first.replace(f"met({ident})", f"met(out-{ident})")
    text = f"{before}{start}{first}  - id: tom-out\n{tom.replace('Tom Reyes', 'Ada Bell')}"
    (found,) = [each for each in problems(text) if ": warning: " not in each and ": hint: " not in each]
    line = text[: text.index(longer)].count("\n") + 1
    assert f"“{ident}” of “tom-out” becomes “tom-out-{ident}”, as does the {noun} of “tom” in line {line}." in found
    assert found.startswith(f"dana.yaml:{text[: text.rindex(written)].count(chr(10)) + 1}:")


def test_a_customer_without_a_collision_may_share_the_beginning_of_an_id() -> None:
    before, start, tom = QUEUE.partition("  - id: tom\n")
    text = f"{before}{start}{tom}  - id: tom-out\n{tom.replace('Tom Reyes', 'Ada Bell')}"
    assert not [each for each in problems(text) if "becomes" in each]
