"""`roleplay review` in printed lines, run as a coach runs it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from roleplay.store.integrity import verify
from tests import program
from tests.review.desks import desk_at
from tests.tui.reviewing import DISPUTED, OBJECTION, PLAIN, PLAYED, calls_that_wait, database, kept, two_tries

EVIL = "\x1b]52;c;ZXZpbA==\x07 \u202e[red]x[/red]"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    calls_that_wait(tmp_path)
    return tmp_path


def run(place: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {"TZ": "UTC", "ROLEPLAY_COACH": "Kim", **environment}
    ran = program.run("review", *arguments, "--workspace", str(place), **settings)
    return subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def refused(ran: subprocess.CompletedProcess[str]) -> str:
    assert ran.returncode != 0 and ran.stdout == ""
    assert "Traceback" not in ran.stderr
    (sentence,) = ran.stderr.strip().splitlines()[-1:]
    return sentence


def test_list_tells_the_most_urgent_first_with_why_it_waits(place: Path) -> None:
    ran = run(place, "list")
    assert ran.returncode == 0
    lines = ran.stdout.splitlines()
    assert lines[0] == "bbbb22  Ana, “The ramp”, 2026-11-04 13:03, 3 replies, score 62, disputed"
    assert lines[1].startswith("aaaa11  Sam, ") and "safety or boundary, low score 15" in lines[1]
    assert lines[2] == "cccc33  Ben, “The ramp”, 2026-11-04 13:03, 3 replies, score 62"
    shorter = run(place, "list", "--limit", "1")
    assert shorter.stdout.splitlines() == lines[:1] and "More wait: --limit 2." in shorter.stderr


def test_list_is_filtered_and_can_be_read_by_a_program(place: Path) -> None:
    def ids(*options: str) -> list[str]:
        return [call["id"] for call in json.loads(run(place, "list", "--json", *options).stdout)]

    assert ids() == [DISPUTED, PLAYED, PLAIN]
    assert ids("--trainee", "Ben") == [PLAIN]
    assert ids("--persona", "stranded-driver") == [PLAYED]
    assert ids("--least", "60", "--most", "70") == [DISPUTED, PLAIN]
    assert ids("--since", "2026-11-05") == ids("--until", "2026-11-03") == []
    assert ids("--since", "2026-11-04", "--until", "2026-11-04") == [DISPUTED, PLAYED, PLAIN]
    run(place, "mark", PLAIN)
    assert (ids("--reviewed"), ids()) == ([PLAIN], [DISPUTED, PLAYED])
    assert ids("--all") == [DISPUTED, PLAYED, PLAIN]
    assert "Nothing found. Looked for: Calls that wait, of “Ben”." in run(place, "list", "--trainee", "Ben").stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--trainee", "Bne"), "Error: Nobody called “Bne” has played here. Did you mean “Ben”?"),
        (("--since", "soon"), "Error: “soon” is no date. Give 2026-11-04, today, yesterday"),
        (("--since", "2026-11-05", "--until", "2026-11-04"), "Error: The first day comes after the last."),
        (("--least", "70", "--most", "60"), "Error: The lowest score is above the highest."),
    ],
)
def test_a_filter_that_cannot_be_is_told_in_one_sentence(options: tuple[str, ...], sentence: str, place: Path) -> None:
    assert refused(run(place, "list", *options)).startswith(sentence)


def test_a_review_is_done_in_commands_alone(place: Path) -> None:
    said = run(place, "comment", "bbbb", "1", "--line", "Hear", "the lorries.")
    assert said.stdout.startswith("Saved: your comment on “I am standing on the ramp")
    assert run(place, "comment", "bbbb", "2", "Ask first.").stdout.startswith("Saved: your comment on “It sounds")
    overruled = run(place, "overrule", "bbbb", "2", "acts", "0", "--reason", "Nothing is done.")
    assert "Saved: acts counts as 0 of 2 (the automated level is 1). The call's score is" in overruled.stdout
    answered = run(place, "answer", "bbbb", "An offer comes after safety.", "--kept")
    assert answered.stdout == "Saved: the dispute of reply 2 is not upheld.\n"
    assert run(place, "mark", "bbbb").stdout == "Saved: the call is reviewed.\n"
    shown = run(place, "show", "bbbb").stdout
    for told in (
        "reviewed by Kim, Ana",
        "   Comment by Kim (",
        "): Hear the lorries.",
        "acts 0 (was 1 by the offline scorer)",
        "): acts 0. Reason: Nothing is done.",
        f"): {OBJECTION}",
        ", not upheld: An offer comes after safety.",
    ):
        assert told in shown, told
    assert shown.index("Hear the lorries.") < shown.index("Ask first.")
    reviewed = kept(place, DISPUTED).reviewed
    assert [each.coach for each in (*reviewed.comments, *reviewed.overrides, *reviewed.answers, *reviewed.marks)] == (
        ["Kim"] * 5
    )
    assert [each["id"] for each in json.loads(run(place, "list", "--json").stdout)] == [PLAYED, PLAIN]
    assert verify(database(place)).fine


def test_an_overruled_level_is_lifted(place: Path) -> None:
    run(place, "overrule", PLAIN, "1", "overall", "0", "--reason", "No.")
    assert kept(place, PLAIN).reviewed.levels_on((0, 1))["overall"].level == 0
    lifted = run(place, "overrule", PLAIN, "1", "overall", "lift", "--reason", "I was wrong.")
    assert "counts as before" in lifted.stdout
    assert kept(place, PLAIN).reviewed.levels_on((0, 1)) == {}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("overrule", PLAIN, "1", "unspoken", "1", "--reason", "x"), "This moment does not call for “unspoken”."),
        (("overrule", PLAIN, "1", "warmth", "1", "--reason", "x"), "There is no dimension “warmth”. Here there are:"),
        (
            ("overrule", PLAIN, "1", "acts", "3", "--reason", "x"),
            "There is no level “3” of acts. Give 0 to 2",
        ),
        (("overrule", PLAIN, "1", "acts", "-1", "--reason", "x"), "No such option '-1'"),
        (("overrule", PLAIN, "1", "acts", "lift", "--reason", "x"), "No coach's level counts there"),
        (("overrule", PLAIN, "1", "acts", "1", "--reason", " "), "A reason needs words."),
        (("overrule", PLAIN, "9", "acts", "1", "--reason", "x"), "There is no reply 9: this call has 3 replies."),
        (("overrule", PLAIN, "1", "acts", "1", "--reason", "x", "--try", "2"), "Reply 1 was tried 1 time."),
        (("comment", PLAIN, "9", "--line", "x"), "There is no line that opens turn 9."),
        (("comment", PLAIN, "1", " "), "A comment needs words."),
        (("comment", PLAIN, "1", "x" * 4_001), "A comment has at most 4,000 characters"),
        (("answer", PLAIN, "x", "--upheld"), "No dispute of this call waits for an answer."),
        (("answer", DISPUTED, "x"), "It is not said what the answer is. Add --upheld or --kept."),
        (("answer", f"{DISPUTED}/zzzz", "x", "--kept"), "There is no such dispute."),
        (("mark", "zzzz"), "There is no transcript “zzzz”."),
        (("show", "zzzz"), "There is no transcript “zzzz”."),
        (("show", PLAIN, "--branch", "2"), "There is no try 2: beside its first path this call has none."),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence_and_nothing_is_kept(
    arguments: tuple[str, ...], sentence: str, place: Path
) -> None:
    before = kept(place, PLAIN).reviewed, kept(place, DISPUTED).reviewed
    assert sentence in refused(run(place, *arguments))
    assert (kept(place, PLAIN).reviewed, kept(place, DISPUTED).reviewed) == before


def test_of_several_disputes_one_is_named(place: Path) -> None:
    with desk_at(database(place), "Ana") as trainee:
        second = trainee.dispute(DISPUTED, trainee.open(DISPUTED).transcript.replies[0], "And this one.")
    assert "2 disputes of this call wait: " in refused(run(place, "answer", DISPUTED, "x", "--upheld"))
    ran = run(place, "answer", f"{DISPUTED}/{second.id[:6]}", "You are right.", "--upheld")
    assert ran.stdout == "Saved: the dispute of reply 1 is upheld.\n" and "overrule the level as well" in ran.stderr
    assert [each.turn for each in kept(place, DISPUTED).reviewed.open_disputes] == [2]


def test_a_call_with_an_open_dispute_stays_in_the_queue_when_it_is_marked(place: Path) -> None:
    assert "1 dispute waits still" in run(place, "mark", DISPUTED).stderr
    assert DISPUTED in run(place, "list", "--json").stdout


def test_show_as_json_has_both_levels(place: Path) -> None:
    run(place, "overrule", DISPUTED, "2", "acts", "0", "--reason", "Nothing is done.")
    data = json.loads(run(place, "show", DISPUTED, "--json").stdout)
    reply = next(each for each in data["entries"] if each["kind"] == "reply" and each["turn"] == 2)
    assert (reply["levels"]["acts"], reply["machine"]["acts"], reply["by"]) == (0, 1, "offline")
    assert reply["overruled"][0]["reason"] == "Nothing is done." and reply["disputes"][0]["answer"] is None
    assert data["score"] < data["machine_score"] and data["trainee"] == "Ana"


def test_tries_are_shown_and_reviewed_one_by_one(tmp_path: Path) -> None:
    two_tries(tmp_path)
    shown = run(tmp_path, "show", PLAIN).stdout
    assert "Try 1; --branch shows another (0)." in shown
    assert "Ben (try 1, taken back):" in shown and "It does not count: the first reply to a line does." in shown
    assert "Once more." not in run(tmp_path, "show", PLAIN, "--branch", "0").stdout
    run(tmp_path, "comment", PLAIN, "2", "--try", "2", "Better.")
    assert [(each.branch, each.turn) for each in kept(tmp_path, PLAIN).reviewed.comments] == [(1, 2)]


def test_without_a_terminal_the_screen_names_the_commands(place: Path) -> None:
    assert "There is no terminal, so the review cannot be shown. `roleplay review list`" in refused(run(place))
    assert "`roleplay review show aaaa` prints lines." in refused(run(place, "aaaa"))


def test_a_mistyped_command_is_not_taken_for_a_call(place: Path) -> None:
    assert refused(run(place, "lst")) == "Error: No such command “lst”. Did you mean list?"


def test_who_the_coach_is_is_given_or_the_user(place: Path) -> None:
    run(place, "mark", PLAIN, "--coach", "Lee\n\x1b[31m")
    run(place, "mark", PLAIN, ROLEPLAY_COACH="", LOGNAME="ada")
    run(place, "--coach", "Max", "mark", PLAIN)
    (place / "roleplay.toml").write_text('coach = "Noor"\n', encoding="utf-8")
    run(place, "mark", PLAIN, ROLEPLAY_COACH="")
    coaches = [each.coach for each in kept(place, PLAIN).reviewed.marks]
    assert coaches == ["Lee ␛[31m", "ada", "Max", "Noor"]


def test_samples_lie_in_a_database_of_their_own(tmp_path: Path) -> None:
    settings = {"XDG_DATA_HOME": str(tmp_path / "data")}
    listed = run(tmp_path, "list", "--samples", "--json", **settings)
    calls = json.loads(listed.stdout)
    assert calls and all(call["trainee"].startswith("Sample: ") for call in calls)
    run(tmp_path, "mark", calls[-1]["id"], "--samples", **settings)
    again = json.loads(run(tmp_path, "list", "--samples", "--json", **settings).stdout)
    assert len(again) == len(calls) - 1
    before = program.run("review", "--samples", "--workspace", str(tmp_path), "list", "--json", **settings)
    assert json.loads(before.stdout) == again
    assert not database(tmp_path).exists()
    assert "No call waits for a review." in run(tmp_path, "list", **settings).stderr


def test_nothing_that_a_stranger_wrote_steers_the_terminal(place: Path) -> None:
    with desk_at(database(place), EVIL) as desk:
        reply = desk.open(PLAIN).transcript.replies[0]
        desk.comment(PLAIN, 0, 1, "customer", EVIL)
        desk.overrule(PLAIN, reply, "overall", 0, EVIL)
        desk.dispute(PLAIN, reply, EVIL)
    for arguments in (["list"], ["list", "--json"], ["show", PLAIN], ["show", PLAIN, "--json"]):
        ran = run(place, *arguments)
        assert ran.returncode == 0 and not {"\x1b", "\x07", "\u202e"} & set(ran.stdout + ran.stderr)
    assert "[red]x[/red]" in run(place, "show", PLAIN).stdout
