"""Walks through the states that a call can come to, by replies of every kind, and looks for what is told too early."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from roleplay import prompts
from roleplay.actors.prompt import Prompter, direction_text, head_text
from roleplay.actors.unopened import Telltale, all_disclosures, story_at
from roleplay.conversation.actor import Cue
from roleplay.conversation.director import Director
from roleplay.conversation.gestures import fitting_gesture
from roleplay.conversation.lines import Chooser
from roleplay.conversation.listen import Asked
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import (
    KeptLine,
    KeptOpening,
    KeptReply,
    Script,
    SessionRecord,
    StageDirection,
    Transcript,
)
from roleplay.english import STOP_WORDS, stem, words
from roleplay.llm.tokens import counter_for
from roleplay.persona.condition import parse_condition
from roleplay.persona.lines import Answer, Beat, Disclosure, Hears, Moment, MoodLine
from roleplay.persona.model import Persona
from roleplay.rehearsal.imagined import Imagined, imagined
from roleplay.rehearsal.preview import kinds_of_reply
from roleplay.scoring.occasion import Occasion

UNHEARD = "…"
"""What the trainee is taken to say: nothing that a customer could repeat."""

COUNT = counter_for("").count
SUMMARY = prompts.prompt("actor_summary", lines="").strip()[:40]
"""How a summary begins."""


class Step(NamedTuple):
    """A reply in a state, and what could be said to it: `lines` are all that chance had to choose from.

    Where a scene begins then, its opening is among them, and what is told of it.
    """

    before: CustomerState
    after: CustomerState
    direction: StageDirection
    lines: tuple[str, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """What was disclosed by then, on earlier visits too."""
        return (*self.after.told_before, *self.after.disclosed)


class Walk:
    """A walk through the states of the call by `script`, at most so many, in an order drawn by `seed`.

    States that agree in moment, scene, what was disclosed, and trust to two points are walked through once.
    """

    def __init__(self, script: Script, *, most: int, seed: int) -> None:
        self._script, self._most = script, most
        self._random = Random(seed)
        self._options: list[str] = []
        self._director = Director(script, str(seed), self._chooser)
        self.states = 0
        self.steps = 0
        self.whole = True
        """Whether every state was walked through, and not only `most` of them."""

    def __iter__(self) -> Iterator[Step]:
        first, direction = self._director.open()
        yield Step(first, first, direction, (direction.line,))
        seen, waiting = {_place(first)}, [first]
        while waiting:
            if self.states == self._most:
                self.whole = False
                return
            state = waiting.pop(self._random.randrange(len(waiting)))
            self.states += 1
            for reply, gesture in self._replies(state):
                step = self._step(state, reply, gesture)
                yield step
                if not step.direction.ending and _place(step.after) not in seen:
                    seen.add(_place(step.after))
                    waiting.append(step.after)

    def call(self) -> Iterator[Step]:
        """One call from its opening on, replied to as chance has it, but for replies that would end it."""
        state, direction = self._director.open()
        yield Step(state, state, direction, (direction.line,))
        while True:
            steps = (self._step(state, *reply) for reply in self._shuffled(state))
            step = next((step for step in steps if not step.direction.ending), None)
            if step is None:
                return
            yield step
            state = step.after

    def _shuffled(self, state: CustomerState) -> list[tuple[Imagined, str | None]]:
        replies = list(self._replies(state))
        return self._random.sample(replies, len(replies))

    def _step(self, state: CustomerState, reply: Imagined, gesture: str | None) -> Step:
        self.steps += 1
        self._options = []
        after, direction = self._director.advance(state, reply.heard, reply.assessment, gesture=gesture, length=40)
        opening = self._director.opening_after(direction, after)
        said = [part.text for each in (direction, *([opening] if opening else [])) for part in each.parts]
        told = [direction.scene.title, direction.scene.narration] if direction.scene else []
        return Step(state, after, direction, (*said, *told, *self._options))

    def _replies(self, state: CustomerState) -> Iterator[tuple[Imagined, str | None]]:
        """Replies of every kind: met, partly, missed or hurt, with every topic; every question; every gesture."""
        here = self._director.view(state.scene)
        occasion = Occasion.at(here, here.beat(state.moment))
        for reply in kinds_of_reply(occasion).values():
            yield reply, None
        yield imagined(occasion, "met", explores=True, acts=True), None
        yield imagined(occasion, "missed", harm=2), None
        yield imagined(occasion, "missed", kind="overlong"), None
        for disclosure in here.disclosures:
            for reply in (
                imagined(occasion, "met", touches=[disclosure.id]),
                imagined(occasion, "missed", touches=[disclosure.id]),
                imagined(occasion, "missed", touches=[disclosure.id], harm=1),
            ):
                yield reply, None
        for number in range(len(here.answers)):
            plain = imagined(occasion, "partly")
            yield plain._replace(heard=replace(plain.heard, questions=(Asked(number),))), None
        for gesture in here.gestures:
            if fitting_gesture(here, state, gesture.id):
                yield imagined(occasion, "partly", acts=True), gesture.id

    def _chooser(self, key: str) -> Chooser:
        return _Remembering(self._options, Random(key))


class _Remembering(NamedTuple):
    options: list[str]
    chance: Random

    def choice(self, options: Sequence[str], /) -> str:
        self.options.extend(options)
        return self.chance.choice(options)


def _place(state: CustomerState) -> tuple[object, ...]:
    return state.moment, state.scene, frozenset(state.disclosed), state.trust // 2


class Secrets:
    """What gives away the disclosures of a call by `script`: the author's words, and words that nothing else has."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._known: dict[tuple[str, frozenset[str]], tuple[Telltale, frozenset[str]]] = {}

    def found_in(self, text: str, scene: str, disclosed: Iterable[str]) -> set[str]:
        """Words of `text`, said or sent in `scene`, that give away what is not among the `disclosed`."""
        place = scene, frozenset(disclosed)
        if place not in self._known:
            self._known[place] = self._of(*place)
        telltale, own = self._known[place]
        return {*telltale.found_in(text), *(_content(text) & own)}

    def _of(self, scene: str, disclosed: frozenset[str]) -> tuple[Telltale, frozenset[str]]:
        story = story_at(self._script, scene)
        hidden = {each.id for each in all_disclosures(story) if each.id not in disclosed}
        gives_away = (words for each in all_disclosures(story) if each.id in hidden for words in each.gives_away)
        return Telltale(gives_away), frozenset(word for word, owners in self._owners.items() if owners <= hidden)

    @cached_property
    def _owners(self) -> dict[str, set[str]]:
        """For each word of a disclosure the disclosures whose texts have it, "" if there are others that do."""
        owners: dict[str, set[str]] = {}
        for text, belongs in _texts(self._script):
            for word in _content(text):
                owners.setdefault(word, set()).update(belongs or {""})
        return owners


@cache
def _content(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text) if word not in STOP_WORDS and len(word) > 2)


def _texts(script: Script) -> Iterator[tuple[str, set[str]]]:
    """Every text that a customer's side can say or a model be sent, and the disclosures without which it cannot be."""
    story = script.persona
    for disclosure in all_disclosures(story):
        yield disclosure.says, {disclosure.id}
        yield from _lines(disclosure.hears, {disclosure.id})
        yield from ((line, set[str]()) for line in disclosure.deflections)
    secret = {id(each) for each in all_disclosures(story)}
    yield from ((text, set[str]()) for text in _strings(story, secret))
    for each in _parts(story):
        if isinstance(each, Moment):
            needed = _needed(each.when, story)
            yield each.says, needed
            yield from _lines(each.hears, needed)
        elif isinstance(each, Answer):
            yield " ".join(each.asks), set()
            for line in each.lines:
                yield (line.says, _needed(line.when, story)) if isinstance(line, MoodLine) else (line, set())
    for field in script.general.__struct_fields__:
        yield from (
            (line if isinstance(line, str) else line.says, set[str]()) for line in getattr(script.general, field)
        )
    if script.visiting:
        yield from ((line, set[str]()) for visit in script.visiting.remembered for line in visit.told)
    for file in Path(prompts.__file__).parent.glob("actor*.txt"):
        yield file.read_text(encoding="utf-8"), set()


def _lines(hears: Hears, needed: set[str]) -> Iterator[tuple[str, set[str]]]:
    for field in hears.__struct_fields__:
        for line in getattr(hears, field):
            yield (line if isinstance(line, str) else line.says), needed


def _needed(when: str | None, story: Persona) -> set[str]:
    """The disclosures that must have been made for `when` to hold."""
    condition = parse_condition(when) if when else None
    known = {each.id for each in all_disclosures(story)}
    named = {ident for fact, ident in condition.mentions() if fact == "disclosed"} if condition else set()
    return {ident for ident in named & known if condition and condition.requires("disclosed", ident)}


def _parts(story: Persona) -> Iterator[Beat | Answer]:
    places = [story, *story.scenes, *story.visits]
    for place in places:
        yield from place.moments
        yield from place.answers


def _strings(record: object, without: set[int]) -> Iterator[str]:
    """Every other text of a record that is said, shown or sent: not of moments, answers and disclosures."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, Disclosure | Moment | Answer) or id(record) in without:
        return
    elif isinstance(record, dict):
        for name, value in record.items():
            yield str(name)
            yield from _strings(value, without)
    elif isinstance(record, tuple | list):
        for each in record:
            yield from _strings(each, without)
    elif isinstance(record, msgspec.Struct):
        for field in record.__struct_fields__:
            if field not in ("tests", "needs", "epilogue", "when", "next"):
                yield from _strings(getattr(record, field), without)


def leaks_on(walk: Walk, script: Script, *, directions: int = 1) -> Iterator[str]:
    """Everything that is told too early on `walk`: in a line, or in a stage direction that asks a model for one.

    Of the latter each so many-th is looked at.
    """
    secrets, empty = Secrets(script), _nothing_said(script)
    for number, step in enumerate(walk):
        scene = step.before.scene
        texts = [("a line", line) for line in step.lines]
        if number % directions == 0:
            cue = Cue(direction=step.direction, transcript=empty, scene=scene)
            texts.append(("the direction", direction_text(cue)))
        for where, text in texts:
            for word in secrets.found_in(text, scene, step.told):
                yield f"{word!r} in {where} at {step.before.moment}: {text}"


def leaks_in_heads(script: Script) -> Iterator[str]:
    """Everything hidden that stands in what a model is sent before anything was said, in each scene."""
    secrets, empty = Secrets(script), _nothing_said(script)
    told = script.visiting.told if script.visiting else ()
    for scene in [scene.id for scene in script.persona.scenes] or [""]:
        head = head_text(Cue(direction=empty.opening.direction, transcript=empty, scene=scene))
        for word in secrets.found_in(head, scene, told):
            yield f"{word!r} in the head of {scene or 'all'}: {head}"


def leaks_in_requests(walk: Walk, script: Script, room: int) -> tuple[list[str], int]:
    """What is told too early in the requests of one call along `walk`, and how many of them had a summary.

    They have `room` tokens.
    """
    secrets, prompter, found, summaries = Secrets(script), Prompter(COUNT), [], 0
    transcript = _nothing_said(script)
    for step in walk.call():
        direction = step.direction
        if direction.turn > 1:
            transcript = replace(transcript, replies=(*transcript.replies, _reply(step)))
            cue = Cue(direction=direction, transcript=transcript, scene=step.before.scene)
            chat = prompter.build(cue, room)
            text = "\n".join(message.content for message in chat[1:])
            summaries += SUMMARY in text
            found += [f"{word!r} in {text}" for word in secrets.found_in(text, step.before.scene, step.told)]
        said = [direction.line, *([direction.scene.opening] if direction.scene else [])]
        transcript = replace(transcript, lines=(*transcript.lines, *_lines_at(direction.turn, said)))
    return found, summaries


def _nothing_said(script: Script) -> Transcript:
    state, opening = Director(script, "1").open()
    return Transcript(
        session=SessionRecord(id="walk", script=script, seed="1", exam=True, actor="llm", trainee="t", started=""),
        opening=KeptOpening(session="walk", branch=0, state=state, direction=opening, at=""),
        replies=(),
        lines=(),
        ending=None,
        self_rating=None,
    )


def _reply(step: Step) -> KeptReply:
    return KeptReply(
        session="walk",
        branch=0,
        turn=step.direction.turn - 1,
        text=UNHEARD,
        gesture=None,
        moment=step.before.moment,
        assessment=imagined(Occasion(), "none").assessment,
        state=step.after,
        direction=step.direction,
        at="",
    )


def _lines_at(turn: int, said: Sequence[str]) -> Iterator[KeptLine]:
    for attempt, text in enumerate(said, 1):
        yield KeptLine(session="walk", branch=0, turn=turn, attempt=attempt, text=text, at="")
