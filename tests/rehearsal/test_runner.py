"""Rehearsals of one call, of a chain of visits and of a queue, and what their figures count."""

from __future__ import annotations

import msgspec

from roleplay.persona.model import Persona
from roleplay.rehearsal.figures import Came, Figures, came_of, figures_of
from roleplay.rehearsal.report import Work, played
from roleplay.rehearsal.runner import MOST_TURNS, MOST_VISITS, rehearse_story
from roleplay.rehearsal.trainees import Trainee
from tests.conversation.builders import PERSONA, ByFirstWord
from tests.rehearsal.stories import VISITS, customer, persona, queue, trainee

KIND = trainee("Do you forget things?", "I'm with you.", "I'm on my way.", "I see you.", "All right, and then?")
SILENT = trainee("", name="silent")


def came(played: Persona, by: Trainee = KIND, seed: int = 0) -> Came:
    return came_of(rehearse_story(played, by, seed, ByFirstWord()))


def figures(*each: Came) -> Figures:
    return figures_of("skilled", "bank", each)


def test_a_call_is_played_to_its_end_and_told_once_the_unspoken_was() -> None:
    one = came(persona())
    assert (one.told, one.endings) == (1.0, ("in",))
    assert one.disclosed == {"asked": False, "earned": True, "own": False}
    silent = came(persona(), SILENT)
    assert (silent.told, silent.endings, silent.met) == (0.0, ("hangs-up",), 0)


def test_one_who_comes_back_is_visited_until_the_story_would_begin_again() -> None:
    story = rehearse_story(persona(**VISITS), KIND, 0, ByFirstWord())
    assert [call.session.script.visiting and call.session.script.visiting.id for call in story.calls] == [
        "",
        "after",
        "again",
    ]
    untold = rehearse_story(persona(**VISITS), SILENT, 0, ByFirstWord())
    assert len(untold.calls) == 2, "without what was told first, one visit is never due"


def test_told_on_any_visit_is_told() -> None:
    late = trainee("I see.", same=("Were you out all night?",))
    one = came(persona(**VISITS), late)
    assert one.told == 1.0 and one.disclosed == {"earned": False, "late": True}
    assert len(one.endings) == 2


def test_a_story_that_never_begins_again_is_left_at_last() -> None:
    visits = [
        {"id": f"v{number}", "opening": f"Number {number}.", "moments": [{"id": f"m{number}", "feeling": "cold"}]}
        for number in range(MOST_VISITS + 3)
    ]
    assert len(rehearse_story(persona(**{**VISITS, "visits": visits}), SILENT, 0, ByFirstWord()).calls) == MOST_VISITS


def test_in_a_queue_told_is_the_share_of_those_who_came_and_had_something_unspoken() -> None:
    no_need = customer("cy", disclosures=[], needs={"coat": {"kind": "spoken", "need": "A coat."}})
    no_need["moments"] = [{"id": "opening", "says": "cy is here.", "feeling": "cold", "spoken": "coat"}]
    asks_ann = Trainee(
        name="skilled",
        words="bank",
        replies={"anywhere": ("I see.", "All right."), "ann-opening": ("Tell me where you slept?",)},
    )
    everybody = queue(customer("ann"), customer("bo"), no_need, draws=3)
    assert came(everybody, asks_ann).told == 0.5
    assert came(everybody, asks_ann).endings == ("all-seen",)
    one = came(queue(customer("ann"), customer("bo"), draws=1), asks_ann, seed=3)
    assert len(one.disclosed) == 1, "who was not drawn is not counted"


def test_a_disclosure_counts_in_the_calls_in_which_it_could_be_made() -> None:
    def part(**disclosed: bool) -> Came:
        return Came(told=None, disclosed=disclosed, endings=(), offered=0, met=0, score=0, turns=1)

    summed = figures(part(a=True), part(a=False, b=True), part())
    assert summed.disclosed == {"a": 0.5, "b": 1.0} and summed.told is None


def test_a_call_without_an_end_is_a_dead_end_at_the_moment_where_it_hung() -> None:
    nudges = [f"Nudge {number}." for number in range(9)]
    endless = persona(
        endings=[{"id": "never", "when": "turn > 900", "says": "Bye."}],
        moments=[{"id": "opening", "feeling": "cold", "unspoken": "company"}],
        reactions={"silence": [f"Hm {number}." for number in range(60)], "nudges": nudges},
        customer={**PERSONA["customer"], "temperament": {"patience": 10, "cools": 0.1}},
    )
    one = came(endless, SILENT)
    assert (one.stuck, one.turns, one.endings) == (("opening",), MOST_TURNS, ("left",))


def test_a_line_that_stands_twice_in_the_file_is_found_wherever_it_is_said() -> None:
    moments = [*PERSONA["moments"][:1], {"id": "dark", "says": "It's dark.", "feeling": "afraid"}]
    told = [{"id": "light", "says": "It's  dark.", "reveal": "asked", "topics": ["street light"]}]
    one = came(persona(moments=moments, disclosures=told), trainee("Miss.", dark=("Is there a street light?",)))
    assert one.repeated == ("It's dark.",)
    assert figures(one, one).repeats == 2 and figures(one, one).repeated == ("It's dark.",)
    assert came(persona(moments=moments), trainee("Miss.")).repeated == ()


def test_what_comes_of_it_depends_on_the_seed_alone() -> None:
    work = Work(msgspec.json.encode(persona()), KIND, (0, 1, 2, 3))
    together = played(work)
    apart = [one for seed in (0, 1, 2, 3) for one in played(Work(work.persona, KIND, (seed,)))]
    assert together == apart
