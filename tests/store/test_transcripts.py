"""Keeping calls and reading them back."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from roleplay.conversation.store import TranscriptStore
from roleplay.conversation.turns import SelfRating
from roleplay.errors import BadInput, NotFound, StoreBusy, StoreDamaged, StoreError
from roleplay.store import book
from roleplay.store.database import reading
from roleplay.store.integrity import verify
from roleplay.store.listing import Result, newest_sessions, short_id
from roleplay.store.rows import TABLES, checksum, insertion
from roleplay.store.transcripts import Transcripts
from tests.store.kept_calls import AT, assessment, ending, keep_call, keep_llm_turn, line, opening, reply, session

HOSTILE = [
    "\x1b]52;c;ZXZpbA==\x07 \x9b31m",
    "[/x] [@click=app.quit]x[/] <script>alert(1)</script> =1+1",
    "nul \0 in the middle",
    "x" * 4000,
    "👩‍👩‍👧‍👦 é e\u0301 \u202e drawkcab 中文",
    "'; DROP TABLE replies; -- \" \\ \r\n\t",
    "null",
    "",
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transcripts" / "roleplay.db"


@pytest.fixture
def store(path: Path) -> Iterator[Transcripts]:
    with Transcripts(path, busy_timeout=0.3) as store:
        yield store


def test_it_is_a_transcript_store(store: Transcripts) -> None:
    port: TranscriptStore = store
    assert port is store


def test_a_call_comes_back_as_it_was_kept(store: Transcripts) -> None:
    store.begin(session("call-one"), opening("call-one"))
    said = [line("call-one", 1), line("call-one", 2, "Half a", broken_off=True), line("call-one", 2, attempt=2)]
    replies = [reply("call-one", 1), reply("call-one", 2)]
    for each in said:
        store.keep_line(each)
    for answer in replies:
        store.keep_reply(answer)
    store.keep_ending(ending("call-one"), 71.5)
    store.keep_self_rating(SelfRating(session="call-one", rating=None, at=AT))
    kept = store.load("call-one")
    assert kept.session == session("call-one")
    assert kept.opening == opening("call-one")
    assert list(kept.replies) == replies
    assert list(kept.lines) == said
    assert kept.ending == ending("call-one")
    assert kept.self_rating == SelfRating(session="call-one", rating=None, at=AT)
    assert store.score("call-one") == 71.5


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_comes_back_letter_for_letter(store: Transcripts, text: str) -> None:
    store.begin(session("hostile", trainee=text, title=text[:99] or "x"), opening("hostile"))
    answer = msgspec.structs.replace(reply("hostile", 1, text), gesture=text, assessment=assessment(text))
    store.keep_reply(answer)
    store.keep_line(line("hostile", 2, text))
    kept = store.load("hostile")
    assert kept.session.trainee == text
    assert kept.replies == (answer,)
    assert kept.lines[0].text == text


def test_half_a_character_is_refused_in_one_sentence(store: Transcripts) -> None:
    store.begin(session("halved"), opening("halved"))
    with pytest.raises(BadInput, match="cannot be saved"):
        store.keep_reply(reply("halved", 1, "\ud800"))
    store.keep_reply(reply("halved", 1))
    assert len(store.load("halved").replies) == 1


def test_the_same_script_is_kept_once(store: Transcripts, path: Path) -> None:
    for name, title in (("call-one", "A"), ("call-two", "A"), ("call-three", "B")):
        store.begin(session(name, title=title), opening(name))
    with reading(path) as connection:
        assert connection
        assert connection.execute("SELECT title FROM scripts ORDER BY n").fetchall() == [("A",), ("B",)]


def test_before_anything_was_kept_there_is_nothing(store: Transcripts, path: Path) -> None:
    assert store.interrupted("sam") == []
    with pytest.raises(NotFound, match="No transcripts yet"):
        store.load("some-call")
    assert not path.exists()


def test_interrupted_calls_are_those_of_the_trainee_without_an_end_newest_first(store: Transcripts) -> None:
    keep_call(store, "call-a", 1, ended=False)
    keep_call(store, "call-b", 1)
    keep_call(store, "call-c", 2, ended=False)
    keep_call(store, "call-d", 1, ended=False, trainee="kim")
    found = store.interrupted("sam")
    assert [(each.id, each.turns, each.outcome, each.persona, each.title) for each in found] == [
        ("call-c", 2, None, "the-ramp", "The ramp"),
        ("call-a", 1, None, "the-ramp", "The ramp"),
    ]


def test_results_count_calls_that_have_ended_coached_or_as_an_exam(store: Transcripts) -> None:
    assert store.results("sam") == {}
    for name, score, exam in (("call-a", 40.0, False), ("call-b", 81.5, True), ("call-c", None, False)):
        keep_call(store, name, 1, ended=False, exam=exam)
        store.keep_ending(ending(name), score)
    keep_call(store, "call-d", 1, ended=False)
    keep_call(store, "call-e", 1, trainee="kim")
    assert store.results("sam") == {"the-ramp": Result(3, 81.5)}
    assert store.results("kim") == {"the-ramp": Result(1, 62.5)}


def test_a_call_without_a_score_has_no_best(store: Transcripts) -> None:
    keep_call(store, "call-a", 1, ended=False)
    store.keep_ending(ending("call-a"), None)
    assert store.results("sam") == {"the-ramp": Result(1, None)}


def test_nothing_is_there_twice(store: Transcripts) -> None:
    keep_call(store, "call-one", 2, ended=False)
    store.keep_self_rating(SelfRating(session="call-one", rating=3, at=AT))
    for keep in (
        lambda: store.keep_reply(reply("call-one", 2, "Again")),
        lambda: store.keep_line(line("call-one", 2, "Again")),
        lambda: store.keep_self_rating(SelfRating(session="call-one", rating=0, at=AT)),
    ):
        with pytest.raises(StoreError, match="being played in another window"):
            keep()
    with pytest.raises(StoreError, match="already saved"):
        store.begin(session("call-one"), opening("call-one"))
    kept = store.load("call-one")
    assert (len(kept.replies), len(kept.lines), kept.self_rating) == (
        2,
        3,
        SelfRating(session="call-one", rating=3, at=AT),
    )


def test_after_the_end_nothing_is_added(store: Transcripts, path: Path) -> None:
    keep_call(store, "call-one", 1, ended=False)
    with Transcripts(path) as other:
        other.keep_ending(ending("call-one"), 62.5)
    before = store.load("call-one")
    for keep in (
        lambda: store.keep_reply(reply("call-one", 2, "Too late")),
        lambda: store.keep_line(line("call-one", 3, "Too late")),
        lambda: store.keep_ending(ending("call-one"), 0),
    ):
        with pytest.raises(StoreError, match=r"This call has ended.*not saved.*transcripts show"):
            keep()
    assert store.load("call-one") == before
    assert store.score("call-one") == 62.5
    store.keep_self_rating(SelfRating(session="call-one", rating=2, at=AT))
    assert store.load("call-one").self_rating
    assert verify(path).fine


def test_two_windows_on_one_call_cannot_both_answer_a_turn(store: Transcripts, path: Path) -> None:
    keep_call(store, "call-one", 1, ended=False)
    with Transcripts(path) as other:
        assert other.load("call-one").replies == store.load("call-one").replies
        other.keep_reply(reply("call-one", 2, "Mine"))
        with pytest.raises(StoreError, match="another window"):
            store.keep_reply(reply("call-one", 2, "No, mine"))
    assert [each.text for each in store.load("call-one").replies][1:] == ["Mine"]


def test_what_belongs_to_no_call_is_refused(store: Transcripts) -> None:
    keep_call(store, "call-one", 1, ended=False)
    for keep in (
        lambda: store.keep_reply(reply("call-two", 1)),
        lambda: store.keep_reply(reply("call-one", 1, branch=3)),
        lambda: store.keep_line(line("call-two", 1)),
    ):
        with pytest.raises(NotFound, match="no saved call"):
            keep()


def test_the_beginning_of_an_id_is_enough_if_it_is_the_only_one(store: Transcripts) -> None:
    for name in ("abcd-1", "abcd-2", "abcde-3"):
        keep_call(store, name, 1)
    assert store.load("abcde").session.id == "abcde-3"
    assert store.load("abcd-2").session.id == "abcd-2"
    with pytest.raises(NotFound, match=r"Several transcripts begin with “abcd”: abcd-1, abcd-2, abcde-3"):
        store.load("abcd")
    with pytest.raises(NotFound, match="too short"):
        store.load("abc")
    with pytest.raises(NotFound, match=r"Did you mean abcd-2\?"):
        store.load("abdc-2")


def test_an_id_that_begins_as_another_is_found_when_whole(store: Transcripts) -> None:
    for name in ("abcd", "abcd-2"):
        keep_call(store, name, 1)
    assert store.load("abcd").session.id == "abcd"


@pytest.mark.parametrize("bad", ["", "../../etc/passwd", "a/b", "ABCD", "a b", "abcd\0", "abcd%", "x" * 65, "-abc"])
def test_what_can_be_no_id_is_refused(store: Transcripts, bad: str) -> None:
    keep_call(store, "call-one", 1)
    with pytest.raises(BadInput, match="no id of a transcript"):
        store.load(bad)
    with pytest.raises(BadInput, match="no id of a transcript"):
        store.begin(session(bad), opening(bad))


def test_short_ids_are_unlike_all_others(store: Transcripts, path: Path) -> None:
    names = ["aaaaaaaa1", "aaaaaaaa2", "bbbbbbbbb"]
    for name in names:
        keep_call(store, name, 1)
    with reading(path) as connection:
        assert connection
        assert [short_id(connection, name) for name in names] == ["aaaaaaaa1", "aaaaaaaa2", "bbbbbb"]


def test_order_is_that_of_keeping_whatever_the_clock_says(store: Transcripts, path: Path) -> None:
    days = ["2026-11-04T10:00:00Z", "2026-11-03T10:00:00Z", "2027-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "no time"]
    for number, started in enumerate(days):
        store.begin(session(f"call-{number}", started=started), opening(f"call-{number}"))
        store.keep_reply(reply(f"call-{number}", 1, at=days[-1 - number]))
        store.keep_reply(reply(f"call-{number}", 2, at=days[number]))
    with reading(path) as connection:
        assert connection
        assert [call.id for call in newest_sessions(connection, 3)] == ["call-4", "call-3", "call-2"]
    assert [each.turn for each in store.load("call-2").replies] == [1, 2]


def test_the_newest_are_listed_without_looking_at_the_others(store: Transcripts, path: Path) -> None:
    keep_call(store, "call-one")
    with reading(path) as connection:
        assert connection
        plan = connection.execute("EXPLAIN QUERY PLAN SELECT * FROM summaries ORDER BY n DESC LIMIT 50").fetchall()
        assert [step[-1] for step in plan] == ["SCAN summaries"]
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM summaries WHERE trainee = 'x' AND outcome IS NULL ORDER BY n DESC"
        ).fetchall()
        assert [step[-1] for step in plan] == ["SEARCH summaries USING INDEX summaries_interrupted (trainee=?)"]
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT persona, count(*), max(score) FROM summaries "
            "WHERE trainee = 'x' AND outcome IS NOT NULL GROUP BY persona"
        ).fetchall()
        assert [step[-1] for step in plan] == ["SEARCH summaries USING INDEX summaries_results (trainee=?)"]


@pytest.mark.parametrize(
    ("table", "change", "named"),
    [
        ("sessions", "trainee = 'someone'", r"sessions row 2 \(transcript call-one\)"),
        ("scripts", "script = replace(script, 'tow', 'row')", "scripts row 1"),
        ("openings", "state = '{}'", r"openings row 3 \(transcript call-one\)"),
        ("replies", "text = 'better'", r"replies row 5 \(transcript call-one, turn 1\)"),
        ("replies", "assessment = replace(assessment, '62.5', '99.5')", "replies row 5"),
        ("lines", "broken_off = 1", r"lines row 4 \(transcript call-one, turn 1\)"),
        ("endings", "outcome = 'bad'", "endings row 11"),
        ("self_ratings", "rating = NULL", "self_ratings row 12"),
    ],
)
def test_a_row_that_was_altered_is_named_and_not_used(
    store: Transcripts, path: Path, table: str, change: str, named: str
) -> None:
    keep_call(store, "call-one")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"DROP TRIGGER {table}_are_only_added")
        connection.execute(f"UPDATE {table} SET {change} WHERE n = (SELECT min(n) FROM {table})")
    with pytest.raises(StoreDamaged, match=rf"{named}.*checksum.*transcripts verify"):
        store.load("call-one")


def test_rows_swapped_between_calls_are_seen(store: Transcripts, path: Path) -> None:
    keep_call(store, "call-one", 1)
    keep_call(store, "call-two", 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER replies_are_only_added")
        for old, new in (("call-one", "swap"), ("call-two", "call-one"), ("swap", "call-two")):
            connection.execute("UPDATE replies SET session = ? WHERE session = ?", [new, old])
    for name in ("call-one", "call-two"):
        with pytest.raises(StoreDamaged, match="replies row"):
            store.load(name)


def test_a_row_that_went_missing_is_seen(store: Transcripts, path: Path) -> None:
    keep_call(store, "call-one", 3)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM replies WHERE turn = 2")
    with pytest.raises(StoreDamaged, match="transcript call-one: Rows are missing"):
        store.load("call-one")


def test_a_record_of_another_version_is_no_damage(store: Transcripts, path: Path) -> None:
    keep_call(store, "call-one", 0, ended=False)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        row = [100, "call-one", 0, 1, "x", None, "m", '{"new": 1}', "{}", "{}", AT]
        assert len(row) == len(TABLES["replies"])
        connection.execute(insertion("replies"), (*row, checksum("replies", row)))
    with pytest.raises(StoreError, match="saved by another version"):
        store.load("call-one")


def test_a_script_of_another_version_is_told_with_the_way_out(store: Transcripts, path: Path) -> None:
    keep_call(store, "call-one", 1, ended=False)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        number, ident, persona, title, script = connection.execute(
            "SELECT n, id, persona, title, script FROM scripts"
        ).fetchone()
        row = (number, ident, persona, title, script.replace('"backstory"', '"holo\\u001bgram"'))
        connection.execute("DROP TRIGGER scripts_are_only_added")
        connection.execute("UPDATE scripts SET script = ?, checksum = ?", [row[4], checksum("scripts", row)])
    with pytest.raises(
        StoreError,
        match=r"^transcript call-one: This was saved by another version of Roleplay, and this version cannot read the "
        r"script it was played with \(.*\)\. Show it .* in the version that saved it; .*search.* --new",
    ) as told:
        store.load("call-one")
    assert not isinstance(told.value, StoreDamaged)
    assert "\x1b" not in str(told.value)


def test_a_lock_held_by_another_program_is_waited_for_and_then_told(store: Transcripts, path: Path) -> None:
    keep_call(store, "call-one", 1, ended=False)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        with pytest.raises(StoreBusy, match="Another program is writing"):
            store.keep_reply(reply("call-one", 2))
        assert 0.25 < time.monotonic() - started < 10
        assert len(store.load("call-one").replies) == 1
        other.execute("ROLLBACK")
    store.keep_reply(reply("call-one", 2))
    assert len(store.load("call-one").replies) == 2


def test_a_lock_that_is_let_go_soon_is_not_told_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "TELL_AFTER", 9.0)
    waited: list[bool] = []
    with Transcripts(path, busy_timeout=20, waiting=lambda: waited.append(True)) as store:
        keep_call(store, "call-one", 1, ended=False)
        with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            timer = threading.Timer(0.1, other.execute, ["ROLLBACK"])
            timer.start()
            store.keep_reply(reply("call-one", 2))
            timer.join()
        assert len(store.load("call-one").replies) == 2
    assert waited == []


def test_a_lock_that_is_let_go_in_time_is_told_of_once_and_soon(path: Path) -> None:
    waited: list[float] = []
    timers: list[threading.Timer] = []

    def let_go_later() -> None:
        waited.append(time.monotonic())
        timers.append(threading.Timer(0.7, other.execute, ["ROLLBACK"]))
        timers[-1].start()

    with Transcripts(path, busy_timeout=20, waiting=let_go_later) as store:
        keep_call(store, "call-one", 1, ended=False)
        with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            started = time.monotonic()
            store.keep_reply(reply("call-one", 2))
            for timer in timers:
                timer.join()
        assert len(store.load("call-one").replies) == 2
        assert len(waited) == 1
        assert book.TELL_AFTER <= 0.5 and waited[0] - started < 3
        store.keep_line(line("call-one", 3))
        assert len(waited) == 1


def test_a_lock_that_is_held_to_the_limit_is_told_of_and_then_an_error(path: Path) -> None:
    waited: list[bool] = []
    with Transcripts(path, busy_timeout=0.9, waiting=lambda: waited.append(True)) as store:
        keep_call(store, "call-one", 1, ended=False)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            started = time.monotonic()
            with pytest.raises(StoreBusy):
                store.keep_reply(reply("call-one", 2))
            assert 0.8 < time.monotonic() - started < 10
    assert waited == [True]


def test_a_lock_that_is_held_while_the_database_is_made_is_told_of(path: Path) -> None:
    path.parent.mkdir()
    waited: list[bool] = []
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")

        def let_go() -> None:
            waited.append(True)
            other.execute("ROLLBACK")

        with Transcripts(path, waiting=let_go) as store:
            keep_call(store, "call-one", 1)
            assert store.load("call-one").ending
    assert waited == [True]


def test_threads_may_share_it(store: Transcripts) -> None:
    names = [f"thread-{number}" for number in range(8)]
    threads = [threading.Thread(target=keep_call, args=(store, name, 5)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(store.load(name).replies) for name in names] == [5] * 8


def test_it_can_be_used_again_after_it_was_closed(store: Transcripts) -> None:
    keep_call(store, "call-one", 1)
    store.close()
    keep_call(store, "call-two", 1)
    assert store.load("call-one").replies


def test_how_a_line_came_about_and_what_a_judge_said_are_kept(path: Path) -> None:
    with Transcripts(path) as store:
        keep_call(store, "some-call", ended=False)
        keep_llm_turn(store, "some-call", 4, attempt=2)
        transcript = store.load("some-call")
    assert [line.voiced.voice for line in transcript.lines] == ["scripted"] * 4 + ["mended"]
    assert transcript.lines[-1].voiced.faults == ("particulars",)
    (kept,) = transcript.verdicts
    assert transcript.verdict_on(transcript.replies[2]) == kept.verdict
    assert transcript.usage.requests == 2
