"""A queue in play: one comes after the other, each with needs, feelings and an end of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.director import Director
from roleplay.conversation.events import CustomerSpeaks, CustomerSpoke, ReplyKept, SceneBegan, SessionEnded
from roleplay.conversation.listen import listen
from roleplay.conversation.said import SaidReply, story_of
from roleplay.conversation.score import score_of
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.state import SceneEnd
from roleplay.conversation.turns import KeptEnding, Script, SessionRecord, StageDirection
from roleplay.errors import BadInput
from roleplay.persona.fields import WINDS_DOWN
from roleplay.scoring.assessment import Assessment
from roleplay.store.transcripts import Transcripts
from tests.conversation.builders import TOLD_IN_SCENES, ByFirstWord, assessment, told_in_scenes
from tests.persona.samples import persona
from tests.persona.stories import QUEUE

MET, MISSED, HURT = assessment("met", explores=0), assessment("missed"), assessment("missed", harm=2)
LOTTIE_FIRST, TOM_FIRST = "0", "1"
"""Seeds by which one or the other comes first."""


def queue(seed: str = LOTTIE_FIRST) -> Script:
    return script_for(persona(QUEUE), seed=seed)


class Line:
    """Directs a queue reply by reply."""

    def __init__(self, script: Script) -> None:
        self.director = Director(script, "1")
        self.state, self.direction = self.director.open()

    def reply(self, text: str, judged: Assessment = MET) -> StageDirection:
        heard = listen(self.director.view(self.state.scene), text)
        self.state, self.direction = self.director.advance(self.state, heard, judged, gesture=None, length=len(text))
        return self.direction


@pytest.fixture
def line() -> Line:
    return Line(queue())


def test_the_seed_decides_who_comes_and_in_which_order() -> None:
    assert (queue(LOTTIE_FIRST).queue, queue(TOM_FIRST).queue) == (("lottie", "tom"), ("tom", "lottie"))


def test_when_one_has_ended_the_next_steps_up(line: Line) -> None:
    direction = line.reply("Here you are, no hurry.")
    assert [part.kind for part in direction.parts] == ["reaction", "ending"] and direction.ending is None
    assert direction.line == "That is kind. Slowly, then."
    scene = direction.scene
    assert scene and (scene.id, scene.title, scene.speaker) == ("tom", "Tom Reyes", "Tom Reyes")
    assert scene.opening == "Is this where you pay fines?"
    assert line.state.ends == (SceneEnd("lottie", "lottie-lighter", "good"),)
    assert (line.state.trust, line.state.distress, line.state.patience) == (4, 5, 2)


def test_the_last_to_end_ends_the_call_and_what_came_of_each_is_told(line: Line) -> None:
    line.reply("Here you are, no hurry.")
    line.reply("Of course.")
    last = line.reply("Done.")
    assert (last.ending, last.outcome) == ("all-seen", "good") and last.line.endswith("Here.")
    assert last.epilogue == "Lottie Marsh: She walked.\n\nTom Reyes: He reads on the bus."


def test_all_well_is_good_none_better_than_badly_is_bad_and_anything_else_mixed(line: Line) -> None:
    line.reply("No.", HURT)
    assert line.state.ends[0].outcome == "bad"
    line.reply("Of course.")
    last = line.reply("Done.")
    assert (last.ending, last.outcome) == ("some-seen", "mixed")
    other = Line(queue())
    other.reply("No.", HURT)
    last = other.reply("No.", HURT)
    assert (last.ending, last.outcome) == ("none-seen", "bad")
    assert last.epilogue.startswith("Lottie Marsh: She found another window.\n\nTom Reyes: The call ended where")


def test_walking_off_brings_the_next(line: Line) -> None:
    direction = line.reply("No.", HURT)
    assert direction.line.endswith("Never mind.") and direction.scene and direction.scene.id == "tom"


def test_a_goodbye_ends_with_this_one_and_not_the_call(line: Line) -> None:
    direction = line.reply("Goodbye then, bye.", MISSED)
    assert direction.ending is None and direction.scene and direction.scene.id == "tom"
    assert line.state.ends == (SceneEnd("lottie", WINDS_DOWN, "bad"),)


def test_winding_down_is_judged_by_the_needs_of_the_one_who_is_there(line: Line) -> None:
    line.reply("Here you are, no hurry.")
    line.reply("Of course.", assessment("met", names_need=2, acts=1, explores=0))
    assert line.reply("Goodbye then, bye.", MISSED).ending == "all-seen", "the fine was met, and so were both of hers"


def test_nobody_is_left_before_what_was_just_told_was_said(line: Line) -> None:
    patient = QUEUE.replace('when: patience <= 0, says: "Never', 'when: patience <= 1, says: "Never')
    line = Line(script_for(persona(patient), seed=LOTTIE_FIRST))
    told = line.reply("Is it about the house?", MISSED)
    assert told.disclosed == "lottie-house" and told.line.endswith("It is for the sale. Never mind.")


def test_the_next_need_not_rest_from_what_the_one_before_told() -> None:
    leaves = QUEUE.replace('when: patience <= 0, says: "Never', 'when: patience <= 1, says: "Never').replace(
        "    endings:\n      - {id: pays",
        '    disclosures:\n      - {id: late, says: "Nine years late.", reveal: volunteered, trust: 1}\n'
        "    endings:\n      - {id: pays",
    )
    line = Line(script_for(persona(leaves), seed=LOTTIE_FIRST))
    assert line.reply("Is it about the house?", MISSED).scene and line.state.scene == "tom"
    assert line.reply("Of course.").disclosed == "tom-late"


def test_turns_are_counted_from_each_ones_opening() -> None:
    later = QUEUE.replace('says: "I did read it."', 'says: "I did read it.", when: turn >= 2')
    line = Line(script_for(persona(later), seed=LOTTIE_FIRST))
    line.reply("Goodbye then, bye.", MISSED)
    assert (line.state.turn, line.state.since, line.state.situation.numbers["turn"]) == (1, 1, 0)
    assert "I did read it." not in line.reply("Well.", MISSED).line


def test_words_come_from_the_customer_then_the_persona_then_the_general_lines(line: Line) -> None:
    patient = QUEUE.replace("when: met(copy) and met(time)", "when: turn > 9").replace("patience: 2}", "patience: 9}")
    line = Line(script_for(persona(patient), seed=LOTTIE_FIRST))
    said = [line.reply(f"Here is {number}.").parts[0].text for number in ("one", "two", "three")]
    general = [each if isinstance(each, str) else each.says for each in queue().general.met]
    assert said[:2] == ["That is kind.", "Thank you for that."] and said[2] in general


def test_each_tells_only_what_is_theirs() -> None:
    line = Line(queue(TOM_FIRST))
    assert [each.id for each in line.director.view("tom").disclosures] == []
    assert [each.id for each in line.director.view("lottie").disclosures] == ["lottie-house"]


def test_one_customer_can_come_alone() -> None:
    line = Line(script_for(persona(QUEUE), only="tom"))
    line.reply("Of course.")
    assert line.reply("Done.").ending == "all-seen"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Transcripts]:
    with Transcripts(tmp_path / "roleplay.db") as opened:
        yield opened


async def begun(store: Transcripts, *, exam: bool = False) -> Session:
    record = SessionRecord(
        id="call-1", script=queue(), seed=LOTTIE_FIRST, exam=exam, actor="scripted", trainee="Sam", started="t"
    )
    session = await Session.begin(record, store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t")
    await session.speak()
    return session


def ending_of(session: Session) -> KeptEnding:
    assert session.transcript.ending
    return session.transcript.ending


async def test_each_is_announced_between_two_lines(store: Transcripts) -> None:
    session = await begun(store)
    for reply in ("Here you are, no hurry.", "Of course.", "Done."):
        await session.reply(reply)
    events = [event async for event in session.events() if not isinstance(event, CustomerSpeaks)]
    assert [type(event) for event in events] == [
        SceneBegan, CustomerSpoke, ReplyKept, CustomerSpoke,
        SceneBegan, CustomerSpoke, ReplyKept, CustomerSpoke, ReplyKept, CustomerSpoke, SessionEnded,
    ]  # fmt: skip
    assert [event.scene.title for event in events if isinstance(event, SceneBegan)] == [
        "A woman with a wet coat",
        "Tom Reyes",
    ]


async def test_a_resumed_queue_goes_on_with_whoever_is_there(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("Here you are, no hurry.")
    loaded = store.load("call-1")
    resumed = Session.resume(loaded, store=store, scorer=ByFirstWord(), actor=ScriptedActor(), clock=lambda: "t")
    await resumed.speak()
    assert (resumed.state, resumed.state.scene) == (session.state, "tom")
    await resumed.reply("Of course.")
    await resumed.reply("Done.")
    assert ending_of(resumed).ending == "all-seen"


async def test_a_reply_can_be_taken_back_and_the_one_who_walked_off_stands_there_again(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("Hurt.")
    assert session.state.scene == "tom"
    await session.try_again()
    assert (session.state.scene, session.state.ends) == ("lottie", ())
    await session.reply("Here you are, no hurry.")
    assert session.state.ends[0].outcome == "good"
    assert [told.attempt for told in story_of(session.transcript) if isinstance(told, SaidReply)] == [1, 2]


async def test_in_an_exam_nobody_can_be_called_back(store: Transcripts) -> None:
    session = await begun(store, exam=True)
    await session.reply("Hurt.")
    with pytest.raises(BadInput, match="exam"):
        await session.try_again()


async def test_who_leaves_hears_what_came_of_those_who_were_served(store: Transcripts) -> None:
    session = await begun(store)
    await session.reply("Here you are, no hurry.")
    await session.leave()
    ending = ending_of(session)
    assert (ending.by, ending.ending) == ("left", "left")
    assert ending.epilogue == "Lottie Marsh: She walked.\n\nYou left. Tom Reyes was still there."


async def test_key_moments_never_played_count_for_those_who_left_badly(store: Transcripts) -> None:
    session = await begun(store)
    for reply in ("Here you are, no hurry.", "Hurt."):
        await session.reply(reply)
    assert ending_of(session).ending == "some-seen"
    share, mean, keys = queue().rubric.mean_share, (90 + 0) / 2, (90 + 0 + 0) / 3
    weighed = share * mean + (1 - share) * keys
    assert score_of(session.transcript).score == pytest.approx(weighed, abs=0.1), "his second one counts 0"


RINGS = {"id": "rings", "when": "met(door)", "says": "It rings.", "outcome": "mixed"}


def test_a_scene_with_endings_ends_by_them_and_the_story_goes_on() -> None:
    scenes = [dict(scene) for scene in TOLD_IN_SCENES["scenes"]]
    scenes[0] = {**scenes[0], "next": None, "endings": [RINGS]}
    line = Line(told_in_scenes(scenes=scenes))
    direction = line.reply("I'm on my way.")
    assert direction.line.endswith("It rings.") and direction.scene and direction.scene.id == "office"
    assert line.state.situation.ended == ("rings",) and line.state.since == 0


def test_in_a_scene_with_endings_a_goodbye_brings_the_next_and_without_the_end() -> None:
    scenes = [dict(scene) for scene in TOLD_IN_SCENES["scenes"]]
    assert Line(told_in_scenes(scenes=scenes)).reply("Goodbye then, bye.", MISSED).ending == WINDS_DOWN
    scenes[0] = {**scenes[0], "next": None, "endings": [RINGS]}
    direction = Line(told_in_scenes(scenes=scenes)).reply("Goodbye then, bye.", MISSED)
    assert direction.ending is None and direction.scene


def test_the_endings_of_the_last_scene_end_the_call() -> None:
    scenes = [{**TOLD_IN_SCENES["scenes"][0], "next": None, "endings": [RINGS]}]
    line = Line(told_in_scenes(scenes=scenes))
    assert line.reply("I'm on my way.").ending == "rings"
