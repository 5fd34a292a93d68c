"""A persona in rehearsal: what has to be played, and what is reported of it at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from roleplay.conversation.stories import every_script
from roleplay.persona.loading import Reading
from roleplay.persona.model import Persona
from roleplay.rehearsal.figures import Came, Figures, came_of, figures_of
from roleplay.rehearsal.persona_tests import OwnTest, run_persona_tests
from roleplay.rehearsal.runner import rehearse_story
from roleplay.rehearsal.stories import worked_replies
from roleplay.rehearsal.trainees import Trainee, own_bank, trainees_for
from roleplay.rehearsal.verdict import Verdict, verdict_of
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric


class Work(msgspec.Struct, frozen=True):
    """Rehearsals to be played, in this process or another: the persona as JSON, who plays, and the seeds."""

    persona: bytes
    trainee: Trainee
    seeds: tuple[int, ...]
    short: bool = False


class Cast(msgspec.Struct, frozen=True):
    """A persona that can be played, with the trainees who will, and how its own tests went."""

    persona: Persona
    trainees: tuple[Trainee, ...]
    tests: tuple[OwnTest, ...]
    telling: tuple[str, ...]
    """The ids of the disclosures that bring an unspoken need into the open."""
    short: bool = False
    """Whether its five-minute form is rehearsed."""


class Report(msgspec.Struct, frozen=True):
    """What rehearsal showed of a file, `short` of its five-minute form. Without `figures` it cannot be played."""

    reading: Reading
    figures: tuple[Figures, ...]
    tests: tuple[OwnTest, ...]
    verdict: Verdict
    short: bool = False


def cast_for(persona: Persona, *, short: bool = False) -> Cast:
    """Play the tests of `persona`, as it was loaded, and say who will rehearse it. Half a second or so.

    In its five-minute form, if `short`, by the same people with the same words; its tests are of the whole call.
    """
    stories = [script.persona for script in every_script(persona)]
    tests = run_persona_tests(persona, scorer())
    trainees = trainees_for(persona, own_bank(persona.id, stories), tests, worked_replies(persona), stories)
    telling = dict.fromkeys(each.id for story in stories for each in story.disclosures if each.tells)
    return Cast(persona, tuple(trainees), () if short else tuple(tests), tuple(telling), short)


def work_of(cast: Cast, trainee: Trainee, seeds: int, at_once: int) -> Iterable[Work]:
    """The rehearsals of `trainee` with the seeds from 0 on, so many at once."""
    persona = msgspec.json.encode(cast.persona)
    for first in range(0, seeds, at_once):
        yield Work(persona, trainee, tuple(range(first, min(first + at_once, seeds))), cast.short)


def played(work: Work) -> list[Came]:
    """Play `work`; what comes of it depends on nothing else."""
    persona = _persona(work.persona)
    return [came_of(rehearse_story(persona, work.trainee, seed, scorer(), short=work.short)) for seed in work.seeds]


def report_of(reading: Reading, cast: Cast | None, came: Sequence[Sequence[Came]]) -> Report:
    """The report on a file, of which `came` is what came of each trainee of `cast`; None: it cannot be played."""
    if cast is None:
        return Report(reading, (), (), verdict_of((), (), reading.problems, ()))
    figures = tuple(
        figures_of(trainee.name, trainee.words, each) for trainee, each in zip(cast.trainees, came, strict=True)
    )
    verdict = verdict_of(figures, cast.tests, reading.problems, cast.telling, short=cast.short)
    return Report(reading, figures, cast.tests, verdict, cast.short)


@lru_cache(maxsize=1)
def scorer() -> OfflineScorer:
    """The scorer of all rehearsals."""
    return OfflineScorer(default_rubric())


@lru_cache(maxsize=4)
def _persona(encoded: bytes) -> Persona:
    return msgspec.json.decode(encoded, type=Persona)
