"""`roleplay personas preview`, as an author at a prompt meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roleplay.text import has_controls
from tests.cli.prompt import Run
from tests.cli.prompt import run as run
from tests.cli.prompt import workspace as workspace
from tests.persona.samples import RICH, SHORT

QUESTION = "Are you safe there? Is anyone with you?"


@pytest.fixture
def dana(tmp_path: Path) -> Path:
    path = tmp_path / "dana.yaml"
    path.write_text(RICH, encoding="utf-8")
    return path


def test_the_mind_is_shown_and_then_what_a_model_would_get(run: Run, dana: Path) -> None:
    result = run("preview", dana, "--prompt")
    assert (result.code, result.err) == (0, "")
    shown = result.out
    order = ["Mood: ", "At:", "Needs", "Told", "Kept back", "Moments to come", "Endings", "What could be said next"]
    order += ["as the actor", "--- system", "[stage direction", "as the judge", "The second request"]
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    assert "passenger (tells safe): trust 4 of 5" in shown
    assert "two-feet: “They're going by like two feet from my door.”" in shown
    assert "hangs-up (bad): wants patience <= 0 (it is 6)" in shown
    assert "“Okay. Belt's on.”" in shown


def test_a_persona_of_a_few_lines_is_previewed_too(run: Run, workspace: Path) -> None:
    result = run("preview", "dana", "--workspace", workspace)
    assert result.code == 0
    assert "Hi, um, I need a tow." in result.out


def test_the_state_is_the_one_that_was_asked_for(run: Run, dana: Path) -> None:
    shown = run("preview", dana, "--state", "trust=6,distress=3,said=two-feet,met=tow", "--only", "mind").out
    assert "trust 6, distress 3, patience 6" in shown
    assert "after 1 reply" in shown
    assert "tow (spoken, met)" in shown
    assert "passenger (tells safe): if its topic is touched (alone and anyone with you)" in shown


def test_a_reply_shows_what_was_heard_how_it_moved_what_opened_and_the_line(run: Run, dana: Path) -> None:
    shown = run("preview", dana, "--state", "trust=9", "--reply", QUESTION, "--only", "reply").out
    for words in ("Heard:      touches passenger", "Assessed:", "Moved:      trust 9", "Told:       passenger"):
        assert words in shown
    assert "Answer:" in shown and "My daughter's in the back." in " ".join(shown.split())


def test_an_empty_reply_is_a_silence(run: Run, dana: Path) -> None:
    assert "Heard:      silence" in run("preview", dana, "--reply", "", "--only", "reply").out


@pytest.mark.parametrize(
    ("part", "has", "lacks"),
    [("mind", "Mood:", "--- system"), ("actor", "[stage direction", "Mood:  "), ("judge", "<<<case", "Mood:  ")],
)
def test_only_one_part(run: Run, dana: Path, part: str, has: str, lacks: str) -> None:
    shown = run("preview", dana, "--only", part, "--prompt").out
    assert has in shown and lacks not in shown


def test_of_what_is_sent_the_head_is_shown_and_with_prompt_every_word(run: Run, dana: Path) -> None:
    heads, whole = (run("preview", dana, "--only", "actor", *more).out for more in ((), ("--prompt",)))
    assert len(heads.splitlines()) < 30 < len(whole.splitlines())
    assert max(map(len, heads.splitlines())) <= 80
    assert "--- system (≈ " in heads and "\n… and " in heads and "--prompt shows every word of it." in heads
    assert "… and " not in whole and "--prompt" not in whole
    requests = json.loads(run("preview", dana, "--json").out)["requests"]
    for part in requests["actor"]["messages"]:
        assert part["text"] in whole


def test_what_is_sent_has_a_cost_where_there_is_a_price(run: Run, workspace: Path) -> None:
    asked = ("preview", "dana", "--workspace", workspace)
    assert "Put a [price] into roleplay.toml to see what that costs." in run(*asked).out
    (workspace / "roleplay.toml").write_text('[price]\nsent = 100.0\nreceived = 300.0\ncurrency = "EUR"\n')
    shown = " ".join(run(*asked).out.split())
    requests = json.loads(run(*asked, "--json").out)["requests"]
    for request in requests.values():
        if isinstance(request, dict):
            tokens = request["tokens"]
            assert f"≈ {tokens:,} tokens, ≈ {tokens / 10_000:.4f} EUR to send" in shown
    assert "[price]" not in shown and "[price]" not in run(*asked, "--only", "mind").out


def test_what_was_found_is_there_for_programs(run: Run, dana: Path) -> None:
    told = json.loads(run("preview", dana, "--json", "--state", "trust=9", "--reply", QUESTION).out)
    assert set(told) == {"mind", "reply", "requests"}
    assert told["mind"]["feelings"] == {"trust": 9, "distress": 6, "patience": 6}
    assert [door["id"] for door in told["mind"]["doors"]] == ["passenger"]
    assert told["reply"]["opened"] == "passenger"
    assert told["reply"]["says"]
    assert told["requests"]["actor"]["messages"][0]["role"] == "system"
    assert told["requests"]["exact"] is False and told["requests"]["actor"]["tokens"] > 1_000
    assert json.loads(run("preview", dana, "--json").out)["reply"] is None


def test_tokens_are_marked_as_estimates_where_they_are(run: Run, dana: Path) -> None:
    shown = run("preview", dana, "--only", "actor").out.splitlines()
    assert "≈" in shown[0] + shown[1] and "estimated by the length of the text" in f"{shown[0]} {shown[1]}"


def test_lines_fit_into_eighty_columns_but_for_what_is_sent(run: Run, dana: Path) -> None:
    shown = run("preview", dana, "--only", "mind").out.splitlines()
    shown += run("preview", dana, "--only", "reply", "--reply", "Hm.").out.splitlines()
    assert max(map(len, shown)) <= 80


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["dana.yaml", "--state", "trust=lots"], 2, "Error: --state: “trust=lots” wants a number from 0 to 10."),
        (["dana.yaml", "--state", "disclosed=pasenger"], 2, "Did you mean passenger?"),
        (["nobody"], 1, "There is no persona “nobody”."),
        (["missing.yaml"], 1, "There is no persona file at “missing.yaml”."),
        (["./"], 1, "is a directory"),
        (["broken.yaml"], 1, "Did you mean title?"),
        (["dana.yaml", "--only", "reply"], 2, "There is no reply to show: write one with --reply."),
        (["dana.yaml", "--only", "soul"], 2, "'soul' is not one of"),
        (["dana.yaml", "--reply", "a" * 4_001], 2, "at most 4,000 can be said at once"),
        (["dana.yaml", "--model", "a\x1b[2J"], 2, "is no name of a model."),
        ([], 2, "Missing argument 'PATH'."),
    ],
)
def test_what_cannot_be_previewed_is_told_in_a_sentence(
    run: Run, dana: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, told: str
) -> None:
    monkeypatch.chdir(dana.parent)
    Path("broken.yaml").write_text(SHORT.replace("title:", "titel:"), encoding="utf-8")
    result = run("preview", *arguments)
    assert (result.code, result.out) == (code, "")
    assert told in result.err
    assert "Traceback" not in result.err and not has_controls(result.err)


def test_what_a_stranger_wrote_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    hostile = tmp_path / "dana.yaml"
    hostile.write_text(RICH.replace("Frightened", '"[/b] {x} %s"'), encoding="utf-8")
    result = run("preview", hostile, "--reply", "\x1b]52;c;AAAA\x07 [bold]hello there, what is it?")
    assert (result.code, result.err) == (0, "")
    assert "feels: [/b] {x} %s" in result.out and "␛]52;c;AAAA␇" in result.out
    assert not has_controls(result.out)
