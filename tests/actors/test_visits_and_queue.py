"""What a language model is told of earlier visits, and of the others in a queue."""

from __future__ import annotations

from roleplay.actors.checks.stage import Stage
from roleplay.actors.prompt import direction_text, head_text
from roleplay.actors.unopened import telltale_now
from roleplay.conversation.actor import Cue
from roleplay.conversation.director import Director
from roleplay.conversation.listen import listen
from roleplay.conversation.scripts import script_for
from roleplay.conversation.turns import KeptOpening, KeptReply, Script, SessionRecord, Transcript
from tests.conversation.builders import assessment
from tests.persona.samples import persona
from tests.persona.stories import QUEUE, VISITS
from tests.persona.test_visits import made

LOTTIE_FIRST, TOM_FIRST = "0", "1"


def cue_of(script: Script, reply: str = "") -> Cue:
    """The cue for the opening, or for the line that answers `reply`, which misses."""
    director = Director(script, "1")
    record = SessionRecord(id="a", script=script, seed="1", exam=False, actor="llm", trainee="Sam", started="t")
    state, direction = director.open()
    opening = KeptOpening(session="a", branch=0, state=state, direction=direction, at="t")
    transcript = Transcript(session=record, opening=opening, replies=(), lines=(), ending=None, self_rating=None)
    if not reply:
        return Cue(direction=direction, transcript=transcript, scene=state.scene)
    missed = assessment("missed")
    heard = listen(director.view(state.scene), reply)
    after, direction = director.advance(state, heard, missed, gesture=None, length=len(reply))
    kept = KeptReply(
        session="a",
        branch=0,
        turn=1,
        text=reply,
        gesture=None,
        moment=state.moment,
        assessment=missed,
        state=after,
        direction=direction,
        at="t",
    )
    played = Transcript(session=record, opening=opening, replies=(kept,), lines=(), ending=None, self_rating=None)
    return Cue(direction=direction, transcript=played, scene=state.scene)


def visit(*told: str) -> Script:
    return script_for(persona(VISITS), earlier=[made(disclosed=told)])


def test_a_customer_who_comes_back_knows_what_has_happened_since_and_what_was_told() -> None:
    head = head_text(cue_of(visit("son")))
    assert "His knee is bad since Sunday." in head and "“You look like my Petr.”" in head
    assert "on other days" not in head_text(cue_of(script_for(persona(VISITS))))


def test_nothing_else_of_earlier_visits_is_in_it() -> None:
    head = head_text(cue_of(visit("son")))
    for words in ("Until Thursday", "It is quiet here", "He came back", "ended", "use them up"):
        assert words not in head


def test_what_was_not_told_stays_out_of_everything_that_is_sent() -> None:
    head = head_text(cue_of(visit()))
    assert "Petr" not in head and "on other days" not in head
    hidden = telltale_now(cue_of(visit()).transcript)
    assert hidden.is_in("my Petr") and hidden.is_in("I wrote to him")
    assert not telltale_now(cue_of(visit("son")).transcript).is_in("my Petr")


def test_what_was_told_is_a_fact_that_may_be_said() -> None:
    assert "You look like my Petr." in Stage(cue_of(visit("son"))).written


def queue(seed: str) -> Script:
    return script_for(persona(QUEUE), seed=seed)


def test_one_of_a_queue_is_a_customer_and_knows_nothing_of_the_others() -> None:
    cue = cue_of(queue(LOTTIE_FIRST))
    head, stage = head_text(cue), Stage(cue)
    assert "You speak as Lottie Marsh" in head and "You are a customer." in head and stage.is_customer
    assert "library" not in head and "library" not in " ".join(stage.written)


def test_the_secret_of_one_is_an_ordinary_word_to_another() -> None:
    lottie, tom = cue_of(queue(LOTTIE_FIRST)), cue_of(queue(TOM_FIRST))
    assert Stage(lottie).telltale.is_in("the sale") and not Stage(tom).telltale.is_in("the sale")


def test_who_makes_way_for_the_next_says_their_last_words() -> None:
    last = direction_text(cue_of(queue(LOTTIE_FIRST), "Goodbye then, bye."))
    assert "This is the last thing that you say to them" in last
