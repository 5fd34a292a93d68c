"""Notes topics and questions in which nothing can be recognised, whatever the trainee says."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from roleplay.persona.lines import Answer, Disclosure
from roleplay.persona.meanings import means_nothing
from roleplay.persona.problems import Problems, listed
from roleplay.persona.yaml_nodes import Node, Way, at
from roleplay.text import counted, quote


def check_hearing(records: Iterable[tuple[Way, msgspec.Struct]], root: Node, problems: Problems) -> None:
    """Note, among `records` of a persona, each answer that cannot be asked for; give one hint for all idle phrases.

    A phrase is idle if it is made of words that are in any talk, such as “are you there”. That a disclosure has no
    other topics is noted where it is asked what can open it.
    """
    idle: list[tuple[str, Way]] = []
    for path, record in records:
        if isinstance(record, Disclosure):
            name, phrases = "topics", record.topics
        elif isinstance(record, Answer):
            name, phrases = "asks", record.asks
        else:
            continue
        nothing = [number for number, phrase in enumerate(phrases) if means_nothing(phrase)]
        if name == "asks" and len(nothing) == len(phrases):
            what = "Nobody can ask for this answer: its `asks` are made of words that are in any talk."
            problems.warning(at(root, (*path, name)), what, "Name what it is about, such as: which exit.")
        else:
            idle += [(phrases[number], (*path, name, number)) for number in nothing]
    if idle:
        which = listed([quote(phrase, 40) for phrase, _ in idle], 4)
        what = f"{counted(len(idle), 'phrase', 'phrases')} of `topics` and `asks` can never be recognised, being made "
        what += f"of words that are in any talk: {which}."
        problems.hint(at(root, idle[0][1]), what, "Put in the word that it is about, or take it out.")
