"""The phrase lists: general English, no memory of labelled replies, and every entry known by a sentence of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from benchmarks.invented import FRESH, HELD_OUT, OPEN, harms
from benchmarks.labelled import DATA, load
from roleplay.english import sentences, words
from roleplay.scoring.offline import phrases
from roleplay.scoring.offline.phrases import sections
from roleplay.scoring.offline.reading import plain

PERSONA = Path(__file__).parents[2] / "personas" / "stranded-driver.yaml"
LISTS = ("wounds.txt", "unsafe.txt", "acts.txt")
ALL_LISTS = (*LISTS, "boundary.txt", "aimed.txt", "moments.txt", "needs.txt")
FOLDER = Path(phrases.__file__).parent
LONGEST_SHARED_RUN = 6
"""Words in a row that an invented sentence may share with a labelled reply: stock phrases have up to six."""
KNOWN_TO_ALL = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday samaritans whatsapp instagram insta facebook snapchat
    telegram english god jesus gdpr train settings status guidelines mrs privacy""".split()
)
"""Words with a capital that belong to no story."""


@cache
def invented(path: Path) -> tuple[str, ...]:
    """Every invented sentence of a file, made plain."""
    kinds = yaml.safe_load(path.read_text(encoding="utf-8"))
    said = [text for families in kinds.values() for family in families.values() for text in family["said"]]
    return tuple(plain(sentence.text) for text in said for sentence in sentences(text))


@pytest.mark.parametrize("file", LISTS)
def test_every_phrase_is_found_in_an_invented_everyday_sentence(file: str) -> None:
    unknown = [
        f"[{name}] {phrase}"
        for name, section in sections(file).items()
        for phrase in section.alternatives
        if not any(re.search(phrase, said) for said in invented(OPEN))
    ]
    assert unknown == []


def names() -> set[str]:
    """Words that stories write only with a capital, in the middle of a sentence: names of people, places, firms."""
    texts = [text for item in load(DATA) for text in (item.reply, *(message.text for message in item.history))]
    text = "\n".join([*texts, PERSONA.read_text(encoding="utf-8")])
    capital = {word.lower() for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b", text)}
    return capital - set(re.findall(r"\b[a-z]{3,}\b", text)) - KNOWN_TO_ALL


def spelt_out(file: str) -> Iterator[tuple[str, str]]:
    for name, section in sections(file).items():
        for phrase in section.alternatives:
            for word in re.findall(r"[a-z]{3,}", re.sub(r"\\[a-zA-Z]", " ", phrase)):
                yield word, f"[{name}] {phrase}"


@pytest.mark.parametrize("file", ALL_LISTS)
def test_no_phrase_holds_a_name_from_a_story(file: str) -> None:
    from_stories = names()
    assert {"jean", "dana", "tomasz"} <= from_stories
    assert [(word, phrase) for word, phrase in spelt_out(file) if word in from_stories] == []


@pytest.mark.parametrize("path", [OPEN, HELD_OUT, FRESH], ids=lambda path: path.stem)
def test_no_invented_sentence_is_taken_from_a_labelled_reply(path: Path) -> None:
    runs: set[tuple[str, ...]] = set()
    for item in load(DATA):
        said = list(words(plain(item.reply)))
        runs |= {tuple(said[i : i + LONGEST_SHARED_RUN + 1]) for i in range(len(said) - LONGEST_SHARED_RUN)}
    for sentence in invented(path):
        said = list(words(sentence))
        shared = [said[i : i + LONGEST_SHARED_RUN + 1] for i in range(len(said) - LONGEST_SHARED_RUN)]
        assert not runs & {tuple(run) for run in shared}, sentence


def test_the_rules_find_every_invented_sentence_they_were_made_for() -> None:
    assert [row for row in harms(OPEN, "harmful", rules_alone=True) if row[3] < row[2]] == []


def test_the_rules_leave_every_invented_lookalike_alone() -> None:
    assert [row for row in harms(OPEN, "harmless", rules_alone=True) if row[3]] == []


@pytest.mark.parametrize("file", ALL_LISTS)
def test_no_line_is_too_long_to_read(file: str) -> None:
    lines = FOLDER.joinpath(file).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 120] == []


@pytest.mark.parametrize("file", ALL_LISTS)
def test_every_list_says_how_to_add_a_phrase(file: str) -> None:
    assert "# To add a" in FOLDER.joinpath(file).read_text(encoding="utf-8")


def test_a_word_group_stands_for_any_of_its_words() -> None:
    phrases = sections("unsafe.txt")["leaves"].alternatives
    assert any(re.search(phrase, "hop out") for phrase in phrases)
    assert not any("{" in phrase and "{leave}" in phrase for phrase in phrases)
