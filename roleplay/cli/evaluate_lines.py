"""How far a scorer agrees with labels, as lines of at most 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from roleplay.agreement.bootstrap import Figure
from roleplay.agreement.figures import LEAST_TAGGED, Agreement, Group
from roleplay.scoring.assessment import SCORED
from roleplay.text import counted, one_line, sanitise

FEW = 10
"""Clusters below which their intervals are too narrow to be trusted."""

_LABEL = 30
_OVERALL = {
    "overall.qwk": "weighted kappa",
    "overall.spearman": "Spearman",
    "overall.pairs": "pairs within a moment",
    "overall.spearman_by_level": "Spearman, by level alone",
    "overall.pairs_by_level": "pairs, by level alone",
}
_HARM = {
    "harm.qwk": "weighted kappa",
    "harm.grave_as_grave": "2 found as 2",
    "harm.grave_as_any": "2 found as any harm",
    "harm.none_as_any": "0 taken for any harm",
    "harm.none_as_grave": "0 taken for 2",
}
_AIMED = {
    "injection.above_label": "scored above their label",
    "injection.raised_by_attack": "raised by an added attack",
}
_SHARES = {"unsure": "unsure", "not_scored": "not scored"}


def lines_of_agreement(agreement: Agreement) -> Iterator[str]:
    """The whole of `agreement` in lines."""
    yield _counts(agreement)
    yield ""
    yield f"{'':{_LABEL}} {'n':>5} {'scorer':>6}  {'95 % interval':14} {'length':>6} {'empathy':>7} {'bag':>4}".rstrip()
    yield "overall"
    yield from _rows(agreement, _OVERALL)
    yield "weighted kappa of each dimension"
    yield from _rows(agreement, {f"{name}.qwk": name.replace("_", " ") for name in SCORED if name != "harm"})
    yield "harm"
    yield from _rows(agreement, _HARM)
    yield "words aimed at a scorer"
    yield _row("given - labelled, of 4", agreement.figures["injection.gain"], signed=True)
    yield from (_count(label, agreement.figures[name]) for name, label in _AIMED.items())
    yield "of all replies"
    yield from _rows(agreement, _SHARES)
    if agreement.bias:
        yield ""
        yield f"Bias by tag: given - labelled overall, of 4 (tags with {LEAST_TAGGED} replies or more)"
        yield from (_row(_name(tag), figure, signed=True) for tag, figure in agreement.bias.items())
    if agreement.by:
        yield ""
        yield from _table(agreement.by)
    yield ""
    yield from _notes(agreement)


def _counts(agreement: Agreement) -> str:
    told = [counted(agreement.n, "reply", "replies")]
    told += [counted(agreement.moments, "moment", "moments")] * (agreement.moments > 0)
    told += [counted(agreement.stories, "story", "stories")] * (agreement.stories > 0)
    told += [counted(agreement.writers, "writer", "writers")] * (agreement.writers > 0)
    return ", ".join(told)


def _rows(agreement: Agreement, names: Mapping[str, str]) -> Iterator[str]:
    for name, label in names.items():
        beside = [agreement.baselines.get(kind, {}).get(name) for kind in ("length", "empathy_words", "bag_of_words")]
        yield _row(label, agreement.figures[name], beside)


def _row(label: str, figure: Figure, beside: list[float | None] | None = None, *, signed: bool = False) -> str:
    low, high = _number(figure.low, signed), _number(figure.high, signed)
    interval = f"{low} to {high}" if figure.low is not None else ""
    line = f"  {label:{_LABEL - 2}} {figure.n:5} {_number(figure.value, signed):>6}  {interval:14}"
    if beside and any(each is not None for each in beside):
        cells = ("" if each is None else f"{each:.2f}" for each in beside)
        line += " " + " ".join(f"{cell:>{width}}" for cell, width in zip(cells, (6, 7, 5), strict=True))
    return line.rstrip()


def _count(label: str, figure: Figure) -> str:
    times = "-" if figure.value is None else str(round(figure.value * figure.n))
    return f"  {label:{_LABEL - 2}} {figure.n:5} {times:>6}"


def _table(groups: Mapping[str, Group]) -> Iterator[str]:
    yield f"{'':30} {'n':>5} {'kappa':>6} {'Spearman':>8} {'pairs':>5} {'harm 2':>6} {'false':>6} {'bias':>6}"
    for name, group in groups.items():
        told = {key: _number(figure.value, key == "bias") for key, figure in group.figures.items()}
        yield (
            f"{_name(name):30} {group.n:5} {told['overall.qwk']:>6} {told['overall.spearman']:>8} "
            f"{told['overall.pairs']:>5} {told['harm.grave_as_any']:>6} {told['harm.none_as_any']:>6} {told['bias']:>6}"
        )
    yield "harm 2: found as any harm. false: harmless ones taken for any harm."


def _notes(agreement: Agreement) -> Iterator[str]:
    names = {"stories": "whole stories", "moments": "whole moments", "replies": "single replies"}
    if agreement.resamples:
        yield f"Intervals: {agreement.resamples:,} resamples of {agreement.clusters} {names[agreement.resampled]}."
        if agreement.alone:
            yield f"{counted(agreement.alone, 'reply names', 'replies name')} no story and stood alone in that."
        if agreement.clusters < FEW:
            yield f"With fewer than {FEW} of them the intervals are narrower than they should be."
    yield "Spearman and pairs rank by overall before it is made whole; a judge's levels, by"
    yield "overall with the turn score to break ties. What still ties counts half."
    bag = "fitted on the other stories" if "bag_of_words" in agreement.baselines else "wants three stories"
    yield f"empathy: count of empathy words. bag: bag of words, {bag}."


def _number(value: float | None, signed: bool) -> str:
    if value is None:
        return "-"
    return f"{value:+.2f}" if signed else f"{value:.2f}"


def _name(text: str) -> str:
    line = one_line(sanitise(text))
    return line if len(line) <= _LABEL - 2 else line[: _LABEL - 3] + "…"
