"""The LLM judge: asks twice about a reply, checks every word of the answers, and says what it could not believe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from roleplay.conversation.judging import Verdict
from roleplay.conversation.voiced import Usage
from roleplay.faults import write_log
from roleplay.judge.asking import Asker, Question
from roleplay.judge.case import instructions
from roleplay.judge.checking import Checker
from roleplay.judge.doubt import doubts
from roleplay.judge.written import HARM_SCHEMA, LEVELS_SCHEMA, read_harm, read_levels
from roleplay.llm.endpoint import Endpoint
from roleplay.persona.message import Message
from roleplay.prompts import prompt
from roleplay.scoring.assessment import Assessment
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.rubric import Rubric


class LlmJudge:
    """The `Judge` port over an endpoint. Make one for a session, by the rubric that the session keeps."""

    def __init__(self, endpoint: Endpoint, rubric: Rubric) -> None:
        self._endpoint, self._rubric = endpoint, rubric
        self._model = endpoint.settings.judge_model or endpoint.settings.model
        told = instructions(rubric)
        self._system, self._prompt = told.both, told.fingerprint
        self._levels = Question(
            prompt("judge_asks_levels"), told.levels, LEVELS_SCHEMA, most=2_000, least=500, read=read_levels
        )
        self._harm = Question(prompt("judge_asks_harm"), told.harm, HARM_SCHEMA, most=1_000, least=200, read=read_harm)

    @property
    def name(self) -> str:
        """The name shown beside its verdicts."""
        return f"judge {self._model}"

    async def judge(
        self, occasion: Occasion, history: Sequence[Message], reply: str, offline: Assessment, *, used: Usage
    ) -> Verdict | None:
        """The verdict on `reply`, as the port has it: two requests, and at most one more for each to mend an answer.

        None for silence, marks without words, another language, and copies of the customer's words or a worked reply.
        """
        try:
            return await self._judged(occasion, history, reply, offline, used)
        except Exception as error:
            return self._failed("The judge could not do its part.", write_log(error))

    async def _judged(
        self, occasion: Occasion, history: Sequence[Message], reply: str, offline: Assessment, used: Usage
    ) -> Verdict | None:
        checker = Checker(self._rubric, occasion, history, reply, offline)
        if checker.unfit:
            return None
        settings = self._endpoint.settings
        asker = Asker(self._endpoint, self._model)
        gesture = next((each.quote for each in offline.evidence if each.of == "gesture"), "")
        case = asker.case(self._system, (self._levels, self._harm), occasion, history, reply, gesture)
        if case is None:
            return self._failed(
                f"The model's context of {settings.context:,} tokens cannot hold this reply whole, "
                "and it is not judged in part."
            )
        of_levels, of_harm = asker.request(self._levels, case), asker.request(self._harm, case)
        spare = None
        if settings.call_limit is not None:
            spare = settings.call_limit - used.total - of_levels.tokens - of_harm.tokens
            if spare < 0:
                return self._failed("The limit of tokens for this call is reached.")
            spare //= 2
        # one after the other: the second begins like the first, which a server has at hand by then
        levels = await asker.ask(self._levels, of_levels, lambda said: _told(checker.of_levels(said).items()), spare)
        if not levels.heard:
            return msgspec.structs.replace(self._failed(levels.why), usage=levels.usage)
        harm = await asker.ask(self._harm, of_harm, lambda said: _told(checker.of_harm(said).items()), spare)
        verdict = self._failed(*dict.fromkeys(each.why for each in (levels, harm) if each.why))
        if levels.written and harm.written:
            checked = checker.check(levels.written, harm.written)
            doubted = doubts(checked, offline, occasion)
            verdict = msgspec.structs.replace(
                verdict,
                standing="unverified" if doubted.against else "verified",
                assessment=msgspec.structs.replace(checked.assessment, unsure=doubted.unsure),
                why=(*doubted.against, *checked.struck),
            )
        raw = "\n".join(each.raw for each in (levels, harm) if each.raw)
        return msgspec.structs.replace(verdict, raw=raw, usage=levels.usage + harm.usage)

    def _failed(self, *why: str) -> Verdict:
        return Verdict(standing="failed", why=why, model=self._model, prompt=self._prompt)


def _told(faults: Iterable[tuple[str, str]]) -> list[str]:
    return [f"The quote for {name} {fault}." for name, fault in faults]
