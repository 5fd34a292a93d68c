"""What an offline turn costs between the reply and the first word: assess, direct, compose the line. No store."""

from __future__ import annotations

from statistics import quantiles
from time import perf_counter

import msgspec

from roleplay.conversation.director import Director
from roleplay.conversation.listen import listen
from roleplay.conversation.scripts import script_for
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.persona.message import Message
from roleplay.rehearsal.banks import SKILLS, find_bank
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer

CALLS = 15


def run() -> dict[str, float]:
    """The 50th and 95th percentile in milliseconds, over calls of all simulated trainees."""
    script = script_for(load_persona(shipped_folder() / "stranded-driver.yaml"))
    persona, scorer, bank = script.persona, OfflineScorer(script.rubric), find_bank("stranded-driver")
    assert bank
    seconds: list[float] = []
    for seed in range(CALLS):
        for skill in SKILLS:
            director = Director(script, str(seed))
            state, direction = director.open()
            history = [Message("customer", direction.line)]
            for given in range(12):
                replies = bank.trainees[skill].get(state.moment) or bank.trainees[skill]["anywhere"]
                reply = replies[(seed + given) % len(replies)]
                start = perf_counter()
                heard = listen(persona, reply)
                occasion = Occasion.at(persona, persona.beat(state.moment))
                assessment = scorer.judge(occasion, history, reply)
                state, direction = director.advance(state, heard, assessment, gesture=None, length=len(reply))
                seconds.append(perf_counter() - start)
                history += [Message("trainee", reply), Message("customer", direction.line)]
                state = msgspec.structs.replace(state, patience=max(state.patience, 3.0))
    percentiles = quantiles(seconds, n=100)
    return {
        "turns": len(seconds),
        "p50_ms": round(1000 * percentiles[49], 2),
        "p95_ms": round(1000 * percentiles[94], 2),
    }
