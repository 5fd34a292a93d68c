"""Calls in plain mode with a language model behind them: a stub server, and somebody who types or a pipe."""

from __future__ import annotations

import io
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from roleplay.cli.common import say
from roleplay.cli.desk import Desk
from roleplay.cli.plain import PlainCall
from roleplay.cli.replies import PipedReplies, Replies
from roleplay.conversation.session import Session
from roleplay.llm.choosing import Choice, Offer
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.practice.calls import Calls, now
from roleplay.store.transcripts import Transcripts
from tests.actors.staging import plays_along
from tests.judge.cases import asks_for_harm, harm, levels
from tests.llm.answering import Body, Exchange, Request
from tests.llm.misbehaving import Behaviour
from tests.llm.stub import Stub

PERSONA = load_persona(shipped_folder() / "stranded-driver.yaml")
REPLY = "Are you safe? I'm staying on the line with you."


def obedient(body: Body) -> str:
    """What a model answers that does all as it should; as a judge it finds nothing of worth."""
    if body.get("stream"):
        return plays_along(body)
    return harm() if asks_for_harm(body) else levels({}, 0)


def approving(body: Body) -> str:
    """A model that plays along, and as a judge finds that `REPLY` answers what is there."""
    if body.get("stream") or asks_for_harm(body):
        return obedient(body)
    quote = "I'm staying on the line with you"
    return levels({"acknowledges_feeling": (quote, 1), "reaches_unspoken": (quote, 2)}, 2)


Meets = str | Behaviour | None


def meets(actor: Sequence[Meets], judge: Meets = None) -> Callable[[Request], Meets]:
    """A script for a stub: what the actor's next requests meet, one after the other, and what each of a judge's."""
    left = list(actor)

    def met(request: Request) -> Meets:
        if not request.body.get("stream"):
            return judge
        return left.pop(0) if left else None

    return met


async def busy_for_a_second(exchange: Exchange) -> None:
    """Asks to wait for the shortest time."""
    await exchange.refuse(429, "Rate limit reached.", code="rate_limit_exceeded", Retry_After="1")


async def cut_after_a_sentence(exchange: Exchange) -> None:
    """Breaks off in the second sentence."""
    await exchange.begin("It's so loud here. I can hardly ")
    exchange.closes = True


class Typist:
    """Somebody at a terminal who says `says`, then leaves, and answers questions by how they begin; else by Enter.

    An answer may be a function: it is called, and gives the answer.
    """

    echoes = True
    where = ""

    def __init__(self, *says: str, answers: Mapping[str, str | Callable[[], str | None] | None] | None = None) -> None:
        self._says, self._answers = list(says), dict(answers or {})
        self.asked: list[str] = []

    def next(self) -> str | None:
        return self._says.pop(0) if self._says else "/leave"

    def ask(self, question: str) -> str | None:
        self.asked.append(question)
        answer = next((each for begin, each in self._answers.items() if question.startswith(begin)), "")
        return answer() if callable(answer) else answer


def piped(*says: str) -> PipedReplies:
    """Lines through a pipe."""
    return PipedReplies(io.BytesIO("".join(f"{line}\n" for line in says).encode()))


def press_ctrl_c(once: Callable[[], object] = lambda: True) -> None:
    """Press Ctrl+C when `once()` holds, wherever the program is then; not where nothing hears of it any more."""
    main = threading.main_thread().ident
    assert main

    def press() -> None:
        until = time.monotonic() + 20
        while not once() and time.monotonic() < until:
            time.sleep(0.002)
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            signal.pthread_kill(main, signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()


def overheard(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a module of the program tells from now on."""
    told: list[str] = []
    talk = module.talk

    def talk_and_remember(words: str) -> None:
        talk(words)
        told.append(words)

    monkeypatch.setattr(module, "talk", talk_and_remember)
    return told


def calls_at(workspace: Path, stub: Stub, **changes: Any) -> Calls:
    """The calls of a workspace in which the model of `stub` was agreed to; nobody judges unless `changes` say so."""
    settings = stub.settings(**changes)
    offer = Offer("stub", settings, "It answers")
    store = Transcripts(workspace / "roleplay.db")
    return Calls(workspace, store, "Sam", now, choose=lambda: Choice("The stub plays.", chosen=offer))


def play(
    calls: Calls,
    replies: Replies,
    *,
    exam: bool = False,
    resume: str | None = None,
    begun: Callable[[Session], object] | None = None,
) -> Session:
    """Play a call, or go on with one, as `roleplay play` does; `begun` hears of it.

    Raises `Paused`, KeyboardInterrupt.
    """
    desk = Desk(replies)

    async def call() -> Session:
        session = await (calls.resume(resume) if resume else calls.begin(PERSONA, exam=exam, seed="3"))
        if begun:
            begun(session)
        await PlainCall(session, calls, desk, coached=not exam, out=say).play(resumed=resume is not None)
        return session

    return desk.run(call, calls.aclose)
