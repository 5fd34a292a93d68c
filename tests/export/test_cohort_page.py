"""A cohort report as a page: complete, inert whatever is in it, and fit for a telephone, a dark room and paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from roleplay.export.cohort_page import cohort_page, is_cohort_page
from roleplay.export.page import page
from roleplay.export.plots import Bar, bars, line_of_weeks, stacks
from roleplay.practice.standing import Week
from roleplay.review.cohort import Cohort
from roleplay.text import sanitise
from tests.export.browser import BROWSER, Browser, browser
from tests.export.pages import Page, hostile
from tests.review.cohorts import Call, Said, cohort_at, keep_cohort

Any = TypeVar("Any")
LONG = "Bartholomew-Maximiliana-von-und-zu-Oberunterhausen-with-a-name-without-any-space"


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    path = tmp_path_factory.mktemp("cohort") / "roleplay.db"
    said = [
        Said("kerb", "missed"),
        Said("rail", "partly"),
        Said("opening", safety=True),
        Said("bill", levels={"acts": 2}),
    ]
    keep_cohort(
        path,
        [
            Call(who, f"2026-10-{5 + 7 * week:02}", 20.0 + 9 * week + number, said, rating=3, persona=persona)
            for number, who in enumerate(("Ana", "Ben", LONG))
            for week in range(3)
            for persona in ("the-ramp", "the-desk")
        ],
    )
    return cohort_at(path)


def _changed(record: Any, words: str) -> Any:
    """`record` with `words` in place of everything that somebody wrote."""
    written = {"name", "title", "id", "persona", "moment", "line", "words", "need"} & set(record.__struct_fields__)
    return msgspec.structs.replace(record, **dict.fromkeys(written, words))


def _hostile_cohort(cohort: Cohort, words: str) -> Cohort:
    return msgspec.structs.replace(
        cohort,
        personas=tuple(_changed(each, words) for each in cohort.personas),
        trainees=tuple(_changed(each, words) for each in cohort.trainees),
        needs=tuple(_changed(each, words) for each in cohort.needs),
        struggles=tuple(_changed(each, words) for each in cohort.struggles),
    )


def _check_inert(cohort: Cohort, strings: list[str]) -> None:
    parts = {name: getattr(cohort, name)[:2] for name in ("personas", "trainees", "needs", "struggles")}
    cohort = msgspec.structs.replace(cohort, **parts)
    plain = Page(cohort_page(_hostile_cohort(cohort, "plain")))
    for words in strings:
        written = cohort_page(_hostile_cohort(cohort, words))
        parsed = Page(written)
        assert parsed.is_inert, words
        assert [tag for tag, _ in parsed.elements] == [tag for tag, _ in plain.elements], words
        assert sanitise(words) in "".join(parsed.words), words
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", written), (
            words
        )


def test_whatever_stands_in_a_report_stays_text(cohort: Cohort) -> None:
    _check_inert(cohort, hostile(300))


@pytest.mark.soak
def test_whatever_stands_in_a_report_stays_text_5000_times(cohort: Cohort) -> None:
    _check_inert(cohort, hostile(5_000))


def test_the_page_tells_all_parts_of_the_report(cohort: Cohort) -> None:
    parsed = Page(cohort_page(cohort))
    shown = " ".join(parsed.words)
    for heading in ("By dimension", "What was there to be met", "By persona", "Unspoken needs", "Trainees"):
        assert heading in shown
    assert "I can see the kerb, but I will not cross." in shown
    assert "offline 100 %" in shown
    assert "Safety passed over in 5 replies of the last 5 calls." in shown


def test_every_plot_has_a_title_and_a_description_of_its_own(cohort: Cohort) -> None:
    parsed = Page(cohort_page(cohort))
    plots = [attributes for tag, attributes in parsed.elements if tag == "svg"]
    idents = [attributes["id"] for tag, attributes in parsed.elements if tag in ("title", "desc") and attributes]
    named = " ".join(str(attributes["aria-labelledby"]) for attributes in plots).split()
    assert len(plots) >= 6
    assert sorted(map(str, idents)) == sorted(named)
    assert len(set(named)) == len(named)


def test_every_table_names_its_columns_and_rows(cohort: Cohort) -> None:
    parsed = Page(cohort_page(cohort))
    scopes = [attributes.get("scope") for tag, attributes in parsed.elements if tag == "th"]
    assert set(scopes) == {"col", "row"}
    assert sum(tag == "caption" for tag, _ in parsed.elements) == sum(tag == "table" for tag, _ in parsed.elements)


def test_the_line_has_a_dot_a_week_hollow_where_few_called() -> None:
    drawn = line_of_weeks((Week("2026-10-05", 9, 40.0), Week("2026-10-12", 2, 60.0), Week("2026-10-26", 9, 50.0)), "w")
    assert re.findall(r'class="(dot[ a-z]*)" cx="([0-9.]+)" cy="([0-9.]+)"', drawn) == [
        ("dot", "28.0", "88.0"),
        ("dot few", "148.7", "62.0"),
        ("dot", "390.0", "75.0"),
    ]
    assert "week of 2026-10-12: 60, n 2" in drawn
    assert line_of_weeks((Week("2026-10-05", 9, 40.0),), "w") == ""


def test_a_bar_is_as_long_as_its_share_and_grey_where_it_rests_on_few(cohort: Cohort) -> None:
    figure = cohort.all.dimensions["acts"]
    drawn = bars([Bar("Acts", figure), Bar("Few", msgspec.structs.replace(figure, n=4))], "b", "Title")
    widths = re.findall(r'class="(bar[ a-z]*)" x="0.5" y="\d+" width="([0-9.]+)"', drawn)
    assert widths == [("bar", f"{399 * (figure.value or 0):.1f}"), ("bar few", f"{399 * (figure.value or 0):.1f}")]
    assert drawn.count('class="whisker"') == (figure.low is not None)


def test_what_offers_nothing_to_be_met_has_no_stack() -> None:
    assert "<rect" not in stacks([], "s")


def test_a_page_without_calls_says_so(cohort: Cohort, tmp_path: Path) -> None:
    keep_cohort(tmp_path / "roleplay.db", [Call(ended=False)])
    parsed = Page(cohort_page(cohort_at(tmp_path / "roleplay.db")))
    assert "No call that was asked for has ended." in parsed.words


def test_a_report_knows_its_own_kind(cohort: Cohort, tmp_path: Path) -> None:
    own, other = tmp_path / "report.html", tmp_path / "other.html"
    own.write_text(cohort_page(cohort), encoding="utf-8")
    other.write_text(page("Mine", "<p>Notes</p>"), encoding="utf-8")
    assert is_cohort_page(own)
    assert not any(map(is_cohort_page, (other, tmp_path, tmp_path / "missing.html")))


@pytest.fixture(scope="module")
def shown(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, str]]:
    folder = tmp_path_factory.mktemp("browser")
    written = folder / "report.html"
    written.write_text(cohort_page(_hostile_names(cohort)), encoding="utf-8")
    with browser(folder / "profile") as opened:
        yield opened, written.as_uri()


def _hostile_names(cohort: Cohort) -> Cohort:
    names = ("<img src=//evil.example onerror=alert(1)>", "</style><script>alert(1)</script>", LONG)
    trainees = (msgspec.structs.replace(each, name=name) for each, name in zip(cohort.trainees, names, strict=True))
    return msgspec.structs.replace(cohort, trainees=tuple(trainees))


@pytest.mark.skipif(BROWSER is None, reason="no browser is installed: apt-get install chromium")
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_a_browser_loads_nothing_else_complains_of_nothing_and_never_scrolls_sideways(
    shown: tuple[Browser, str], width: int, dark: bool
) -> None:
    opened, url = shown
    opened.open(url, width, dark=dark)
    assert opened.asked_for == [url]
    assert opened.complaints == []
    assert opened.tell("document.documentElement.scrollWidth") <= width
    assert opened.tell("[...document.querySelectorAll('p, caption, li, td')].every(e => e.offsetWidth > 40)")
    assert opened.tell("document.scripts.length + document.links.length + document.images.length") == 0
    ground = opened.tell("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(20, 23, 27)" if dark else "rgb(255, 255, 255)")


@pytest.mark.skipif(BROWSER is None, reason="no browser is installed: apt-get install chromium")
def test_it_prints_on_a4_in_ink_on_white_whatever_the_screen(shown: tuple[Browser, str], tmp_path: Path) -> None:
    opened, url = shown
    opened.open(url, 1280, dark=True)
    printed = opened.printed()
    sizes = {
        tuple(round(float(side)) for side in box.split()) for box in re.findall(rb"/MediaBox \[([0-9. ]+)\]", printed)
    }
    assert sizes == {(0, 0, 595, 842)}
    opened.do("Emulation.setEmulatedMedia", media="print")
    assert opened.tell("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert opened.tell("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert opened.tell("[...document.querySelectorAll('svg')].every(e => getComputedStyle(e).breakInside === 'avoid')")
