"""`roleplay transcripts dispute`, run as a trainee runs it, and what `show` tells of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from roleplay.store.integrity import verify
from roleplay.store.reviews import Reviews
from roleplay.store.transcripts import Transcripts
from tests.cli.running import Ran, run
from tests.cli.test_hostile_output import LIVE, payloads
from tests.review.desks import desk_at
from tests.store.kept_calls import ANSWERS, ending, keep_call, review_everything, try_again


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with Transcripts(database(tmp_path)) as store:
        keep_call(store, "call-one")
        keep_call(store, "of-another", trainee="pat")
        keep_call(store, "still-open", ended=False)
        keep_call(store, "branched", 2, ended=False)
        try_again(store, "branched", 1, 2)
        store.keep_ending(ending("branched", 1), 50)
    return tmp_path


def database(place: Path) -> Path:
    return place / "transcripts" / "roleplay.db"


def dispute(place: Path, *arguments: str, trainee: str = "sam") -> Ran:
    return run(place, "transcripts", "dispute", *arguments, "--trainee", trainee)


def disputes(place: Path, call: str = "call-one") -> list[tuple[int, int, str]]:
    with Reviews(database(place)) as reviews:
        return [(each.branch, each.turn, each.text) for each in reviews.of(call).disputes]


def test_a_dispute_is_kept_and_shown_under_its_reply(place: Path) -> None:
    ran = dispute(place, "call-o", "2", "I", "asked where she stands.")
    assert ran == (0, f"Saved: you dispute how reply 2 was assessed (“{ANSWERS[:59]}…”). It waits for a coach.\n", "")
    assert disputes(place) == [(0, 2, "I asked where she stands.")]
    shown = run(place, "transcripts", "show", "call-one").out
    assert "): I asked where she stands. (waiting for a coach)\n" in shown
    assert shown.index("Reply 2, to") < shown.index("You disputed this") < shown.index("Reply 3, to")
    assert verify(database(place)).fine


def test_it_can_be_taken_back_until_it_is_answered(place: Path) -> None:
    dispute(place, "call-one", "2", "I asked.")
    assert dispute(place, "call-one", "2", "--withdraw").out == "Taken back: “I asked.”.\n"
    assert disputes(place) == []
    dispute(place, "call-one", "2", "I did ask.")
    with desk_at(database(place)) as coach:
        coach.answer(coach.open("call-one").reviewed.disputes[0], "You did.", upheld=True)
    refused = dispute(place, "call-one", "2", "--withdraw")
    assert refused == (2, "", "Error: Your dispute of reply 2 was answered, and stays.\n")


def test_of_a_reply_that_was_taken_back_each_try_can_be_disputed(place: Path) -> None:
    dispute(place, "branched", "2", "The first.")
    dispute(place, "branched", "2", "The second.", "--try", "2")
    assert disputes(place, "branched") == [(0, 2, "The first."), (1, 2, "The second.")]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["call-one", "9", "x"], 1, "There is no reply 9: this call has 3 replies."),
        (["call-one", "2", "x", "--try", "2"], 1, "Reply 2 was tried 1 time."),
        (["call-one", "2"], 2, "A dispute needs words."),
        (["call-one", "2", "x" * 4_001], 2, "A dispute has at most 4,000 characters; this has 4,001."),
        (["call-one", "2", "x", "--withdraw"], 2, "With --withdraw there is nothing to say."),
        (["call-one", "2", "--withdraw"], 1, "Reply 2 was not disputed"),
        (["of-another", "1", "x"], 2, "This is a call of “pat”, and you are “sam”."),
        (["still-open", "1", "x"], 1, "This call has not ended"),
        (["no-such-call", "1", "x"], 1, "There is no transcript “no-such-call”."),
        (["../../etc", "1", "x"], 2, "is no id of a transcript"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_keeps_nothing(
    place: Path, arguments: list[str], code: int, said: str
) -> None:
    ran = dispute(place, *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
    assert said in ran.err
    assert disputes(place) == [] and disputes(place, "of-another") == []


def test_twice_is_refused_while_the_first_waits(place: Path) -> None:
    dispute(place, "call-one", "2", "I asked.")
    ran = dispute(place, "call-one", "2", "I asked!")
    assert ran.code == 2 and "You have disputed this already: “I asked.”." in ran.err
    assert len(disputes(place)) == 1


def test_killed_the_moment_it_is_said_to_be_saved_it_is_there(place: Path) -> None:
    code = "from roleplay.cli.main import main; main()"
    arguments = ["transcripts", "dispute", "call-one", "1", "I asked.", "--trainee", "sam", "--workspace", str(place)]
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code, *arguments], stdout=subprocess.PIPE, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert process.stdout
    assert process.stdout.read(5) == b"Saved"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert disputes(place) == [(0, 1, "I asked.")]
    assert verify(database(place)).fine


def test_show_tells_all_that_stands_of_a_review(place: Path) -> None:
    review_everything(database(place), "call-one")
    shown = run(place, "transcripts", "show", "call-one").out
    assert "Reviewed by Kim: 1 comment, 1 answer.\n" in shown
    assert "on what the customer said: Here she tells where she stands.\n" in shown
    assert "You disputed this" in shown and ", upheld: You did.\n" in shown
    assert "Overruled by" not in shown  # it was lifted again
    told = json.loads(run(place, "transcripts", "show", "call-one", "--json").out)["debrief"]
    noted = told["replies"][0]["noted"]
    assert noted["on_line"][0]["text"] == "Here she tells where she stands."
    assert noted["disputes"][0]["answer"]["upheld"] is True


def test_blind_ratings_are_not_shown_to_the_trainee(place: Path) -> None:
    review_everything(database(place), "call-one")
    for options in ([], ["--json"]):
        assert "blind" not in run(place, "transcripts", "show", "call-one", *options).out


def test_hostile_words_steer_nothing(place: Path) -> None:
    for number, payload in enumerate(payloads(10)):
        words = payload.replace("\x00", "")
        with desk_at(database(place), f"Kim {words}") as coach:
            coach.comment("call-one", 0, 1, "trainee", words)
            coach.overrule("call-one", coach.open("call-one").transcript.replies[2], "acts", number % 3, words)
        ran = dispute(place, "call-one", "2", words)
        assert ran.code == 0 and not LIVE.search(ran.out + ran.err)
        shown = run(place, "transcripts", "show", "call-one").out
        assert not LIVE.search(shown) and words.split()[-1][-2:] in shown
        dispute(place, "call-one", "2", "--withdraw")
