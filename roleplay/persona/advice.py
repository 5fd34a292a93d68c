"""Gives hints: what a persona can do without, and would be better with."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from roleplay.english import words
from roleplay.persona.lines import Beat, Disclosure, Moment
from roleplay.persona.model import Need
from roleplay.persona.problems import Problems, listed
from roleplay.persona.yaml_nodes import Node, Way, at
from roleplay.text import counted, quote

FEWEST_WORDS = 3
"""Words from which a need says enough for a scorer to find it in a reply."""

_Named = tuple[str, Way]


def check_advice(records: Collection[tuple[Way, msgspec.Struct]], root: Node, problems: Problems) -> None:
    """Give each hint once for the whole persona, at the first place of its kind; `records` are all that it is made of.

    A persona without moments of its own plays on general lines, and is not told so.
    """
    beats = [(path, record) for path, record in records if isinstance(record, Beat) and record.offers]
    _advise(
        [_named(path, beat) for path, beat in beats if not any(msgspec.structs.astuple(beat.hears))],
        len(beats),
        "no words of its own for a reply (`hears`), so the customer answers there in lines for any moment",
        "Write at least what is said to a reply that `met` it and to one that `missed` it.",
        root,
        problems,
    )
    _advise(
        [_named(path, beat) for path, beat in beats if not beat.better],
        len(beats),
        "no worked reply (`better`), so hints and debrief have none to show",
        "Write one, with the reason why it is better.",
        root,
        problems,
    )
    telling = [(path, each) for path, each in records if isinstance(each, Disclosure) and each.tells]
    _advise(
        [_named(path, each) for path, each in telling if not each.gives_away],
        len(telling),
        "no words under `gives_away`, so nothing watches over the lines before it",
        "Write the words by which one would know it.",
        root,
        problems,
        "disclosure",
    )
    for path, record in records:
        if isinstance(record, Need) and len(words(record.need)) < FEWEST_WORDS:
            what = f"{quote(record.need, 60)} says little about what is needed, and a reply is compared with it."
            problems.hint(at(root, (*path, "need")), what, "Write a sentence: what, for whom, and why.")


def _advise(
    lacking: list[_Named], of: int, lack: str, mend: str, root: Node, problems: Problems, noun: str = "moment"
) -> None:
    if not lacking:
        return
    names = listed([name for name, _ in lacking], 6)
    what = f"{len(lacking)} of {counted(of, noun, noun + 's')} ({names}) {_has(lacking)} {lack}."
    problems.hint(at(root, lacking[0][1]), what, mend)


def _has(lacking: Collection[object]) -> str:
    return "has" if len(lacking) == 1 else "have"


def _named(path: Way, beat: Beat) -> _Named:
    assert isinstance(beat, Moment | Disclosure)
    return beat.id, path
