"""A call in plain mode with a language model: whatever its server does, the call goes on, and comes to its end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from roleplay.cli import afterwards, plain, stuck
from roleplay.cli.desk import Paused
from roleplay.conversation.session import Session
from roleplay.conversation.trouble import TroubleName
from roleplay.llm.settings import Deadlines
from roleplay.practice.calls import Calls
from tests.cli.llm_calls import (
    REPLY,
    Typist,
    approving,
    busy_for_a_second,
    calls_at,
    cut_after_a_sentence,
    meets,
    obedient,
    overheard,
    piped,
    play,
    press_ctrl_c,
)
from tests.llm.misbehaving import FAULTS
from tests.llm.stub import HASTY, PATIENT, Stub, deadlines_for, nobody
from tests.llm.test_troubles import ENDS_IN

AT_MOST = HASTY.whole + 5
"""Seconds in which a fault is met: a server that floods is read up to a size, which takes a busy machine its time."""


@pytest.fixture(scope="module")
def server() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub


@pytest.fixture
def stub(server: Stub) -> Stub:
    return server.afresh(obedient)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afterwards, "_SOON", 0.05)


def voices(session: Session) -> list[str]:
    """How the lines came about that were said to their end."""
    return [line.voiced.voice for line in session.transcript.lines if not line.broken_off]


def state_of(name: str) -> TroubleName:
    """The state in which a streamed answer ends that meets this fault."""
    expected = ENDS_IN[name]
    return expected[0] if isinstance(expected, tuple) else expected


class Met(NamedTuple):
    """What became of a call whose first line met a fault: the state it ended in if anybody was asked.

    `took`: seconds from the first request until somebody was asked, or until the call ended.
    """

    session: Session
    trouble: TroubleName | None
    took: float
    requests: int

    @property
    def fine(self) -> bool:
        """Everything said was kept, the customer answered by the script, and the call came to its end."""
        transcript = self.session.transcript
        return (
            transcript.ending is not None
            and [reply.text for reply in transcript.replies] == [REPLY]
            and voices(self.session) == ["scripted", "scripted"]
            and transcript.lines[-1].text == transcript.replies[0].direction.line
        )


class Faulty:
    """Calls in a workspace over a stub, for each fault those whose deadlines fit it."""

    def __init__(self, workspace: Path, stub: Stub) -> None:
        self._workspace, self._stub = workspace, stub
        self._calls: dict[Deadlines, Calls] = {}

    def met_in(self, fault: str, *, asked: bool) -> Met:
        """Play a call in which all requests meet `fault`, and go on with the script if that is `asked`."""
        deadlines = deadlines_for(fault)
        if deadlines not in self._calls:
            self._calls[deadlines] = calls_at(self._workspace, self._stub, deadlines=deadlines)
        return met_in(self._calls[deadlines], self._stub, fault, asked=asked)


def met_in(calls: Calls, stub: Stub, fault: str, *, asked: bool) -> Met:
    stub.script = lambda request: fault
    stub.requests.clear()
    sessions: list[Session] = []
    seen: list[tuple[TroubleName, float]] = []

    def chosen() -> str:
        assert sessions[0].trouble
        seen.append((sessions[0].trouble.name, time.monotonic()))
        return "scripted"

    play(calls, Typist(REPLY, answers={"1 to": chosen}) if asked else piped(REPLY), begun=sessions.append)
    trouble, at = seen[0] if seen else (None, time.monotonic())
    return Met(sessions[0], trouble, at - stub.requests[0].at, len(stub.requests))


def test_each_fault_at_a_terminal_ends_in_its_state_with_choices_and_the_call_goes_on(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = Faulty(tmp_path, stub)
    found = {name: faulty.met_in(name, asked=True) for name in FAULTS}
    assert {name: met.trouble for name, met in found.items()} == {name: state_of(name) for name in FAULTS}
    assert [name for name, met in found.items() if not met.fine] == []
    assert [name for name, met in found.items() if met.took > AT_MOST] == []
    assert {name for name, met in found.items() if met.requests > 1} == {"context"}
    told = capsys.readouterr()
    assert told.err.count("The scripted customer goes on with this call.") == len(FAULTS)
    assert told.out.count("Debrief.") == len(FAULTS) and "canary" not in (told.out + told.err).lower()


def test_a_fault_of_each_kind_in_a_pipe_is_met_without_anybody_and_the_call_comes_to_its_end(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stuck, "LONGEST_WAIT", 0.5)
    faulty = Faulty(tmp_path, stub)
    of_each_kind = {state_of(name): name for name in FAULTS}
    found = {state: faulty.met_in(name, asked=False) for state, name in of_each_kind.items()}
    assert [state for state, met in found.items() if not met.fine] == []
    assert [state for state, met in found.items() if met.took > 2 * AT_MOST] == []
    tried_again = {state for state, met in found.items() if met.requests == 2}
    assert tried_again == {"slow", "stalled", "cut off", "garbled", "too big", "server fault"}
    assert {met.requests for state, met in found.items() if state not in tried_again} == {1, 3}
    assert "canary" not in "".join(capsys.readouterr()).lower()


def test_where_nobody_answers_the_scripted_customer_goes_on(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = play(calls_at(tmp_path, stub, base_url=nobody()), piped(REPLY, REPLY))
    assert voices(session) == ["scripted"] * 3 and session.ended
    assert capsys.readouterr().err.count("Nobody answers at 127.0.0.1") == 2


def test_a_half_line_is_shown_cut_off_and_kept_and_said_anew(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.script = meets([cut_after_a_sentence])
    session = play(calls_at(tmp_path, stub), Typist(REPLY, answers={"1 to": "retry"}))
    half, whole = session.transcript.lines[1:]
    assert half.broken_off and not whole.broken_off
    told = capsys.readouterr().out
    assert told.index(f"Customer: {half.text.strip()} (cut off)") < told.index(f"Customer: {whole.text}")


def test_a_server_that_asks_to_wait_is_waited_for_by_itself_and_not_asked_early(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.script = meets([busy_for_a_second])
    session = play(calls_at(tmp_path, stub), piped(REPLY))
    assert voices(session) == ["scripted", "llm"]
    first, second = stub.requests
    assert second.at - (first.answered or 0) >= 1
    assert "Trying once more in 1 second." in capsys.readouterr().err


def test_a_storm_of_429_gets_no_more_than_three_requests_a_turn(stub: Stub, tmp_path: Path) -> None:
    stub.script = lambda request: busy_for_a_second
    calls = calls_at(tmp_path, stub, judge_model="judge")
    session = play(calls, piped(*[REPLY] * 4))
    turns = len(session.transcript.replies)
    assert turns == 4 and len(stub.requests) <= 3 * turns


def test_waiting_counts_down_and_ctrl_c_goes_back_to_the_choices(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.script = meets(["429 wait"])
    gave_up: list[float] = []
    heard = overheard(stuck, monkeypatch)

    def waits_then_not() -> str:
        if gave_up:
            gave_up.append(time.monotonic())
            return "2"
        gave_up.append(time.monotonic())
        press_ctrl_c(once=lambda: any(words.startswith("Waiting 7 seconds") for words in heard))
        return "wait"

    session = play(calls_at(tmp_path, stub), Typist(REPLY, answers={"1 to": waits_then_not}))
    assert gave_up[1] - gave_up[0] < 5
    told = capsys.readouterr().err
    assert "  1  wait 7 seconds, then try again\n  2  go on with the scripted customer\n  3  save the call" in told
    assert told.index("Waiting 7 seconds. Ctrl+C goes back") < told.index("Not waiting any longer.")
    assert session.ended and len(stub.requests) == 1


@pytest.mark.parametrize("answer", ["3", "leave", "/pause", None, "ctrl+c"])
def test_a_call_in_trouble_is_saved_and_left_and_gone_on_with(answer: str | None, stub: Stub, tmp_path: Path) -> None:
    def chosen() -> str | None:
        if answer == "ctrl+c":
            raise KeyboardInterrupt
        return answer

    stub.script = meets(["500"])
    with pytest.raises(Paused if answer != "ctrl+c" else KeyboardInterrupt):
        play(calls_at(tmp_path, stub), Typist(REPLY, answers={"1 to": chosen}))
    calls = calls_at(tmp_path, stub)
    [cut_short] = calls.interrupted()
    session = play(calls, Typist(), resume=cut_short.id)
    assert voices(session) == ["scripted", "llm"]


def test_an_answer_that_is_no_choice_is_asked_for_again(stub: Stub, tmp_path: Path) -> None:
    stub.script = meets(["500"])
    given = iter(["9", "what?", "sc"])
    typist = Typist(REPLY, answers={"1 to": lambda: next(given)})
    play(calls_at(tmp_path, stub), typist)
    assert typist.asked.count("1 to 3, or Enter for 1: ") == 3


def test_the_limit_of_a_call_is_warned_of_and_can_be_lifted(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    took = play(calls_at(tmp_path, stub), piped(REPLY)).transcript.usage.total
    capsys.readouterr()
    calls = calls_at(tmp_path, stub, call_limit=int(took / 0.9))
    session = play(calls, Typist(REPLY, "/tokens", REPLY, REPLY, answers={"1 to": "lift"}))
    told = capsys.readouterr().err
    assert told.count("Near the limit of this call: ") == 1
    assert told.index("Near the limit") < told.index("2  let this call take twice as many tokens")
    assert f"the limit of this call is {2 * int(took / 0.9):,}." in told and told.count("tokens sent") >= 4
    assert set(voices(session)[1:]) == {"llm"}


def test_who_waits_for_the_customer_is_told_so_once_and_only_after_a_while(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.script = meets(["slow headers"])
    calls = calls_at(tmp_path, stub, deadlines=replace(PATIENT, first_word=1.5))
    monkeypatch.setattr(plain, "_QUIET", 20.0)
    play(calls, Typist(REPLY, answers={"1 to": "scripted"}))
    assert "thinking" not in capsys.readouterr().err
    monkeypatch.setattr(plain, "_QUIET", 0.05)
    stub.script = meets(["slow headers"])
    play(calls, Typist(REPLY, answers={"1 to": "scripted"}))
    assert capsys.readouterr().err.count("The customer is thinking …") == 1


def test_ctrl_c_while_the_customer_is_waited_for_stops_the_call_and_the_server(stub: Stub, tmp_path: Path) -> None:
    stub.script = meets(["slow headers"])
    calls = calls_at(tmp_path, stub)
    press_ctrl_c(once=lambda: stub.requests)
    with pytest.raises(KeyboardInterrupt):
        play(calls, Typist(REPLY))
    assert time.monotonic() - stub.requests[0].at < 5
    stub.wait_left()
    [cut_short] = calls.interrupted()
    assert cut_short.turns == 1


# The judge beside the call


class Slowly(Typist):
    """Types only when the judge has read everything that was said in the call; `begun` is to hear of it."""

    def begun(self, session: Session) -> None:
        self._session = session

    def next(self) -> str | None:
        until = time.monotonic() + 20
        while len(self._session.transcript.verdicts) < len(self._session.transcript.replies):
            assert time.monotonic() < until, "the judge has not read it"
            time.sleep(0.005)
        return super().next()


def test_a_verdict_is_told_before_the_next_line_where_it_changes_what_was_heard(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.answer = approving
    calls = calls_at(tmp_path, stub, judge_model="judge")
    typist = Slowly(REPLY, "Okay.")
    session = play(calls, typist, begun=typist.begun)
    first = session.transcript.verdicts[0].verdict
    assert (first.standing, first.why) == ("verified", ())
    out = capsys.readouterr().out.splitlines()
    heard = [line.split(":")[0] for line in out if line.startswith(("Heard", "Customer"))]
    assert heard[:5] == ["Customer", "Heard", "Customer", "Heard (judge)", "Heard"]
    assert any("(heard so by the judge)" in line for line in out)


def test_an_exam_tells_nothing_of_verdicts_before_its_end(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.answer = approving
    typist = Slowly(REPLY, "Okay.")
    session = play(calls_at(tmp_path, stub, judge_model="judge"), typist, exam=True, begun=typist.begun)
    before, after = capsys.readouterr().out.split("Debrief.")
    assert session.transcript.verdicts and "Heard" not in before and "judge" not in before
    assert "heard so by the judge" in after


def test_what_was_not_judged_is_read_while_the_trainee_rates_the_call(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.answer = approving
    stub.script = lambda request: None if request.body.get("stream") else "500"
    calls = calls_at(tmp_path, stub, judge_model="judge")

    class Mends(Slowly):
        """Has the judge's server mended before the call is left."""

        def next(self) -> str | None:
            line = super().next()
            if line == "/leave":
                stub.script = []
            return line

    typist = Mends(REPLY, REPLY, answers={"0 to 4": "2"})
    session = play(calls, typist, begun=typist.begun)
    assert [each.verdict.standing for each in session.transcript.verdicts[:2]] == ["failed", "failed"]
    assert {each.verdict.standing for each in session.transcript.verdicts[-2:]} == {"verified"}
    assert "offline" not in capsys.readouterr().out


@pytest.mark.parametrize("at_a_terminal", [True, False])
def test_a_judge_that_does_not_answer_is_skipped_or_given_up(
    at_a_terminal: bool,
    stub: Stub,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(afterwards, "LONGEST_FINAL_PASS", 1.0)
    stub.script = meets([], judge="slow headers")
    calls = calls_at(tmp_path, stub, judge_model="judge")
    heard = overheard(afterwards, monkeypatch)

    def rates() -> str:
        press_ctrl_c(once=lambda: any(words.startswith("The judge is reading") for words in heard))
        return "2"

    session = play(calls, Typist(REPLY, answers={"0 to 4": rates}) if at_a_terminal else piped(REPLY))
    told = capsys.readouterr()
    assert session.ended and "Score: " in told.out
    assert "The judge is reading 1 more reply … (Ctrl+C skips)" in told.err
    assert ("Skipped:" if at_a_terminal else "The judge took too long:") in told.err
    assert not session.transcript.verdicts


def test_a_judge_that_failed_is_said_beside_the_reply(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.script = meets([], judge="html")
    play(calls_at(tmp_path, stub, judge_model="judge"), piped(REPLY))
    told = capsys.readouterr().out
    assert "(the judge could not judge this: the offline verdict counts)" in told
    assert "To know: 1 reply was not scored" in told


def test_words_that_were_meant_for_the_customer_are_told_not_to_have_been_sent(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stub.script = meets(["500"])
    given = iter(["I'm still here.", "2"])
    typist = Typist(REPLY, answers={"1 to": lambda: next(given), "Press Enter to take": "Hello?"})
    session = play(calls_at(tmp_path, stub), typist)
    told = capsys.readouterr().err
    assert "Nothing was sent yet: “Hello?”." in told
    assert "That is none of the choices, and was not sent: “I'm still here.”" in told
    assert len(session.transcript.replies) == 1
