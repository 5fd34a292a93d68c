"""What a call takes in tokens, estimated: the real prompts, measured on a rehearsed call, for so many turns."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from roleplay.actors.prompt import Prompter
from roleplay.conversation.actor import Cue
from roleplay.conversation.said import history_before
from roleplay.conversation.scripts import script_for
from roleplay.conversation.turns import KeptReply, Transcript
from roleplay.conversation.voiced import Usage
from roleplay.judge.case import fitting_case, instructions
from roleplay.llm.settings import EndpointSettings
from roleplay.llm.tokens import Counter, counter_for
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.prompts import prompt
from roleplay.rehearsal.banks import find_bank
from roleplay.rehearsal.runner import rehearse
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer

TURNS = 20

_PERSONA = "stranded-driver"
_CACHED_FROM, _CACHED_STEP = 1_024, 128  # where providers begin to keep what a request shares with the one before
_LEVELS, _HARM = 380, 90  # tokens of a judge's two answers


class Estimate(NamedTuple):
    """Tokens of a call of so many turns; second tries and the thinking of models that think are not in it."""

    turns: int
    actor: Usage
    judge: Usage

    @property
    def whole(self) -> Usage:
        """Both together."""
        return self.actor + self.judge


def estimate(settings: EndpointSettings, turns: int = TURNS) -> Estimate:
    """What a call of `turns` takes with these settings. Plays a rehearsed call for it: half a second, off the loop."""
    script, bank = script_for(load_persona(shipped_folder() / f"{_PERSONA}.yaml")), find_bank(_PERSONA)
    assert bank is not None
    transcript = rehearse(script, bank, "skilled", 7, OfflineScorer(script.rubric)).transcript
    actor = _actor(settings, transcript, counter_for(settings.model), turns)
    judge = _judge(settings, transcript, counter_for(settings.judge_model), turns)
    return Estimate(turns, actor, judge)


def _actor(settings: EndpointSettings, transcript: Transcript, counter: Counter, turns: int) -> Usage:
    """Each request holds the head, all that was said, and the direction; up to the direction it was sent before."""
    room = settings.context * 3 // 4
    last = transcript.replies[-1]
    so_far = tuple(line for line in transcript.lines if line.turn <= last.turn)
    cue = Cue(
        direction=last.direction, transcript=msgspec.structs.replace(transcript, lines=so_far), scene=last.state.scene
    )
    chat = Prompter(counter.count).build(cue, 1_000_000)
    head, history, now = chat[:1], chat[1:-1], chat[-1:]
    fixed, end = counter.count_chat(head), counter.count_chat(now)
    grows = counter.count_chat(history) / max(1, len(transcript.replies) - 1)
    sent = cached = 0
    before = 0.0
    for turn in range(1, turns + 1):
        prefix = min(fixed + turn * grows, room - end)
        sent += int(prefix) + end
        cached += _kept(min(before, prefix))
        before = prefix
    line = sum(counter.count(each.text) for each in transcript.lines) / len(transcript.lines)
    return Usage(requests=turns, sent=sent, cached=cached, received=int(turns * line), exact=False)


def _judge(settings: EndpointSettings, transcript: Transcript, counter: Counter, turns: int) -> Usage:
    """Each reply takes two requests: fixed instructions, sent before, and a case, with which the second begins too."""
    if not settings.judge_model:
        return Usage()
    told = instructions(transcript.session.script.rubric)
    cases = [_case(transcript, reply, told.both, counter) for reply in transcript.replies]
    case = sum(cases) / len(cases)
    cached = (turns - 1) * _kept(counter.count(told.both)) + turns * _kept(case)
    received = turns * (_LEVELS + _HARM)
    return Usage(requests=2 * turns, sent=int(2 * turns * case), cached=cached, received=received, exact=False)


def _case(transcript: Transcript, reply: KeptReply, system: str, counter: Counter) -> int:
    persona = transcript.session.script.persona
    occasion = Occasion.at(persona, persona.beat(reply.moment))
    case = fitting_case(system, occasion, history_before(transcript, reply.turn), reply.text, "", lambda case: True)
    return counter.count_chat(case.asking("", prompt("judge_asks_levels"))) if case else 0


def _kept(tokens: float) -> int:
    return int(tokens) // _CACHED_STEP * _CACHED_STEP if tokens >= _CACHED_FROM else 0
