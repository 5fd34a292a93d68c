"""The LLM's voice: a model puts the stage direction into words, and each sentence is checked before it is said.

A line takes at most three requests: one, another if the first gave nothing that could be said, and in place of either
one that was folded harder, if the server found it too long. What a model says can only be as bad as the checks let it:
what is wrong or missing is said as the director wrote it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import lru_cache
from random import Random

from roleplay.actors.checks.checker import Checker
from roleplay.actors.checks.fault import FaultName
from roleplay.actors.checks.stage import Stage
from roleplay.actors.checks.warmth import is_softer
from roleplay.actors.fold import Count
from roleplay.actors.prompt import Prompter, length_of
from roleplay.actors.scripted import ScriptedActor, in_words
from roleplay.actors.sentences import Sentences
from roleplay.conversation.actor import Cue
from roleplay.conversation.trouble import InTrouble, Trouble
from roleplay.conversation.voiced import SCRIPTED, Usage, Voice, Voiced
from roleplay.llm.chat import Chat
from roleplay.llm.endpoint import Endpoint
from roleplay.llm.tokens import Counter, counter_for

MOST_REQUESTS = 3
"""Requests for one line."""

ANSWER = 1024
"""Tokens that an answer may take, thinking of local models included; a quarter of the context where that is less."""

USUAL_ANSWER = 150
"""Tokens that an answer usually takes."""

TEMPERATURE = 0.8

HARDER = 0.6
"""What is left of the room after the server has found a request too long."""


def room_in(context: int) -> int:
    """The tokens that a request may take where it has `context` tokens together with its answer."""
    return context - min(ANSWER, context // 4)


class LlmActor:
    """Speaks through the model of an endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._room = room_in(endpoint.settings.context)
        self._most = endpoint.settings.context - self._room
        self._counter: Counter | None = None
        self._took = Usage()
        self._prompter: Prompter
        self._count: Count

    @property
    def name(self) -> str:
        """The name kept in the transcript: that of the model, told apart from the scripted actor's."""
        model = self._endpoint.settings.model
        return f"{model} (language model)" if model == ScriptedActor.name else model

    @property
    def took(self) -> Usage:
        """What the line that is being said, or was said or stopped last, has taken so far."""
        return self._took

    def prepare(self, cue: Cue) -> None:
        """Build the request and the checks for `cue` once: what they take from its persona is remembered."""
        self._count_well()
        self._prompter.build(cue, self._room, ())
        line = _Line(cue, lambda piece: None)
        line.begin()
        line.take("I can hear you, but is there anybody who can hear me? Hello? ")

    async def speak(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
        """Say the line wanted by `cue`: an opening as it is written, any other in the model's words.

        A sentence is said when it was checked. What was said stays said. Raises `InTrouble` where the endpoint could
        not do its part, or the limit of the call is reached.
        """
        self._took = Usage()
        parts = cue.direction.parts
        if parts and all(part.kind == "opening" for part in parts):
            await ScriptedActor().speak(cue, say)
            return SCRIPTED
        self._count_well()
        line = _Line(cue, say)
        for request in range(MOST_REQUESTS):
            chat = self._prompter.build(cue, self._room, line.faults)
            self._affordable(cue, chat)
            try:
                await self._listen(chat, line, seed=_seed(cue, request))
            except InTrouble as trouble:
                if trouble.trouble.name == "too long" and not line.said and request + 1 < MOST_REQUESTS:
                    self._room = int(self._room * HARDER)
                    continue
                raise InTrouble(trouble.trouble, self._took) from trouble
            if line.said or line.tries == 2:
                break
        return line.finished(self._endpoint.settings.model, self._took)

    async def _listen(self, chat: Chat, line: _Line, *, seed: int) -> None:
        """Say what the model answers to `chat`, as far as it will do, and note what it took, be it stopped."""
        model, before = self._endpoint.settings.model, self._took
        words = self._endpoint.stream(chat, model=model, most=self._most, temperature=TEMPERATURE, seed=seed)
        line.begin()
        try:
            async with words:
                async for piece in words:
                    if not line.take(piece):
                        break
                    if words.finish:
                        line.end(whole=words.finish == "stop")  # said before the server has told what it took
        except InTrouble as trouble:
            self._took = before + trouble.usage
            raise
        except asyncio.CancelledError:
            self._took = before + words.usage
            raise
        self._took = before + words.usage
        if not line.ended:
            line.end(whole=words.finish == "stop")

    def _count_well(self) -> None:
        """Count by the encoding of the model as soon as it is at hand."""
        counter = counter_for(self._endpoint.settings.model)
        if self._counter is None or counter.exact != self._counter.exact:
            self._counter = counter
            self._count = lru_cache(maxsize=8192)(counter.count)
            self._prompter = Prompter(self._count)

    def _affordable(self, cue: Cue, chat: Chat) -> None:
        """Raises `InTrouble` if the request would go beyond the limit of the call."""
        limit = self._endpoint.settings.call_limit
        if limit is None:
            return
        spent = cue.transcript.usage.total + self._took.total
        if spent + sum(self._count(message.content) for message in chat) + USUAL_ANSWER > limit:
            what = f"This call has taken {spent:,} of the {limit:,} tokens that one call may take."
            mend = "Lift the limit, or go on with the scripted customer."
            raise InTrouble(Trouble(name="spent", what=what, mend=mend), self._took)


class _Line:
    """A line in the making: what was said of it, and what was wrong."""

    def __init__(self, cue: Cue, say: Callable[[str], None]) -> None:
        self._cue, self._say = cue, say
        self._stage: Stage | None = None
        self._checker: Checker | None = None
        self._sentences = Sentences()
        self._stopped = False
        self._mended = False
        self.ended = False
        self.said = ""
        self.faults: list[FaultName] = []
        self.tries = 0

    def begin(self) -> None:
        """A new answer of the model begins."""
        self._sentences, self._stopped, self.ended = Sentences(), False, False

    def take(self, piece: str) -> bool:
        """Take a piece of the answer, and say what is complete and good of it. False: no more of it is wanted."""
        return all(map(self._checked, self._sentences.add(piece)))

    def end(self, *, whole: bool) -> None:
        """The answer is over; `whole` if it came to its end by itself."""
        self.tries += 1
        self.ended = True
        rest = "" if self._stopped else self._sentences.rest()
        if rest and not whole:
            self.faults.append("too long")
            self._mended = bool(self.said)
        elif rest:
            self._checked(rest)
        if not self.said and not self._stopped and whole and not rest:
            self.faults.append("nothing said")

    def finished(self, model: str, used: Usage) -> Voiced:
        """Say what is still missing, as it is written, and tell how the line came about."""
        direction = self._cue.direction
        if not self.said:
            self._utter(direction.line)
            return Voiced(voice="replaced", model=model, faults=self._named(), usage=used)
        softer = is_softer(self._on_stage(), self.said)
        missing = self._checks().missing(self.said)
        if missing:
            self.faults.append("particulars")
            self._mended = True
            self._utter(" ".join(part.text for part in missing))
        voice: Voice = "mended" if self._mended else "llm"
        return Voiced(voice=voice, model=model, faults=self._named(), softer=softer, usage=used)

    def _checked(self, sentence: str) -> bool:
        """Say `sentence` if nothing is wrong with it, else note what is, and stop."""
        found = self._checks().faults_of(sentence, self.said)
        if found:
            self.faults.extend(found)
            self._stopped = True
            self._mended = bool(self.said)
            return False
        self._utter(sentence)
        return True

    def _utter(self, words: str) -> None:
        for word in in_words(f" {words}" if self.said and words else words):
            self._say(word)
        self.said = f"{self.said} {words}".strip()

    def _checks(self) -> Checker:
        if self._checker is None:
            self._checker = Checker(self._on_stage(), length_of(self._cue.direction).most)
        return self._checker

    def _on_stage(self) -> Stage:
        if self._stage is None:
            self._stage = Stage(self._cue)
        return self._stage

    def _named(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.faults))


def _seed(cue: Cue, request: int) -> int:
    """The seed that the model is asked to use: the same at a replay, where a server heeds it."""
    session = cue.transcript.session
    return Random(f"{session.seed}:{cue.direction.turn}:actor:{request}").getrandbits(31)
