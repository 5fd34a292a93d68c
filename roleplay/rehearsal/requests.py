"""What a language model would be sent in one state of a call: the actor for the next line, and a judge; with counts."""

from __future__ import annotations

import asyncio

import msgspec
from msgspec.structs import replace

from roleplay.actors.llm import room_in
from roleplay.actors.prompt import Prompter
from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.actor import Cue
from roleplay.conversation.director import Director
from roleplay.conversation.said import history_before
from roleplay.conversation.session import Session
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.judge.case import fitting_case, instructions
from roleplay.llm.chat import Chat
from roleplay.llm.tokens import Counter
from roleplay.prompts import prompt
from roleplay.rehearsal.forgetful import ForgetfulStore
from roleplay.rehearsal.imagined import imagined
from roleplay.rehearsal.placing import SEED, UNSAID, Placed
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.scorer import Scorer


class Part(msgspec.Struct, frozen=True):
    """A message of a request: whose it is (system, user, assistant), its text, and its tokens by itself."""

    role: str
    text: str
    tokens: int


class Request(msgspec.Struct, frozen=True):
    """A request: its messages, and the tokens of it all, with what stands around each message."""

    messages: tuple[Part, ...]
    tokens: int


class Requests(msgspec.Struct, frozen=True, kw_only=True):
    """The requests about one reply. `exact`: the tokens are counted, by that `encoding`; else they are estimated.

    `actor` asks for the line after it. A judge is asked two questions about it, in two requests.
    """

    encoding: str
    exact: bool
    actor: Request
    judge_levels: Request
    judge_harm: Request


def answered(place: Placed, reply: str, scorer: Scorer) -> Transcript:
    """The call at `place` after `reply`, assessed and answered as any other. Raises `BadInput` if it is too long."""

    async def play() -> Transcript:
        session = Session.resume(
            place.transcript, store=ForgetfulStore(), scorer=scorer, actor=ScriptedActor(), clock=lambda: ""
        )
        await session.reply(reply)
        return session.transcript

    return asyncio.run(play())


def answered_unsaid(place: Placed) -> Transcript:
    """The call at `place` after a reply that nobody has written, and that met a part of what was there."""
    state = place.state
    director = Director(place.script, SEED)
    here = director.view(state.scene)
    reply = imagined(Occasion.at(here, here.beat(state.moment)), "partly")
    after, direction = director.advance(state, reply.heard, reply.assessment, gesture=None, length=0)
    kept = KeptReply(
        session=SEED,
        branch=0,
        turn=state.turn + 1,
        text=UNSAID,
        gesture=None,
        moment=state.moment,
        assessment=reply.assessment,
        state=after,
        direction=direction,
        at="",
    )
    return replace(place.transcript, replies=(*place.transcript.replies, kept))


def requests_about(transcript: Transcript, counter: Counter, context: int) -> Requests:
    """What is sent about the last reply of `transcript` to a model whose requests may take `context` tokens."""
    actor = Prompter(counter.count).build(_cue(transcript), room_in(context))
    reply, rubric = transcript.replies[-1], transcript.session.script.rubric
    before = transcript.state_before(reply)
    here = Director(transcript.session.script, SEED).view(before.scene)
    occasion = Occasion.at(here, here.beat(reply.moment))
    told = instructions(rubric)
    case = fitting_case(told.both, occasion, history_before(transcript, reply.turn), reply.text, "", lambda case: True)
    assert case is not None, "the fullest case fits where any does"
    return Requests(
        encoding=counter.encoding,
        exact=counter.exact,
        actor=_counted(actor, counter),
        judge_levels=_counted(case.asking(told.levels, prompt("judge_asks_levels")), counter),
        judge_harm=_counted(case.asking(told.harm, prompt("judge_asks_harm")), counter),
    )


def _cue(transcript: Transcript) -> Cue:
    """What an actor goes by for the line after the last reply of `transcript`, which may have been said."""
    reply = transcript.replies[-1]
    direction = reply.direction
    lines = tuple(line for line in transcript.lines if line.turn < direction.turn)
    scene = transcript.state_before(reply).scene if direction.scene else reply.state.scene
    return Cue(direction=direction, transcript=replace(transcript, lines=lines, ending=None), scene=scene)


def _counted(chat: Chat, counter: Counter) -> Request:
    messages = tuple(Part(message.role, message.content, counter.count(message.content)) for message in chat)
    return Request(messages, counter.count_chat(chat))
