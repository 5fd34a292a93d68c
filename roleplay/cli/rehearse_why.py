"""A rehearsed call turn by turn, as lines of at most 80 columns: what happened, and why the rest did not."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from roleplay.conversation.disclosing import Bar
from roleplay.conversation.explaining import plain_number, why_shut
from roleplay.rehearsal.tracing import Step, Trace, Untold, Why
from roleplay.scoring.assessment import Assessment, Scored
from roleplay.text import one_line, quote

WIDTH = 80
_LABEL = 11

_DIMENSIONS: dict[Scored, str] = {
    "acknowledges_feeling": "feeling",
    "names_need": "need",
    "reaches_unspoken": "unspoken",
    "explores": "explores",
    "acts": "acts",
    "harm": "harm",
}
"""Short names of the dimensions, as they stand in a line of levels."""

_NUMBER = re.compile(r" \(it is [^)]*\)")
_VERDICTS = {"partly": "partly met", "none": "nothing to be met here"}
_KINDS = {"words": "", "overlong": "a reply that goes on and on"}


def lines_of_trace(trace: Trace) -> Iterator[str]:
    """All of `trace`."""
    visit = f", visit {trace.visit}" if trace.visit else ""
    yield f"A call of {trace.trainee} (seed {trace.seed}{visit}), turn by turn"
    before: Step | None = None
    for step in trace.steps:
        yield ""
        yield from lines_of_step(step, before)
        before = step
    yield ""
    yield from labelled("Customer", trace.last_words)
    yield from labelled("Ended", trace.ending)


def lines_of_step(step: Step, before: Step | None = None) -> Iterator[str]:
    """A turn; of endings and key moments only what reads otherwise than in the turn `before`, numbers aside."""
    scene = f", scene {step.scene}" if step.scene else ""
    feeling = f" (feels: {one_line(step.feeling)})" if step.feeling else ""
    yield from wrapped(f"Turn {step.turn}, at {step.moment}{scene}{feeling}", "", "  ")
    yield from labelled("Customer", step.line)
    yield from labelled("Trainee", step.reply or "(silence)")
    heard = _heard(step)
    if heard:
        yield from labelled("Heard", heard)
    yield from labelled("Assessed", _assessed(step.assessment))
    yield from labelled("Moved", _moved(step))
    if step.met:
        yield from labelled("Need met", ", ".join(step.met))
    if step.opened:
        yield from labelled("Told", step.opened)
    if step.deflected:
        yield from labelled("Deflected", step.deflected)
    yield from _list("Not told", _untold(step))
    if not step.ended:
        yield from _list("Not ended", _changed(step.endings, before.endings if before else ()))
        yield from _list("Key moment", _changed(step.key_moments, before.key_moments if before else ()))
    if step.begins:
        ended = f"this one ended with {step.scene_ended}, and " if step.scene_ended else ""
        yield from labelled("Then", f"{ended}the scene {step.begins} begins")


def _heard(step: Step) -> str:
    """What the reply was heard to do; empty where it were just words."""
    heard = step.heard
    told = [kind] if (kind := _KINDS.get(heard.kind, heard.kind)) else []
    told += [f"asks “{one_line(asked)}”" for asked in heard.asked]
    told += ["asks what nobody knows"] if heard.unanswerable else []
    told += [f"touches {', '.join(heard.touched)}"] if heard.touched else []
    return "; ".join(told)


def _assessed(assessment: Assessment) -> str:
    if not assessment.scorable:
        return "not scored: words aimed at a scorer" if assessment.flags.injection else "not scored"
    verdict = "not sure" if assessment.unsure else _VERDICTS.get(assessment.opportunity, assessment.opportunity)
    levels = [f"{_DIMENSIONS[name]} {level}" for name, level in assessment.scores.items() if level is not None]
    earned: dict[str, list[str]] = {}
    for each in assessment.evidence:
        earned.setdefault(quote(each.quote, 60), []).append(_DIMENSIONS[each.dimension])
    quoted = [f"{', '.join(dict.fromkeys(names))}: {words}" for words, names in earned.items()]
    return f"{verdict}. {', '.join(levels)}." + (f" {'; '.join(quoted)}" if quoted else "")


def _moved(step: Step) -> str:
    pairs = [(name, getattr(step.before, name), getattr(step.after, name)) for name in step.before.__struct_fields__]
    return ", ".join(
        f"{name} {plain_number(before)}" + (f" → {plain_number(after)}" if after != before else "")
        for name, before, after in pairs
    )


def _untold(step: Step) -> Iterator[str]:
    """Each reason with all that it kept shut."""
    shut: dict[tuple[Bar, ...], list[Untold]] = {}
    for each in step.untold:
        shut.setdefault(each.bars, []).append(each)
    for bars, kept in shut.items():
        takes = [f"{each.id} (takes {plain_number(each.trust)})" if "trust" in bars else each.id for each in kept]
        yield f"{', '.join(takes)}: {why_shut(bars, step.after.trust)}"


def _changed(found: Iterable[Why], before: Iterable[Why]) -> Iterator[str]:
    known = {each.id: _NUMBER.sub("", each.why) for each in before}
    for each in found:
        if known.get(each.id) != _NUMBER.sub("", each.why):
            yield f"{each.id}: {each.why}"


def _list(label: str, items: Iterable[str]) -> Iterator[str]:
    """`items`, each on lines of its own, the label before the first."""
    for number, item in enumerate(items):
        yield from labelled("" if number else label, item)


def labelled(label: str, text: str) -> Iterable[str]:
    """`text` on lines of 80 columns, with the label before the first."""
    head = f"  {f'{label}:' if label else '':{_LABEL}} "
    return wrapped(one_line(text), head, " " * len(head))


def wrapped(text: str, first: str, rest: str) -> Iterable[str]:
    """`text` on lines of 80 columns, which begin with `first` and then with `rest`."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    ) or [first.rstrip()]
