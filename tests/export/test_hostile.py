"""Whatever somebody wrote, an export holds it as words: no formula, no tag, no link, nothing loaded from elsewhere."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from roleplay.export.cells import cell, words_of
from roleplay.export.markdown import words
from roleplay.store.integrity import verify
from roleplay.text import one_line, sanitise
from tests.export.exchanges import exported as exported_lines
from tests.export.exchanges import take
from tests.export.golden_files import exported
from tests.export.hostile import keep_hostile, strings

FEW, MANY = 500, 5_000
SIZES = [FEW, pytest.param(MANY, marks=pytest.mark.soak)]
ACTIVE = tuple("=+-@＝＋－＠\t\r")
NOT_IN_A_TABLE = {"title", "name", "actor", "last line", "better", "because", "epilogue", "who disputes"}
TAGS = set("html head meta title style body article h1 h2 dl dt dd div p ul li mark strong del br".split())
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class"}


def fill(path: Path, size: int) -> list[tuple[str, str]]:
    """Calls with `size` hostile strings in them, and the strings as they were kept."""
    given, used, number = strings(size), list[tuple[str, str]](), 0
    while len(used) < size:
        used += keep_hostile(path, number, given)
        number += 1
    return used


@pytest.fixture(scope="module", params=SIZES)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[tuple[str, str]]]:
    path = tmp_path_factory.mktemp("hostile") / "roleplay.db"
    return path, fill(path, request.param)


def folded(text: str) -> str:
    return one_line(sanitise(text))


def test_a_table_has_no_active_cell_however_it_is_split(filled: tuple[Path, list[tuple[str, str]]]) -> None:
    path, used = filled
    table = exported(path, "csv").decode()
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(table, newline=None), delimiter=separator):
            assert not [each for each in row if each.lstrip("\r\n").startswith(ACTIVE)]
    cells = [words_of(each) for row in csv.reader(io.StringIO(table, newline="")) for each in row]
    everything = folded("\n".join(cells))
    assert [each for what, each in used if what not in NOT_IN_A_TABLE and folded(each) not in everything] == []


def test_a_page_has_no_tag_attribute_or_address_of_a_stranger(filled: tuple[Path, list[tuple[str, str]]]) -> None:
    path, used = filled
    page = Page()
    page.feed(exported(path, "html").decode())
    page.close()
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES
    assert page.others == ["DOCTYPE html"]
    everything = folded("".join(page.text))
    assert [each for each in used if folded(each[1]) not in everything] == []


def test_markdown_has_no_markup_or_link_of_a_stranger(filled: tuple[Path, list[tuple[str, str]]]) -> None:
    path, used = filled
    tokens = MarkdownIt("gfm-like").parse(exported(path, "md").decode())
    inline = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in tokens} <= BLOCKS
    assert {token.type for token in inline} <= {"text", "text_special", "code_inline", "hardbreak", "softbreak"}
    everything = folded("\n".join(plain(token.children) for token in tokens if token.children))
    assert [each for each in used if folded(each[1]) not in everything] == []


def test_json_lines_of_hostile_words_make_the_same_calls_again(
    filled: tuple[Path, list[tuple[str, str]]], tmp_path: Path
) -> None:
    path, _ = filled
    once = tmp_path / "once.db"
    assert {taken.what for taken in take(once, exported_lines(path))} == {"new"}
    again = tmp_path / "again.db"
    take(again, exported_lines(once))
    assert exported_lines(again) == exported_lines(once)
    assert verify(again).fine


@pytest.mark.parametrize("size", SIZES)
def test_words_come_back_equal_from_cells_and_from_markdown(size: int) -> None:
    parser = MarkdownIt("gfm-like")
    for _, given in zip(range(size), strings(7), strict=False):
        text = sanitise(given)
        assert words_of(cell(text)) == text
        for before, indent in (("", ""), ("> ", "> "), ("- ", "  ")):
            (inline,) = [each for each in parser.parse(before + words(text, indent)) if each.children]
            assert plain(inline.children) == text


def test_the_parsers_of_these_tests_see_what_is_active() -> None:
    page = Page()
    page.feed("<script>1</script><a href='x'>y</a>")
    assert not page.tags <= TAGS and not page.attributes <= ATTRIBUTES
    inline = MarkdownIt("gfm-like").parse("[x](http://y) **b** http://z")[1].children
    assert {"link_open", "strong_open"} <= {token.type for token in inline or ()}


BLOCKS = {"hr", "inline"} | {
    f"{name}_{end}"
    for name in ("heading", "bullet_list", "list_item", "paragraph", "blockquote")
    for end in ("open", "close")
}


def plain(tokens: list[Token] | None) -> str:
    """The words of inline tokens."""
    return "".join("\n" if token.type.endswith("break") else token.content for token in tokens or ())


class Page(HTMLParser):
    """What is on a page: its tags, attributes, words, and anything else."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)
