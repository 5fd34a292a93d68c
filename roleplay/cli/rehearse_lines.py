"""What rehearsal showed of a persona, as lines of at most 80 columns, or as data for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from roleplay.cli.persona_files import id_of, plain
from roleplay.cli.rehearse_why import wrapped
from roleplay.persona.problems import listed
from roleplay.rehearsal.figures import Figures
from roleplay.rehearsal.report import Report
from roleplay.rehearsal.trainees import Words
from roleplay.rehearsal.verdict import Standing
from roleplay.text import counted, one_line, sanitise

_HEAD = f"{'trainee':14} {'told':>5} {'met':>5} {'score':>5} {'turns':>5}  how it ended"
_BEFORE_ENDINGS = len(_HEAD) - len("how it ended")

WORDS: dict[Words, str] = {
    "bank": "from a frozen bank of replies, written for this persona",
    "tests": "the good replies of its tests; at other moments the worked ones (`better`)",
    "worked": "the worked replies (`better`), since no test has good ones",
    "generic": "from a frozen bank of replies to any customer",
    "persona": "heaps of the persona's own words and of stock phrases",
    "none": "says nothing",
}
"""Where a trainee's words come from."""

_STANDING: dict[Standing, str] = {
    "ready": "ready.",
    "plays": "plays. Nothing is broken; to make it ready:",
    "not yet": "not yet. To be mended:",
}


def lines_of_report(report: Report, seeds: int) -> Iterator[str]:
    """All of `report`, on a persona that was rehearsed with so many seeds."""
    persona = report.reading.persona
    form = ", in five minutes" if report.short else ""
    yield f"{one_line(persona.title)} ({persona.id}){form}" if persona else id_of(report.reading)
    if report.figures:
        what = "stories of visits" if persona and persona.visits and not report.short else "calls"
        yield f"{counted(seeds, what.removesuffix('s') if what == 'calls' else what, what)} of each trainee"
        yield ""
        yield _HEAD
        for each in report.figures:
            yield from _row(each)
        yield ""
        yield from _disclosed(report.figures)
        yield ""
        yield from _origins(report.figures)
        yield ""
        if not report.short:
            yield _tests(report)
    yield f"Verdict: {_STANDING[report.verdict.standing]}"
    for reason in report.verdict.reasons:
        yield from wrapped(f"- {one_line(reason.text)}", "", "  ")


def summary(reports: Sequence[Report]) -> str:
    """How many of several personas stand how."""
    stands = [report.verdict.standing for report in reports]
    told = [f"{stands.count(each)} {each}" for each in _STANDING if each in stands]
    return f"{counted(len(reports), 'persona', 'personas')}: {', '.join(told)}."


def data_of_report(report: Report) -> dict[str, Any]:
    """All of `report` for a program."""
    reading, persona = report.reading, report.reading.persona
    return {
        "id": id_of(reading),
        "path": sanitise(str(reading.path)),
        "title": persona.title if persona else None,
        "short": report.short,
        "verdict": report.verdict.standing,
        "reasons": msgspec.to_builtins(report.verdict.reasons),
        "trainees": [_trainee(each) for each in report.figures],
        "tests": [{"name": each.name, "passed": not each.failures, "failures": each.failures} for each in report.tests],
        "problems": plain(reading.problems),
    }


def _trainee(figures: Figures) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(figures, name) for name in figures.__struct_fields__}
    return {**told, "usage": msgspec.to_builtins(figures.usage)}


def _row(each: Figures) -> Iterator[str]:
    told = "-" if each.told is None else f"{each.told:.0%}"
    head = f"{each.trainee:14} {told:>5} {each.met:5.0%} {each.score:5.0f} {each.turns:5.1f}  "
    ended = sorted(each.endings.items(), key=lambda item: -item[1])
    yield from wrapped(", ".join(f"{ending} {times}" for ending, times in ended), head, " " * _BEFORE_ENDINGS)


def _disclosed(figures: Sequence[Figures]) -> Iterator[str]:
    """Each disclosure with the share of the calls in which it was made, by trainee."""
    yield "Disclosed, in how many of the calls in which it could be:"
    idents = dict.fromkeys(ident for each in figures for ident in each.disclosed)
    width = max((len(ident) for ident in idents), default=0)
    for ident in idents:
        made = [f"{each.trainee} {share:.0%}" for each in figures if (share := each.disclosed.get(ident))]
        yield from wrapped(", ".join(made) or "to nobody", f"  {ident:{width}}  ", " " * (width + 4))
    if not idents:
        yield "  (this persona has nothing to disclose)"


def _origins(figures: Sequence[Figures]) -> Iterator[str]:
    """Where everybody's words come from."""
    by_words: dict[str, list[str]] = {}
    for each in figures:
        words = WORDS[each.words]
        if each.trainee == "partly-skilled" and each.words == "tests":
            words += ", by turns with the poor ones"
        by_words.setdefault(words, []).append(each.trainee)
    yield "Where their words come from:"
    for words, names in by_words.items():
        yield from wrapped(f"{listed(names)}: {words}", "  ", "    ")
    yield from wrapped(
        "told: calls in which the unspoken need was told. met: replies that met what was there to be met.", "", ""
    )


def _tests(report: Report) -> str:
    passed = sum(not test.failures for test in report.tests)
    return f"Its own tests: {passed} of {len(report.tests)} pass." if report.tests else "It has no tests of its own."
