"""A story told in scenes: who speaks when, what is theirs alone, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.actor import Cue
from roleplay.conversation.director import Director
from roleplay.conversation.events import CustomerSpeaks, CustomerSpoke, Event, ReplyKept, SceneBegan, SessionEnded
from roleplay.conversation.listen import listen
from roleplay.conversation.said import SaidLine, retold, story_of
from roleplay.conversation.score import score_of
from roleplay.conversation.session import Session
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import SceneBegins, Script, SessionRecord, StageDirection, Transcript
from roleplay.conversation.voiced import Voiced
from roleplay.persona.fields import WINDS_DOWN
from roleplay.scoring.assessment import Assessment
from roleplay.store.transcripts import Transcripts
from tests.conversation.builders import ByFirstWord, assessment, told_in_scenes

MET, MISSED = assessment("met", explores=0), assessment("missed")
ANN = "Ann Bell"


class Stage:
    """Directs a story reply by reply."""

    def __init__(self, script: Script) -> None:
        self.director = Director(script, "1")
        self.state, self.direction = self.director.open()

    def reply(self, text: str, judged: Assessment = MET) -> StageDirection:
        heard = listen(self.director.view(self.state.scene), text)
        self.state, self.direction = self.director.advance(self.state, heard, judged, gesture=None, length=len(text))
        return self.direction


@pytest.fixture
def stage() -> Stage:
    return Stage(told_in_scenes())


@pytest.fixture
def in_office(stage: Stage) -> Stage:
    assert stage.reply("I'm on my way.").scene
    return stage


def felt(state: CustomerState) -> tuple[float, float, float]:
    return state.trust, state.distress, state.patience


def kinds(direction: StageDirection) -> list[str]:
    return [part.kind for part in direction.parts]


def test_the_call_begins_in_the_first_scene(stage: Stage) -> None:
    assert (stage.state.scene, stage.state.moment, stage.direction.speaker) == ("door", "opening", "")
    assert stage.direction.line == "I'm locked out."


def test_when_next_holds_its_speaker_answers_and_the_scene_begins(stage: Stage) -> None:
    direction = stage.reply("I'm on my way.")
    assert kinds(direction) == ["reaction"] and direction.speaker == ""
    scene = direction.scene
    assert scene and (scene.id, scene.title, scene.narration) == ("office", "The office", "You ring the office.")
    assert (scene.speaker, scene.opening) == (ANN, "Office, Ann.")
    opening = stage.director.opening_after(direction, stage.state)
    assert opening and (opening.turn, opening.line, opening.speaker) == (direction.turn, "Office, Ann.", ANN)


def test_while_next_does_not_hold_the_scene_goes_on(stage: Stage) -> None:
    assert stage.reply("Okay.", MISSED).scene is None
    assert (stage.state.scene, stage.state.moment) == ("door", "second")


def test_a_new_speaker_begins_with_a_temperament_of_their_own(in_office: Stage) -> None:
    assert felt(in_office.state) == (6, 2, 4)
    in_office.reply("The key, please.")
    assert in_office.state.trust == 7, "who warms half as easily"


def test_what_was_met_said_and_used_is_shared(in_office: Stage) -> None:
    state = in_office.state
    assert state.met == ("door", "company") and state.said == ("opening", "what")
    assert len(state.lines_used) == 3
    assert (state.met_in_a_row, state.heard_here, state.nudges) == (0, False, 0)


def test_what_has_just_opened_is_answered_before_the_scene_begins(stage: Stage) -> None:
    told = stage.reply("Has this happened before, is it the third time?")
    assert told.disclosed == "asked" and told.scene is None and stage.state.met
    assert stage.reply("I see.").scene


def test_a_scene_begins_before_an_ending_is_looked_at() -> None:
    both = [{"id": "over", "when": "met(door)", "says": "Bye.", "outcome": "mixed"}]
    direction = Stage(told_in_scenes(endings=both)).reply("I'm on my way.")
    assert direction.scene and direction.ending is None


def test_a_call_can_end_in_any_scene(in_office: Stage) -> None:
    ends = [in_office.reply(f"Miss {number}.", assessment("missed", harm=2)).ending for number in range(2)]
    assert ends == [None, "hangs-up"] and in_office.direction.speaker == ANN


def test_a_goodbye_winds_the_call_down_in_a_scene(in_office: Stage) -> None:
    assert in_office.reply("Goodbye.", MISSED).ending == WINDS_DOWN


def test_the_cast_has_its_own_answers_and_voice(in_office: Stage) -> None:
    direction = in_office.reply("What is the case number?")
    assert direction.parts[0].text == "Four four one." and direction.speaker == ANN
    assert direction.parts[1].text == "Right you are."


def test_the_cast_does_not_know_what_the_customer_answers(in_office: Stage) -> None:
    direction = in_office.reply("Where are you?", MISSED)
    assert "Hill Street" not in direction.line and direction.parts[0].text.startswith("General unanswerable")


def test_everybody_gives_their_own_name(in_office: Stage) -> None:
    assert in_office.reply("Who am I speaking with?", MISSED).parts[0].text == "Ann Bell."


def test_only_what_is_theirs_can_be_told(in_office: Stage) -> None:
    assert in_office.reply("Has this happened before, is it the third time?").disclosed is None
    assert in_office.reply("Is it a busy day for you?").disclosed == "load"


def test_who_comes_back_feels_as_they_were_left(stage: Stage) -> None:
    stage.reply("I'm on my way.")
    left = stage.state.felt[""]
    assert left == (6, 6, 3.5)
    while stage.state.scene == "office":
        stage.reply("Just the key, please.", MISSED)
    assert (stage.state.scene, felt(stage.state)) == ("home", left)
    scene = stage.direction.scene
    assert scene and scene.speaker == "" and stage.direction.speaker == ANN
    assert felt(stage.state.as_left(ANN)) == (4.5, 3.5, 1)


def test_a_good_ending_does_not_wait_for_what_was_left_unsaid_in_a_scene_before(stage: Stage) -> None:
    stage.reply("I'm on my way.")
    while stage.state.scene == "office":
        stage.reply("Just the key, please.", MISSED)
    assert "cold" not in stage.state.said
    assert stage.reply("I'm staying with you.").ending == "in"


def test_a_scene_without_moments_left_is_kept_going_and_winds_down() -> None:
    played = told_in_scenes()
    scenes = [{**msgspec.to_builtins(scene), "next": "turn > 99"} for scene in played.persona.scenes[:1]]
    scenes.append(msgspec.to_builtins(played.persona.scenes[1]))
    stage = Stage(told_in_scenes(scenes=scenes, endings=[]))
    said: list[str] = []
    while stage.direction.ending is None:
        assert stage.state.turn < 20
        said += kinds(stage.reply("Okay then.", assessment("none")))
    assert stage.direction.ending == WINDS_DOWN and said.count("nudge") == 5


def test_a_silence_too_lets_a_scene_begin_whose_time_has_come(in_office: Stage) -> None:
    for _ in range(3):
        direction = in_office.reply("", MISSED)
    assert in_office.state.turn == 4 and direction.scene and direction.scene.id == "home"


class Cut(ScriptedActor):
    """An actor that falls silent within the line that says a word, once."""

    def __init__(self, word: str) -> None:
        self.word: str | None = word

    async def speak(self, cue: Cue, say: Callable[[str], None]) -> Voiced:
        def until(word: str) -> None:
            say(word)
            if self.word and self.word in word:
                self.word = None
                raise ConnectionError

        return await super().speak(cue, until)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Transcripts]:
    with Transcripts(tmp_path / "roleplay.db") as opened:
        yield opened


def record(script: Script) -> SessionRecord:
    return SessionRecord(id="call-1", script=script, seed="1", exam=False, actor="scripted", trainee="Sam", started="t")


async def begun(store: Transcripts, actor: ScriptedActor | None = None) -> Session:
    session = await Session.begin(
        record(told_in_scenes()), store=store, scorer=ByFirstWord(), actor=actor or ScriptedActor(), clock=lambda: "t"
    )
    await session.speak()
    return session


def resumed(store: Transcripts) -> Session:
    return Session.resume(
        store.load("call-1"), store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t"
    )


def told(transcript: Transcript) -> list[tuple[str, str]]:
    """Who said which line to its end."""
    return [
        (each.speaker, each.line.text)
        for each in story_of(transcript)
        if isinstance(each, SaidLine) and not each.line.broken_off
    ]


async def drained(session: Session) -> list[Event]:
    await session.leave()
    return [event async for event in session.events() if not isinstance(event, CustomerSpeaks)]


async def test_events_tell_a_scene_between_its_two_lines(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("I'm on my way.")
    events = await drained(session)
    assert [type(event) for event in events] == [
        SceneBegan,
        CustomerSpoke,
        ReplyKept,
        CustomerSpoke,
        SceneBegan,
        CustomerSpoke,
        SessionEnded,
    ]
    first, _, kept, last_words, begins, opening, _ = events
    assert isinstance(first, SceneBegan) and first.scene.title == "At the door"
    assert isinstance(kept, ReplyKept) and felt(kept.after) == (6, 6, 3.5), "how it moved the one who heard it"
    assert isinstance(last_words, CustomerSpoke) and last_words.scene_follows and last_words.speaker == ""
    assert isinstance(begins, SceneBegan) and (begins.scene.id, begins.state.trust) == ("office", 6)
    assert isinstance(opening, CustomerSpoke) and (opening.speaker, opening.scene_follows) == (ANN, False)


async def test_both_lines_are_kept_and_read_back(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("I'm on my way.")
    assert [(line.turn, line.attempt) for line in session.transcript.lines] == [(1, 1), (2, 1), (2, 2)]
    assert session.transcript.lines[-1].text == "Office, Ann."
    assert store.load("call-1") == session.transcript
    assert not session.unfinished


async def test_an_opening_that_was_cut_short_is_said_after_a_resume(store: Transcripts) -> None:
    session = await begun(store, Cut("Office,"))
    with pytest.raises(ConnectionError):
        await session.reply("I'm on my way.")
    again = resumed(store)
    assert again.line_is_due and [message.text for message in again.history][-1] == "Office, "
    await again.speak()
    assert [(line.attempt, line.broken_off) for line in again.transcript.lines[1:]] == [
        (1, False),
        (2, True),
        (3, False),
    ]
    assert [(message.role, message.speaker) for message in again.history] == [
        ("customer", ""),
        ("trainee", ""),
        ("customer", ""),
        ("customer", ANN),
    ]
    assert not again.unfinished and told(again.transcript)[-1] == (ANN, "Office, Ann.")


async def test_a_scene_is_told_once_however_often_its_opening_fails(store: Transcripts) -> None:
    session = await begun(store, Cut("Office,"))
    with pytest.raises(ConnectionError):
        await session.reply("I'm on my way.")
    await session.speak()
    assert [event.scene.id for event in await drained(session) if isinstance(event, SceneBegan)] == ["door", "office"]


@pytest.mark.parametrize(("cut", "scenes"), [("I'm", ["door"]), ("Office,", ["door", "office"])])
async def test_a_scene_whose_opening_was_cut_short_is_told_once_after_a_resume(
    store: Transcripts, cut: str, scenes: list[str]
) -> None:
    with pytest.raises(ConnectionError):
        session = await begun(store, Cut(cut))
        await session.reply("I'm on my way.")
    again = resumed(store)
    before = [each.id for each in retold(again.transcript) if isinstance(each, SceneBegins)]
    await again.speak()
    after = [event.scene.id for event in await drained(again) if isinstance(event, SceneBegan)]
    assert before + after == scenes


async def test_last_words_that_were_cut_short_are_said_before_the_scene_begins(store: Transcripts) -> None:
    session = await begun(store, Cut("General"))
    with pytest.raises(ConnectionError):
        await session.reply("I'm on my way.")
    again = resumed(store)
    await again.speak()
    assert [speaker for speaker, _ in told(again.transcript)] == ["", "", ANN]
    events = await drained(again)
    assert [type(event) for event in events[:3]] == [CustomerSpoke, SceneBegan, CustomerSpoke]


async def test_the_scorer_is_asked_about_the_moment_of_the_scene(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("I'm on my way.")
    await session.reply("The key, please.")
    assert [reply.moment for reply in session.transcript.replies] == ["opening", "what"]
    assert session.transcript.replies[1].state.scene == "office"


async def test_leaving_leaves_whoever_is_there(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("I'm on my way.")
    await session.leave()
    ending = session.transcript.ending
    assert ending and ending.epilogue == "You left. Ann Bell was still there."


async def test_key_moments_of_all_scenes_count_after_a_bad_end(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("I'm on my way.")
    assert score_of(session.transcript).score == 90
    await session.leave()
    assert score_of(session.transcript).score == 0.6 * 90 + 0.4 * 90 / 4, "one of four key moments was played"
