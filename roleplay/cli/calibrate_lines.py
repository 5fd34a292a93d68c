"""How far scorers and coaches agree, and what fitting came to, as lines of at most 80 columns where they are tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from roleplay.agreement.bootstrap import Figure
from roleplay.review.calibration import Calibration, Comparison, DimensionAgreement, Disagreement
from roleplay.review.refit import LEAST_CALLS, LEAST_RATINGS, Gain, Refit
from roleplay.scoring.overruled import Rated
from roleplay.text import counted, one_line, quote, sanitise

_NAME = 22
_QUOTED = 150
_SIDE_BY_SIDE = 3


def lines_of_calibration(calibration: Calibration) -> Iterator[str]:
    """The whole of `calibration`."""
    yield _basis(calibration)
    if calibration.overruled:
        levels = counted(calibration.overruled, "level", "levels")
        if "overruled" in calibration.kinds:
            yield f"{levels} overruled by coaches count too: chosen because somebody disagreed, they make"
            yield "every scorer look worse than it is."
        else:
            yield f"{levels} overruled by coaches: not counted, since they were chosen because somebody disagreed."
    if "blind" in calibration.kinds:
        yield "The replies were drawn so that rare levels come up: on calls as they come kappa is lower."
    for comparison in calibration.comparisons:
        yield ""
        yield from _comparison(comparison)
    yield ""
    yield f"Intervals: 95 %, from drawing whole calls again {calibration.resamples:,} times."
    yield "same: share of equal levels. bias: mean of the first's levels less the second's."
    yield "What the verdicts mean: docs/calibration.md."


def _basis(calibration: Calibration) -> str:
    ratings = sum(calibration.coaches.values())
    by = ", ".join(f"{_name(name)} {times}" for name, times in calibration.coaches.items())
    what = counted(ratings, "rating", "ratings")
    return f"{what} of {counted(calibration.replies, 'reply', 'replies')} in {_calls(calibration.calls)} (by {by})"


def _comparison(comparison: Comparison) -> Iterator[str]:
    first, second = _name(comparison.first), _name(comparison.second)
    yield f"{first} and {second}: {counted(comparison.ratings, 'rating', 'ratings')}, {_calls(comparison.calls)}"
    yield f"{'':{_NAME}} {'n':>4} {'kappa':>5}  {'interval':12} {'same':>4}  {'bias':>5}  interval"
    for name, each in comparison.dimensions.items():
        yield _row(name, each)
    for name, each in comparison.dimensions.items():
        leans = f" ({first} {each.leans})" if each.leans and comparison.against != "all coaches" else ""
        yield f"  {_plain(name)}: {each.verdict}{leans}"
    yield from _tables(comparison.dimensions, first, second)
    if comparison.worst:
        yield f"  Farthest apart ({first} / {second}):"
    for place, worst in enumerate(comparison.worst, 1):
        yield from _disagreement(place, worst)


def _row(name: Rated, each: DimensionAgreement) -> str:
    line = f"{'  ' + _plain(name):{_NAME}} {each.n:4} {_number(each.kappa.value):>5}  {_interval(each.kappa):12}"
    return (
        f"{line} {_percent(each.same):>4}  {_signed(each.bias.value):>5}  {_interval(each.bias, signed=True)}".rstrip()
    )


def _tables(dimensions: Mapping[Rated, DimensionAgreement], first: str, second: str) -> Iterator[str]:
    """How often which level met which, several dimensions beside each other."""
    yield f"  How often which level met which; down: {first}, across: {second}"
    names = list(dimensions)
    for begin in range(0, len(names), _SIDE_BY_SIDE):
        blocks = [_table(name, dimensions[name].table) for name in names[begin : begin + _SIDE_BY_SIDE]]
        height = max(map(len, blocks))
        for row in range(height):
            cells = (f"{block[row] if row < len(block) else '':26}" for block in blocks)
            yield f"    {''.join(cells)}".rstrip()


def _table(name: Rated, table: Sequence[Sequence[float]]) -> list[str]:
    head = " ".join(f"{level:>4}" for level in range(len(table)))
    rows = [f"{level} " + " ".join(f"{times:4.0f}" for times in row) for level, row in enumerate(table)]
    return [_plain(name), f"  {head}", *rows]


def _disagreement(place: int, worst: Disagreement) -> Iterator[str]:
    levels = ", ".join(f"{_plain(name)} {one} / {other}" for name, (one, other) in worst.levels.items())
    kind = ", overruled" if worst.kind == "overruled" else ""
    yield f"  {place:2}. {levels} (by {_name(worst.second)}{kind})"
    yield f"      {_name(worst.persona)}, call {_name(worst.session)}, turn {worst.turn}"
    yield f"      Customer: {quote(worst.customer, _QUOTED)}"
    yield f"      Reply: {quote(worst.reply, _QUOTED) if worst.reply.strip() else '(silence)'}"


def lines_of_fit(found: Refit) -> Iterator[str]:
    """What fitting came to."""
    basis = f"{counted(found.ratings, 'blind rating', 'blind ratings')} in {_calls(found.calls)} can be fitted to."
    if found.more_ratings or found.more_calls:
        yield basis
        wanting = [f"{counted(found.more_ratings, 'rating', 'ratings')} more"] * bool(found.more_ratings)
        wanting += [f"ratings in {_calls(found.more_calls)} more"] * bool(found.more_calls)
        yield f"Nothing was fitted: {' and '.join(wanting)} are needed ({LEAST_RATINGS} in {LEAST_CALLS} calls)."
        return
    yield basis
    yield "Weighted kappa with the coaches, on calls left out of fitting:"
    yield f"{'':{_NAME}} {'n':>4} {'before':>6} {'after':>6} {'gain':>6}  {'interval':14} {'shift':>5} {'scale':>5}"
    for name, gain in found.gains.items():
        yield (
            f"{'  ' + _plain(name):{_NAME}} {gain.n:4} {_number(gain.before):>6} {_number(gain.after):>6} "
            f"{_signed(gain.gain.value):>6}  {_interval(gain.gain, signed=True):14} "
            f"{_signed(gain.correction.shift):>5} {gain.correction.scale:5.2f} {'taken' if gain.helps else ''}"
        ).rstrip()
    yield "The intervals hold for all rows together (95 %); a row is taken where its interval lies above 0."
    if found.tuned is None:
        yield "Nothing was written: it cannot be told from chance that it helps. Rate more replies, or leave it so."


def note_on(gain: Gain) -> str:
    """What a head's correction brought, for the file."""
    return (
        f"weighted kappa {_number(gain.before)} before, {_number(gain.after)} after, on calls left out; "
        f"gain {_signed(gain.gain.value)} ({_interval(gain.gain, signed=True)}), {gain.n} ratings"
    )


def _interval(figure: Figure, *, signed: bool = False) -> str:
    if figure.low is None or figure.high is None:
        return ""
    tell = _signed if signed else _number
    return f"{tell(figure.low)} to {tell(figure.high)}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.2f}"


def _percent(figure: Figure) -> str:
    return "-" if figure.value is None else f"{100 * figure.value:.0f}%"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _calls(number: int) -> str:
    return counted(number, "call", "calls")


def _name(text: str) -> str:
    line = one_line(sanitise(text))
    return line if len(line) <= 40 else line[:39] + "…"
