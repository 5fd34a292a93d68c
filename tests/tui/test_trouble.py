"""Trouble with a language model, on the screen: what happened, what can be done, and that nothing typed is lost."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
from textual.events import Key

from roleplay.conversation.trouble import Trouble, TroubleName
from roleplay.tui.screens.pause import PauseScreen
from roleplay.tui.widgets.trouble_panel import ChoiceButton, TroublePanel
from tests.llm.answering import Exchange, chunk
from tests.llm.misbehaving import FAULTS
from tests.llm.stub import HASTY, Stub, deadlines_for, nobody
from tests.tui.shell import seen
from tests.tui.stage import Stage
from tests.tui.talking import Talking, calls_with, plays_and_judges, talking

REPLY = "I hear you, Pat. Are you safe out there?"
ONE_OF_EACH = (
    "slow headers|stall|cut|html|drip of words|long line|401|404 model|429|429 credit|500|context|filter"
).split("|")
OTHERS = sorted(set(FAULTS) - set(ONE_OF_EACH))


def seen_to(holds: Callable[[], object]) -> asyncio.Future[None]:
    """`holds()` at last, looked at without disturbing the app."""

    async def wait() -> None:
        async with asyncio.timeout(20):
            while not holds():
                await asyncio.sleep(0.004)

    return asyncio.ensure_future(wait())


def undisturbed() -> float:
    """A clock that stands still while a thread of ours waits for a processor that others use."""
    waited = 0
    for task in Path("/proc/self/task").glob("*/schedstat"):
        with suppress(OSError):
            waited += int(task.read_text().split()[1])
    return time.monotonic() - waited / 1e9


def newly(call: Talking, before: Trouble | None) -> bool:
    """Whether another trouble than `before` is shown."""
    return call.session.trouble is not before and call.session.trouble is not None and call.troubled


def settled(call: Talking, before: Trouble | None) -> bool:
    """Whether the line was said, or another trouble than `before` is shown."""
    return newly(call, before) or not call.session.unfinished


async def says_half(exchange: Exchange) -> None:
    """Says a sentence and the beginning of another, and then nothing."""
    await exchange.head()
    await exchange.event(chunk("It is so cold out here. And I "))
    await exchange.for_ever()


async def breaks_off(exchange: Exchange) -> None:
    """Says a sentence and the beginning of another, and hangs up."""
    await exchange.head()
    await exchange.event(chunk("It is so cold out here. And I "))
    exchange.closes = True


async def says_nothing(exchange: Exchange) -> None:
    await exchange.for_ever()


async def test_a_fault_of_a_server_ends_in_its_named_state_in_time(tmp_path: Path) -> None:
    await ends_in_their_state(ONE_OF_EACH, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
async def test_every_fault_of_a_server_ends_in_its_named_state_in_time(part: int, tmp_path: Path) -> None:
    await ends_in_their_state(OTHERS[part::4], tmp_path)


async def ends_in_their_state(faults: Sequence[str], tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        for number, deadlines in enumerate({deadlines_for(name) for name in faults}):
            folder, alike = tmp_path / str(number), [name for name in faults if deadlines_for(name) == deadlines]
            async with talking(folder, stub, deadlines=deadlines) as call:
                for name in alike:
                    took = await meets(name, call, stub)
                    trouble = call.session.trouble
                    assert trouble and trouble.name in get_args(TroubleName), name
                    assert trouble.what in call.told, name
                    assert len(call.choices) == len(trouble.choices), name
                    assert took < HASTY.whole + 3, name
                call.calls.go_on_scripted(call.session)
                call.panel.post_message(TroublePanel.Chosen("retry"))
                await call.answered(1)
                assert not call.panel.display
                assert call.box.has_focus


async def meets(name: str, call: Talking, stub: Stub) -> float:
    """Let the line meet the fault `name`; the seconds until it is shown."""
    began, before = undisturbed(), call.session.trouble
    stub.script = [name] * 3  # a conversation that is too long is folded and tried again
    if before:
        call.panel.post_message(TroublePanel.Chosen("retry"))
    else:
        await call.send(REPLY)
    try:
        await seen_to(partial(newly, call, before))
    except TimeoutError:
        raise AssertionError(f"{name}: {call.session.trouble}, {call.said()[-1]}") from None
    return undisturbed() - began


async def test_nobody_at_the_address_is_told_with_how_to_mend_it(tmp_path: Path) -> None:
    with Stub() as stub:
        async with talking(tmp_path, stub, base_url=nobody()) as call:
            await call.send(REPLY)
            await seen_to(lambda: call.troubled)
            assert "Nobody answers at 127.0.0.1" in call.told
            assert "roleplay doctor" in call.told


async def broken_off(call: Talking, stub: Stub) -> None:
    """A line that broke off in the middle."""
    stub.script = [breaks_off]
    await call.send(REPLY)
    await seen_to(lambda: call.troubled)


async def test_the_half_line_stays_and_is_marked_as_cut_off(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            await broken_off(call, stub)
            assert "It is so cold out here. – cut off" in seen(call.pilot)
            await call.choose("Try again")
            await call.answered(1)
            said = call.said()
            assert said[-2:] == [("Pat", "It is so cold out here."), ("Pat", call.session.transcript.lines[-1].text)]
        async with talking(tmp_path, stub, resume=call.session.transcript.session.id) as call:
            assert "It is so cold out here. – cut off" in seen(call.pilot)


async def test_what_is_typed_stays_and_typing_goes_on_in_trouble(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub, deadlines=deadlines_for("slow headers")) as call:
            stub.script = ["slow headers"]
            await call.send(REPLY)
            call.box.put("and ")
            await seen_to(lambda: call.troubled)
            await call.pilot.press(*"then so")
            assert call.box.text == "and then so"
            assert call.box.has_focus
            await call.pilot.press("enter")
            assert "Choose first" in call.status
            assert call.kept() == 1
            assert call.box.text == "and then so"
            await call.pilot.press("tab", "right", "left")
            assert call.troubled


async def test_enter_that_was_meant_for_the_reply_chooses_nothing(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            stub.script = ["401"]
            await call.send(REPLY)
            await seen_to(lambda: call.troubled)
            call.panel._came = time.monotonic() + 20  # just now, however busy the machine is
            await call.pilot.press("enter")
            assert call.troubled
            assert call.choices[0] == "Scripted customer"


async def test_the_scripted_customer_takes_over_and_the_heading_says_so(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            assert "customer: stub" in seen(call.pilot)
            stub.script = ["401"]
            await call.send(REPLY)
            await seen_to(lambda: call.troubled)
            await call.choose("Scripted")
            await call.answered(1)
            assert "customer: scripted" in seen(call.pilot)
            assert ("note", "From here on the customer is scripted.") in call.said()
            asked = len(stub.requests)
            await call.reply("Still there?")
            assert len(stub.requests) == asked


async def test_a_server_that_is_busy_is_waited_for_in_view_and_tried_again_by_itself(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            stub.script = [busy_for("2")]
            await call.send(REPLY)
            await seen_to(lambda: call.troubled)
            assert call.choices == ["Wait 2 s", "Scripted customer", "Save and leave"]
            await call.choose("Wait")
            assert re.search(r"Trying again in [12] s\.", call.told)
            await call.answered(1)
            assert not call.panel.display


def busy_for(seconds: str) -> Callable[[Exchange], object]:
    async def busy(exchange: Exchange) -> None:
        await exchange.refuse(429, "Slow down.", Retry_After=seconds)

    return busy


async def test_the_waiting_can_be_stopped_at_once(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            stub.script = ["429 wait"]
            await call.send(REPLY)
            await seen_to(lambda: call.troubled)
            took = []
            for how in ("key", "mouse", "key"):
                call.panel.post_message(TroublePanel.Chosen("wait"))
                await seen_to(lambda: call.panel.counting)
                began = undisturbed()
                if how == "key":
                    call.app.post_message(Key("escape", None))
                else:
                    call.panel.query(ChoiceButton).first().on_click()
                await seen_to(lambda: not call.panel.counting)
                took.append(undisturbed() - began)
                assert call.choices == ["Wait 7 s", "Scripted customer", "Save and leave"]
            assert min(took) < 1, took
            assert not isinstance(call.app.screen, PauseScreen)


async def test_esc_stops_a_line_at_once_and_then_it_can_be_said_anew(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            stub.script = [says_nothing, says_half, says_half]
            await call.send(REPLY)
            took = []
            for number in (1, 2, 3):
                await seen_to(partial(comes, call, stub, number, number == 1))
                assert "Stop" in call.footer
                began = undisturbed()
                call.app.post_message(Key("escape", None))
                await seen_to(lambda: call.troubled)
                stub.wait_left()
                took.append(undisturbed() - began)
                assert call.told.startswith("You stopped the customer")
                assert call.entries[-1].cut_off is (number > 1)
                call.panel.post_message(TroublePanel.Chosen("retry"))
            assert min(took) < 1, took
            await call.answered(1)


def comes(call: Talking, stub: Stub, number: int, silent: bool) -> bool:
    """Whether the line that was asked for by request `number` is on its way, with its first words or none."""
    last = call.entries[-1]
    return len(stub.requests) == number and (silent or (last.kind == "customer" and not last.cut_off))


async def test_esc_opens_the_pause_menu_when_nothing_streams(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            await call.pilot.press("escape")
            assert isinstance(call.app.screen, PauseScreen)
            assert "Customer: stub at 127.0.0.1" in seen(call.pilot)
            assert "tokens sent" in seen(call.pilot)


async def test_after_a_second_without_a_word_it_is_said_who_is_thinking(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            stub.script = [says_nothing]
            await call.send(REPLY)
            await seen_to(lambda: re.search(r"Pat is thinking … \d+ s\. Esc stops\.", call.status))
            await call.pilot.press("escape")
            assert "thinking" not in call.status


@pytest.mark.parametrize("way", ["leave", "end"])
async def test_no_way_out_waits_for_a_line_that_streams(way: str, tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            stub.script = [says_half]
            await call.send(REPLY)
            await seen_to(lambda: call.entries[-1].kind == "customer")
            await call.pilot.press(*"typed")
            began = undisturbed()
            call.app.call._paused(way)
            if way == "end":
                await seen_to(lambda: call.session.ended)
                assert not call.panel.display
            else:
                await seen_to(lambda: call.app.result == "paused")
            assert undisturbed() - began < 3
        assert call.calls and call.session.transcript.lines[-1].text == "It is so cold out here."


async def test_the_limit_of_a_call_can_be_lifted(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub, call_limit=1_000) as call:
            await call.send(REPLY)
            await seen_to(lambda: call.troubled)
            assert call.choices == ["Scripted customer", "Double the limit", "Save and leave"]
            while call.session.trouble:
                before = call.session.trouble
                call.panel.post_message(TroublePanel.Chosen("lift"))
                await seen_to(partial(settled, call, before))
            await call.answered(1)


async def test_the_trouble_is_read_whole_on_the_smallest_terminal(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub, size=(60, 16)) as call:
            stub.script = ["withheld"]
            await call.send(REPLY)
            await seen_to(lambda: call.troubled)
            await call.pilot.pause()
            shown = " ".join(seen(call.pilot).replace("▌", " ").split())
            assert call.session.trouble
            assert "or choose another model." in shown
            assert all(words in shown for words in call.choices)
            assert "Your reply. Enter sends" in shown


async def test_the_app_goes_on_drawing_while_a_line_comes(tmp_path: Path) -> None:
    """No piece of work of its thread takes longer than 50 ms, by its own clock, from Enter to the verdict."""
    with Stub(plays_and_judges) as stub:
        stub.pace = 0.01
        async with talking(tmp_path, stub, judge_model="stub", size=(140, 40)) as call:
            await call.reply(REPLY)  # what is imported at the first line has been
            await call.until(lambda: call.session.transcript.verdicts)
            longest, over = 0.0, False

            async def watch() -> None:
                nonlocal longest
                while not over:
                    before = time.thread_time()
                    await asyncio.sleep(0)
                    longest = max(longest, time.thread_time() - before)
                    await asyncio.sleep(0.002)

            watching = asyncio.create_task(watch())
            await call.send(REPLY)
            await seen_to(lambda: len(call.session.transcript.verdicts) == 2)
            over = True
            await watching
            assert longest < 0.05


async def test_a_resumed_call_in_which_it_is_your_turn_waits_for_nobody(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            await call.send(REPLY)
            await call.until(lambda: not call.session.unfinished and len(call.session.transcript.lines) == 2)
        async with talking(tmp_path, stub, resume=call.session.transcript.session.id) as call:
            await call.pilot.pause()
            assert call.app.call._thinking._timer is None


async def test_a_resumed_call_whose_model_is_gone_says_that_the_script_goes_on(tmp_path: Path) -> None:
    with Stub(plays_and_judges) as stub:
        async with talking(tmp_path, stub) as call:
            ident = call.session.transcript.session.id
    calls = calls_with(tmp_path, None)
    app = Stage(calls, await calls.resume(ident), resumed=True, animated=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        told = " ".join(entry.text for entry in app.call._said.entries)
    assert "is not there now: from here on the customer is scripted" in told
    calls.close()
