"""Asking a judge one question: a request that fits, an answer that is read strictly, one try to mend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from roleplay.conversation.trouble import InTrouble
from roleplay.conversation.voiced import Usage
from roleplay.judge.case import Case, asked_again, fitting_case
from roleplay.judge.written import BadAnswer
from roleplay.llm.chat import Chat
from roleplay.llm.endpoint import Endpoint
from roleplay.llm.tokens import counter_for
from roleplay.persona.message import Message
from roleplay.scoring.occasion import Occasion
from roleplay.text import sanitise

RAW_LIMIT = 6_000
"""Characters kept of an answer."""
UNKNOWN = 1.1
"""What an estimated count of tokens is multiplied by, so that a request fits for sure."""

Written = TypeVar("Written")


@dataclass(frozen=True)
class Question(Generic[Written]):
    """One of the things asked of a judge, in `words`; `alone`: the instructions for it and no other.

    `most` and `least`: tokens of room for its answer; `read`: what reads it.
    """

    words: str
    alone: str
    schema: dict[str, Any]
    most: int
    least: int
    read: Callable[[str, str], Written]


class Request(NamedTuple):
    """A question about one reply that fits. `tokens`: of the request, with the `most` that may be answered."""

    chat: Chat
    nonce: str
    most: int
    tokens: int


class Answer(NamedTuple, Generic[Written]):
    """What came of a question. `written` is None where nothing came that can be used; `problem` then says why.

    `heard`: something came at all, which may be asked for once more; else the problem lies with the endpoint.
    """

    written: Written | None
    raw: str
    usage: Usage
    problem: str = ""
    heard: bool = True

    @property
    def why(self) -> str:
        """The problem in words for a coach."""
        return f"The judge's answer cannot be used. {self.problem}" if self.problem and self.heard else self.problem


class Asker:
    """Asks `model` behind `endpoint` about one reply."""

    def __init__(self, endpoint: Endpoint, model: str) -> None:
        self._endpoint, self._model, self._counter = endpoint, model, counter_for(model)

    def case(
        self,
        system: str,
        questions: Sequence[Question[Any]],
        occasion: Occasion,
        history: Sequence[Message],
        reply: str,
        gesture: str,
    ) -> Case | None:
        """The fullest case about `reply` that fits into the model's context with each of `questions` and its answer.

        Where that is small, each question has only its own instructions. None if the reply cannot be held whole.
        """
        context = self._endpoint.settings.context

        def fits(case: Case) -> bool:
            return all(self._count(case.asking(each.alone, each.words)) + each.least <= context for each in questions)

        shared = fitting_case(system, occasion, history, reply, gesture, fits)
        return shared or fitting_case("", occasion, history, reply, gesture, fits)

    def request(self, question: Question[Written], case: Case) -> Request:
        """The request that asks `question` about `case`."""
        chat = case.asking(question.alone, question.words)
        sent = self._count(chat)
        most = min(question.most, self._endpoint.settings.context - sent)
        return Request(chat, case.nonce, most, sent + most)

    async def ask(
        self,
        question: Question[Written],
        request: Request,
        faults: Callable[[Written], Sequence[str]],
        spare: int | None,
    ) -> Answer[Written]:
        """The answer to `question`. One that cannot be read, or has `faults`, is asked for once more.

        That takes at most `spare` tokens (None: any number). Where the second is no better, the first stands.
        """
        first = await self._once(question, request, request.chat, request.most)
        problem = first.problem if first.written is None else " ".join(faults(first.written))
        if not problem or not first.heard:
            return first
        again = asked_again(request.chat, first.raw, problem)
        sent = self._count(again)
        most = min(request.most, self._endpoint.settings.context - sent)
        if most < question.least or (spare is not None and sent + most > spare):
            return first
        second = await self._once(question, request, again, most)
        both = first.usage + second.usage
        if second.written is None or (first.written and len(faults(second.written)) >= len(faults(first.written))):
            return first._replace(usage=both) if first.written else second._replace(usage=both)
        return second._replace(usage=both)

    async def _once(self, question: Question[Written], request: Request, chat: Chat, most: int) -> Answer[Written]:
        try:
            said = await self._endpoint.complete(chat, model=self._model, most=most, schema=question.schema)
        except InTrouble as met:
            return Answer(None, "", met.usage, str(met), heard=False)
        raw = sanitise(said.text[:RAW_LIMIT])
        if said.finish != "stop":
            return Answer(None, raw, said.usage, "It broke off before its end.")
        try:
            return Answer(question.read(said.text, request.nonce), raw, said.usage)
        except BadAnswer as problem:
            return Answer(None, raw, said.usage, str(problem))

    def _count(self, chat: Chat) -> int:
        tokens = self._counter.count_chat(chat)
        return tokens if self._counter.exact else int(tokens * UNKNOWN) + 1
