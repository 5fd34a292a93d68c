"""Against the real server of llama.cpp, with a model of random weights: transport, schema and faults, never the acting.

`make llama` installs the server and runs these.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from roleplay.cli.main import main
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.trouble import InTrouble
from roleplay.conversation.turns import SessionRecord
from roleplay.judge.written import HARM_SCHEMA, LEVELS_SCHEMA
from roleplay.llm.chat import Chat, ChatMessage
from roleplay.llm.endpoint import Endpoint
from roleplay.llm.looking import Model, look_at
from roleplay.llm.probe import SCHEMA, probe
from roleplay.llm.settings import EndpointSettings
from roleplay.persona.library import shipped_folder
from roleplay.persona.loading import load_persona
from roleplay.practice.casting import Casting
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.store.transcripts import Transcripts
from tests.journeys.playing import replies_of
from tests.llm.llama import CONTEXT, KEY, NAME, Llama, llama

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("xllamacpp") is None, reason="llama.cpp's server is not installed: make llama"
)

CHAT: Chat = (
    ChatMessage("system", "You are a customer."),
    ChatMessage("user", "Hello, what can I do for you?"),
    ChatMessage("assistant", "My car is dead."),
    ChatMessage("user", "Where are you now?"),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Llama]:
    with llama(tmp_path_factory.mktemp("llama"), key=KEY) as running:
        yield running


def settings(server: Llama, **changes: Any) -> EndpointSettings:
    usual: dict[str, Any] = {"base_url": server.base_url, "model": NAME, "key": KEY, "context": CONTEXT}
    return EndpointSettings(**{**usual, **changes})


async def trouble(endpoint: Endpoint, chat: Chat = CHAT) -> str:
    """The name of the trouble a stream and a whole answer end in."""
    names = set()
    with pytest.raises(InTrouble) as met:
        async with endpoint.stream(chat, model=NAME, most=20) as words:
            async for _ in words:
                pass
    names.add(met.value.trouble.name)
    with pytest.raises(InTrouble) as met:
        await endpoint.complete(chat, model=NAME, most=20)
    names.add(met.value.trouble.name)
    await endpoint.aclose()
    assert len(names) == 1
    return names.pop()


async def test_it_streams_and_says_what_it_took(server: Llama) -> None:
    endpoint = Endpoint(settings(server))
    most = 0
    for seed in range(4):
        async with endpoint.stream(CHAT, model=NAME, most=400, seed=seed) as words:
            pieces = [piece async for piece in words]
        assert "".join(pieces).rstrip().endswith(".") and words.finish == "stop"
        assert words.usage.exact and words.usage.requests == 1 and words.usage.sent > 20
        assert words.usage.received >= len(pieces) - 1
        most = max(most, len(pieces))
    await endpoint.aclose()
    assert most > 2


async def test_what_it_read_before_is_counted_as_cached(server: Llama) -> None:
    endpoint = Endpoint(settings(server))
    first = await endpoint.complete(CHAT, model=NAME, most=60, seed=1)
    longer = (*CHAT, ChatMessage("assistant", first.text), ChatMessage("user", "And now?"))
    second = await endpoint.complete(longer, model=NAME, most=60, seed=1)
    await endpoint.aclose()
    assert second.usage.cached > first.usage.sent // 2


async def test_an_answer_is_cut_at_the_limit(server: Llama) -> None:
    endpoint = Endpoint(settings(server))
    cut = await endpoint.complete(CHAT, model=NAME, most=1, seed=1)
    await endpoint.aclose()
    assert (cut.finish, cut.usage.received) == ("length", 1)


async def test_json_keeps_to_the_schema_even_from_random_weights(server: Llama) -> None:
    endpoint = Endpoint(settings(server))
    for temperature in (0.0, 0.4, 0.8, 1.2):
        answer = await endpoint.complete(CHAT, model=NAME, most=400, schema=SCHEMA, temperature=temperature, seed=1)
        form = json.loads(answer.text)
        assert answer.finish == "stop" and set(form) == {"car_stopped", "urgency", "quote"}
        assert isinstance(form["car_stopped"], bool) and form["urgency"] in (0, 1, 2)
    await endpoint.aclose()


async def test_leaving_a_stream_early_leaves_the_server_free(server: Llama) -> None:
    endpoint = Endpoint(settings(server))
    for _ in range(4):
        async with endpoint.stream(CHAT, model=NAME, most=20_000) as words:
            async for _piece in words:
                break
    answer = await endpoint.complete(CHAT, model=NAME, most=60, seed=1)
    await endpoint.aclose()
    assert answer.text


@pytest.mark.parametrize("key", ["", "another"])
async def test_a_wrong_key_is_refused(key: str, server: Llama) -> None:
    assert await trouble(Endpoint(settings(server, key=key))) == "key refused"


async def test_a_wrong_address_is_told(server: Llama) -> None:
    base_url = server.base_url.replace("/v1", "/v2")
    assert await trouble(Endpoint(settings(server, base_url=base_url))) == "no model"


async def test_what_does_not_fit_is_too_long(server: Llama) -> None:
    assert (
        await trouble(Endpoint(settings(server)), (*CHAT[:3], ChatMessage("user", "x7 " * (CONTEXT // 2))))
        == "too long"
    )


async def test_roles_that_do_not_alternate_are_refused_by_its_template(server: Llama) -> None:
    """As the templates of many local models do; so what is sent has to alternate."""
    assert await trouble(Endpoint(settings(server)), (*CHAT, CHAT[-1])) in ("declined", "server fault", "garbled")


async def test_a_tiny_call_is_probed(server: Llama) -> None:
    endpoint = Endpoint(settings(server, judge_model=NAME))
    probed = await probe(endpoint)
    await endpoint.aclose()
    assert probed.troubles == () and probed.words and probed.words.text
    assert probed.form and probed.form.wrong == "" and probed.usage.exact


def test_it_is_found_by_looking(tmp_path: Path) -> None:
    with llama(tmp_path) as server:
        found = look_at([server.base_url])[0]
    assert (found.name, found.answer, found.models) == ("llama.cpp", "models", (Model(NAME, CONTEXT),))


def test_with_a_key_its_models_are_told_all_the_same_or_it_wants_one(server: Llama) -> None:
    assert look_at([server.base_url])[0].answer in ("models", "wants a key")


def test_the_doctor_finds_it_well(
    server: Llama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROLEPLAY_API_KEY", KEY)
    monkeypatch.setenv("ROLEPLAY_CONFIG_DIR", str(tmp_path))
    arguments = ["doctor", "--json", "--workspace", str(tmp_path), "--base-url", server.base_url, "--model", NAME]
    monkeypatch.setattr(sys, "argv", ["roleplay", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    data = msgspec.json.decode(told.out)
    assert ended.value.code in (0, None) and data["works"], data
    assert data["endpoint"]["key_from"] == "ROLEPLAY_API_KEY" and data["probe"]["schema"]["kept"]
    assert KEY not in told.out + told.err


async def test_a_whole_call_is_played_and_judged_and_kept(server: Llama, tmp_path: Path) -> None:
    """A skilled trainee's call through the real session, store, actor and judge, and back from the database."""
    script = script_for(load_persona(shipped_folder() / "stranded-driver.yaml"))
    casting = Casting(settings(server, judge_model=NAME))
    record = SessionRecord(
        id="salad", script=script, seed="7", exam=False, actor=NAME, trainee="Sam", started="2026-01-01T00:00:00Z"
    )
    with Transcripts(tmp_path / "roleplay.db") as store:
        session = await Session.begin(
            record,
            store=store,
            scorer=OfflineScorer(script.rubric),
            actor=casting.actor(),
            clock=lambda: "2026-01-01T00:00:00Z",
            judge=casting.judge(script.rubric),
        )
        await session.speak()
        for reply in replies_of("skilled"):
            await session.reply(reply)
            assert session.trouble is None
            if session.ended:
                break
        await session.fill_gaps(lambda done, of: None)
        await casting.aclose()
        kept = store.load("salad")
    assert session.ended and kept == session.transcript

    opening, *spoken = kept.lines
    assert opening.voiced.voice == "scripted" and len(spoken) == len(kept.replies)
    for line in spoken:
        assert line.voiced.voice in ("llm", "mended", "replaced") and line.voiced.model == NAME
        assert 1 <= line.voiced.usage.requests <= 3 and line.voiced.usage.received > 0
        assert line.text
    # what was stopped before its end the server has not counted
    assert any(line.voiced.usage.exact for line in spoken)
    # a salad of words never holds what the line must tell
    assert {line.voiced.voice for line in spoken} <= {"mended", "replaced"}

    for answered in kept.replies:
        verdict = kept.verdict_on(answered)
        assert verdict is not None and verdict.usage.exact and verdict.usage.requests >= 2
        levels, harm = (json.loads(line) for line in verdict.raw.splitlines())
        assert set(levels) == set(LEVELS_SCHEMA["properties"]) and set(harm) == set(HARM_SCHEMA["properties"])
        # nor does what it quotes stand in the reply, so no point of its own counts
        assert verdict.assessment and (verdict.standing == "unverified" or not any(verdict.assessment.scores.values()))
    assert kept.usage.cached > 0 and kept.usage.total > 10_000
