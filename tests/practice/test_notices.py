"""What a debrief says quietly of the models that acted and judged."""

from __future__ import annotations

import msgspec

from roleplay.conversation.judging import Standing, Verdict
from roleplay.conversation.turns import KeptLine, KeptVerdict, Transcript
from roleplay.conversation.voiced import Voice, Voiced
from roleplay.practice.notices import notices_of
from roleplay.scoring.assessment import SCORED
from tests.store.kept_calls import AT, assessment, ending, line, opening, reply, session


def call(*lines: KeptLine, verdicts: tuple[Standing, ...] = ()) -> Transcript:
    return Transcript(
        session=session("call"),
        opening=opening("call"),
        replies=tuple(reply("call", turn) for turn in range(1, 4)),
        lines=lines,
        ending=ending("call"),
        self_rating=None,
        verdicts=tuple(
            KeptVerdict(
                session="call", branch=0, turn=turn, attempt=1, verdict=Verdict(standing=each), state=None, at=AT
            )
            for turn, each in enumerate(verdicts, 1)
        ),
    )


def voiced(turn: int, voice: Voice, *, softer: bool = False, broken_off: bool = False) -> KeptLine:
    said = line("call", turn, broken_off=broken_off)
    return msgspec.structs.replace(said, voiced=Voiced(voice=voice, model="m", softer=softer))


def test_a_scripted_call_has_none() -> None:
    assert list(notices_of(call(line("call", 1), line("call", 2)))) == []


def test_a_model_that_played_well_has_none() -> None:
    assert list(notices_of(call(voiced(1, "scripted"), voiced(2, "llm"), verdicts=("verified",) * 3))) == []


def test_a_customer_who_sounded_softer_than_they_felt_is_told_with_the_lines() -> None:
    (notice,) = notices_of(call(voiced(2, "llm", softer=True), voiced(3, "llm"), voiced(4, "llm", softer=True)))
    assert "warmer than they felt" in notice
    assert "(lines 2, 4)" in notice


def test_lines_that_were_replaced_or_mended_are_told_apart() -> None:
    notices = list(notices_of(call(voiced(2, "replaced"), voiced(3, "mended"))))
    assert "(line 2)" in notices[0]
    assert "scripted line was said instead" in notices[0]
    assert "(line 3)" in notices[1]


def test_a_broken_off_line_is_no_notice() -> None:
    assert list(notices_of(call(voiced(2, "llm", softer=True, broken_off=True)))) == []


def test_verdicts_that_did_not_count_are_told() -> None:
    notices = list(notices_of(call(verdicts=("unverified", "failed", "failed"))))
    assert notices[0].startswith("1 verdict of the judge could not be believed")
    assert notices[1].startswith("2 replies were not scored by the judge")


def test_replies_that_were_never_judged_are_counted_where_a_judge_took_part() -> None:
    (notice,) = notices_of(call(verdicts=("verified",)))
    assert notice.startswith("2 replies were not scored")


def test_a_judge_that_grew_lenient_raises_an_alarm() -> None:
    low = msgspec.structs.replace(assessment("x"), overall=0, scores=dict.fromkeys(SCORED, 0))
    high = msgspec.structs.replace(low, overall=4, scores={**dict.fromkeys(SCORED, 2), "harm": 0})
    replies = tuple(msgspec.structs.replace(reply("call", turn), assessment=low) for turn in range(1, 9))
    verdicts = tuple(
        KeptVerdict(
            session="call",
            branch=0,
            turn=turn,
            attempt=1,
            verdict=Verdict(standing="verified", assessment=high),
            state=None,
            at=AT,
        )
        for turn in range(1, 9)
    )
    told = msgspec.structs.replace(call(line("call", 1)), replies=replies, verdicts=verdicts)
    assert any("more and more favourable" in notice for notice in notices_of(told))
