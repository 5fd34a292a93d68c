"""Says in plain words what the YAML parser stumbled over, and where the author should look."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from roleplay.text import quote

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_FIELD_WITH_TEXT = re.compile(r"\s*(?:- +)*[^\s:#-][^:]*:\s+\S")
_NO_SPACE_AFTER_COLON = re.compile(r"\s*(?:- +)*[\w-]+(:)[^\s:]")
_NO_SPACE_AFTER_HYPHEN = re.compile(r"\s*(-)[^\s-]")
_QUOTES = "Put quotation marks round the whole text."


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem in words, at a line and column counted from 1."""

    line: int
    column: int
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where a text stood, lines and columns counted from 0. `quoted`: in quotation marks."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int
    quoted: bool


def explain(
    error: yaml.YAMLError, source: str, last_text: Span | None, bracket: tuple[int, int] | None = None
) -> Trouble:
    """What `error` means for somebody who writes prose.

    `last_text` is the last scalar before it; `bracket` the line and column, from 1, of the innermost bracket that is
    open there.
    """
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return _Page(error, source, last_text, bracket).trouble()
    character = getattr(error, "character", None)
    offset = source.find(chr(character)) if isinstance(character, int) else -1
    before = _LINE_END.split(source[: max(offset, 0)])
    return Trouble(len(before), len(before[-1]) + 1, "A character that YAML does not allow stands here.", "Delete it.")


class _Page:
    """The source around an error."""

    def __init__(
        self, error: yaml.MarkedYAMLError, source: str, last_text: Span | None, bracket: tuple[int, int] | None
    ) -> None:
        assert error.problem_mark is not None
        self._problem, self._context = str(error.problem or ""), str(error.context or "")
        self._line, self._column = error.problem_mark.line, error.problem_mark.column
        start = error.context_mark or error.problem_mark
        self._start_line, self._start_column = start.line, start.column
        self._lines = _LINE_END.split(source)
        self._last_text, self._open_bracket = last_text, bracket

    def trouble(self) -> Trouble:
        """The first explanation that fits, from the most to the least particular."""
        problem, context = self._problem, self._context
        if "tab" in problem or self._text(self._line)[self._column : self._column + 1] == "\t":
            return self._here("A tab stands here; YAML is indented with spaces.", "Write two spaces in its place.")
        if "mapping values" in problem:
            return self._colon()
        if "expected ':'" in problem:
            return self._no_colon()
        if "quoted scalar" in context and ("end of stream" in problem or "document" in problem):
            return self._unclosed_quote(self._start_line, self._start_column)
        if "quoted scalar" in context:
            return self._here(
                "After a backslash in double quotation marks YAML wants an escape that it knows.",
                "Write two backslashes, or put the text in single quotation marks.",
            )
        if "flow" in context:
            return self._bracket()
        if "alias" in context or "anchor" in context or "tag" in context or "start any token" in problem:
            return self._first_character()
        if "block scalar" in context:
            return self._start(
                "After > or | the text begins on the next line.", "Break the line here, or put the text in quotes."
            )
        if "sequence entries" in problem:
            return self._here(
                "A list begins on a line of its own.",
                "Break the line before the hyphen; put a text that begins with a hyphen in quotation marks.",
            )
        if "document start" in problem:
            return self._here("The document is over before this line.", "Write each line as `name: text` or `- text`.")
        return self._misfit()

    def _colon(self) -> Trouble:
        if _FIELD_WITH_TEXT.match(self._text(self._line)[: self._column]):
            return self._here("A colon inside a text ends it for YAML.", _QUOTES)
        above = self._line - 1
        while above > 0 and not self._text(above).strip():
            above -= 1
        glued = _NO_SPACE_AFTER_COLON.match(self._text(above)) if above >= 0 else None
        if glued is not None:
            return Trouble(above + 1, glued.end(1) + 1, "A space is missing after the colon.", "Write `name: text`.")
        return self._here(
            "This field is indented deeper than the one above it, which has its text already.",
            "Begin it in the same column as its neighbours.",
        )

    def _no_colon(self) -> Trouble:
        line = self._text(self._start_line)
        glued = _NO_SPACE_AFTER_HYPHEN.match(line)
        if glued is not None:
            return Trouble(
                self._start_line + 1, glued.end(1) + 1, "A space is missing after the hyphen.", "Write `- `."
            )
        glued = _NO_SPACE_AFTER_COLON.match(line)
        if glued is not None:
            what = "A space is missing after the colon."
            return Trouble(self._start_line + 1, glued.end(1) + 1, what, "Write `name: text`.")
        return self._start(
            f"There is no field name in this line: {quote(line.strip(), 40)}.",
            "Write `name: text`; a text that goes on from the line above must be indented deeper than its name.",
        )

    def _bracket(self) -> Trouble:
        opening = "{" if "mapping" in self._context else "["
        if self._line == self._start_line and self._column < len(self._text(self._line)):
            return self._here(
                f"The list or mapping in brackets that opens in column {self._start_column + 1} cannot be read here.",
                "Put commas between its parts, and quotation marks round a part with a colon, comma or bracket.",
            )
        if "node" in self._context and self._open_bracket and self._line >= len(self._lines) - 1:
            return Trouble(*self._open_bracket, "The bracket that opens here is never closed.", "Close it.")
        if "node" in self._context:
            return self._here("A text is missing here, or a bracket above is never closed.", "Add it.")
        return self._start(
            f"The bracket {opening} that opens here is never closed, or a comma is missing after it.",
            "Close it; a text that begins with a bracket needs quotation marks.",
        )

    def _first_character(self) -> Trouble:
        line, column = self._line, self._column
        if "start any token" not in self._problem:
            line, column = self._start_line, self._start_column
        first = self._text(line)[column : column + 1]
        return Trouble(line + 1, column + 1, f"A text cannot begin with {quote(first)} in YAML.", _QUOTES)

    def _misfit(self) -> Trouble:
        before = self._text(self._line)[: self._column].rstrip()
        last = self._last_text
        if before.endswith(("]", "}")):
            return self._here("A text that begins with a bracket means a list to YAML.", _QUOTES)
        if last is not None and last.quoted and last.end_line == self._line:
            if last.start_line < self._line:
                return self._unclosed_quote(last.start_line, last.start_column)
            if last.end_column == len(before):
                return self._here(
                    "The text goes on after its closing quotation mark.",
                    "Put the whole text in one pair; inside single quotation marks write '' for an apostrophe, "
                    'inside double ones \\" for a quotation mark.',
                )
        if self._text(self._line)[self._column : self._column + 1] in ("]", "}"):
            return self._here("This bracket was never opened.", "Take it out, or put the text in quotation marks.")
        return self._here(
            "This line does not line up with the lines above it.",
            "Fields that belong together begin in the same column, and so do the hyphens of a list.",
        )

    def _unclosed_quote(self, line: int, column: int) -> Trouble:
        return Trouble(
            line + 1, column + 1, "The quotation mark that opens here is not closed where the text ends.", "Close it."
        )

    def _here(self, what: str, mend: str) -> Trouble:
        return Trouble(self._line + 1, self._column + 1, what, mend)

    def _start(self, what: str, mend: str) -> Trouble:
        return Trouble(self._start_line + 1, self._start_column + 1, what, mend)

    def _text(self, line: int) -> str:
        return self._lines[line] if 0 <= line < len(self._lines) else ""
