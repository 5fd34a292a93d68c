"""What came of rehearsals, in figures: what each trainee was told, how it ended, and what was wrong with the calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import fsum

import msgspec

from roleplay.conversation.score import score_of
from roleplay.conversation.turns import Transcript
from roleplay.conversation.voiced import Usage
from roleplay.rehearsal.runner import Rehearsed
from roleplay.rehearsal.trainees import Name, Words

MOST_NAMED = 5
"""Most lines said twice, and places where calls got stuck, that are named of one trainee."""


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one rehearsal, a call or a chain of visits.

    `told`: whether a disclosure was made that brings an unspoken need into the open, 1 or 0; in a queue the share of
    the customers who came and had one to make; None where nobody had. `disclosed`: of the ids that could be, whether
    they were. `offered` and `met` count replies. `score` is the mean over the calls. `repeated`: lines said twice in
    one call. `stuck`: the moments at which calls that did not end were left. `voiced`: lines by how they came about.
    """

    told: float | None
    disclosed: dict[str, bool]
    endings: tuple[str, ...]
    offered: int
    met: int
    score: float
    turns: int
    repeated: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    wordless: tuple[str, ...] = ()
    voiced: dict[str, int] = {}
    usage: Usage = Usage()


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one trainee's rehearsals. Shares are 0-1, scores 0-100.

    `told` is the mean of what came of each; None where nothing unspoken can be told. `disclosed` is by the id of the
    disclosure, of the rehearsals in which it could be made. `met`: the share of replies at moments with something to be
    met that met it. `calls` counts rehearsals; `endings` calls, of which a chain of visits has several. `repeated`,
    `stuck` and `wordless` name a few of the lines and moments. `voiced` and `usage` are there with a language model.
    """

    trainee: Name
    words: Words
    calls: int
    told: float | None
    disclosed: dict[str, float]
    met: float
    score: float
    turns: float
    endings: dict[str, int]
    repeats: int
    dead_ends: int
    repeated: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    wordless: tuple[str, ...] = ()
    voiced: dict[str, int] = {}
    usage: Usage = Usage()


def came_of(rehearsed: Rehearsed) -> Came:
    """What came of one rehearsal."""
    calls = rehearsed.calls
    told: dict[str, bool] = {}
    tells: dict[str, list[str]] = {}
    for call in calls:
        script = call.session.script
        made = {reply.direction.disclosed for reply in call.replies}
        for each in script.persona.disclosures:
            told[each.id] = told.get(each.id, False) or each.id in made
            if each.tells:
                teller = each.scene if script.queue else None
                tells.setdefault(teller or "", []).append(each.id)
    opened = [any(told[each] for each in ids) for ids in tells.values()]
    opportunities = [reply.assessment.opportunity for call in calls for reply in call.replies]
    return Came(
        told=sum(opened) / len(opened) if opened else None,
        disclosed=told,
        endings=tuple(call.ending.ending for call in calls if call.ending),
        offered=len(opportunities) - opportunities.count("none"),
        met=opportunities.count("met"),
        score=fsum(score_of(call).score or 0.0 for call in calls) / len(calls),
        turns=len(opportunities),
        repeated=tuple(line for call in calls for line in _said_twice(call)),
        stuck=tuple(call.replies[-1].state.moment for call in calls if call.ending and call.ending.by == "left"),
        wordless=rehearsed.wordless,
        voiced=dict(_voiced(calls)),
        usage=sum((call.usage for call in calls), Usage()),
    )


def figures_of(trainee: Name, words: Words, came: Sequence[Came]) -> Figures:
    """Sum up the rehearsals of one trainee, at least one; the order makes no difference."""
    told = [each.told for each in came if each.told is not None]
    could = Counter(ident for each in came for ident in each.disclosed)
    was = Counter(ident for each in came for ident, made in each.disclosed.items() if made)
    offered = sum(each.offered for each in came)
    repeated = Counter(line for each in came for line in each.repeated)
    stuck = Counter(moment for each in came for moment in each.stuck)
    return Figures(
        trainee=trainee,
        words=words,
        calls=len(came),
        told=fsum(told) / len(told) if told else None,
        disclosed={ident: was[ident] / could[ident] for ident in could},
        met=sum(each.met for each in came) / offered if offered else 0.0,
        score=fsum(each.score for each in came) / len(came),
        turns=sum(each.turns for each in came) / len(came),
        endings=dict(sorted(Counter(ending for each in came for ending in each.endings).items())),
        repeats=repeated.total(),
        dead_ends=stuck.total(),
        repeated=_most_frequent(repeated),
        stuck=_most_frequent(stuck),
        wordless=tuple(dict.fromkeys(moment for each in came for moment in each.wordless)),
        voiced=dict(sorted(sum((Counter(each.voiced) for each in came), Counter[str]()).items())),
        usage=sum((each.usage for each in came), Usage()),
    )


def _said_twice(call: Transcript) -> list[str]:
    """What the customer was to say that was said before in this call, word for word."""
    directions = [call.opening.direction, *(reply.direction for reply in call.replies)]
    parts = [part.text for direction in directions for part in direction.parts]
    parts += [direction.scene.opening for direction in directions if direction.scene]
    lines = Counter(" ".join(part.split()) for part in parts)
    return [line for line, times in lines.items() for _ in range(times - 1)]


def _voiced(calls: Sequence[Transcript]) -> Counter[str]:
    """How many lines came about in which way, where a language model took part; else nothing."""
    lines = [line for call in calls for line in call.lines]
    if not any(line.voiced.model for line in lines):
        return Counter()
    return Counter("broken off" if line.broken_off else line.voiced.voice for line in lines)


def _most_frequent(found: Counter[str]) -> tuple[str, ...]:
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(each for each, _ in ordered[:MOST_NAMED])
