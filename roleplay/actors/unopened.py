"""What the customer has not told yet, and how it is kept out of what a model is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from roleplay.conversation.turns import Script, Transcript
from roleplay.english import sentences
from roleplay.persona.lines import Disclosure
from roleplay.persona.model import Persona
from roleplay.persona.scenes import in_scene

_WORD = re.compile(r"\w+")


def story_at(script: Script, scene: str) -> Persona:
    """What somebody who speaks in `scene` is part of: the whole story; of a queue no more than their own scene."""
    return in_scene(script.persona, scene) if script.queue else script.persona


def all_disclosures(persona: Persona) -> tuple[Disclosure, ...]:
    """Everything hidden in the story of `persona`, whatever the scene, or the visit that can still be made."""
    return (*persona.disclosures, *(each for visit in persona.visits for each in visit.disclosures))


def unopened(transcript: Transcript, scene: str = "") -> tuple[Disclosure, ...]:
    """What was not disclosed up to the latest reply, of what the one who speaks in `scene` is part of."""
    disclosed, story = transcript.state.disclosed, story_at(transcript.session.script, scene)
    return tuple(each for each in all_disclosures(story) if each.id not in disclosed)


class Telltale:
    """Words that give something away, each a word or a few in a row, made ready to be looked for in many texts."""

    def __init__(self, words: Iterable[str]) -> None:
        self._phrases: dict[str, dict[tuple[str, ...], str]] = {}
        for phrase in words:
            folded = _words(phrase)
            if folded:
                self._phrases.setdefault(folded[0], {})[folded] = phrase

    def found_in(self, text: str) -> Iterator[str]:
        """Those of them that `text` contains, whole, in whatever case; one more than once if it stands there so."""
        said = _words(text)
        for start, word in enumerate(said):
            for folded, phrase in self._phrases.get(word, {}).items():
                if said[start : start + len(folded)] == folded:
                    yield phrase

    def is_in(self, text: str) -> bool:
        """Whether `text` contains any of them."""
        return next(self.found_in(text), None) is not None

    def left_out(self, text: str) -> str:
        """`text` without the sentences that contain one of them; as it is where none does."""
        if not self.is_in(text):
            return text
        return " ".join(each.text for each in sentences(text) if not self.is_in(each.text))


def telltale_of(persona: Persona) -> Telltale:
    """The words of everything hidden in the story of `persona`."""
    return Telltale(words for each in all_disclosures(persona) for words in each.gives_away)


def telltale_now(transcript: Transcript, scene: str = "", *, unless_in: str = "") -> Telltale:
    """The words that no line in `scene` may contain now: those of what is unopened, but for what the trainee has said.

    Words that stand in `unless_in` are left out too.
    """
    hidden = [words for each in unopened(transcript, scene) for words in each.gives_away]
    telltale = Telltale(hidden)
    said = {
        words for text in (*(each.text for each in transcript.replies), unless_in) for words in telltale.found_in(text)
    }
    return Telltale(words for words in hidden if words not in said)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(text))
