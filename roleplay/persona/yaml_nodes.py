"""Reads YAML into a light tree in which every node knows its line and column, and nothing is ever executed or expanded.

The tree is built from the parser's events, so that size, depth, aliases and tags are refused before anything is made
of them, and every scalar stays the text that was written: ``no`` is "no" and ``12:30`` is "12:30".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from roleplay.persona.problems import Problems
from roleplay.persona.yaml_trouble import Span, explain
from roleplay.text import has_controls, quote, sanitise

SIZE_LIMIT = 256 * 1024
"""Largest file in bytes."""
DEPTH_LIMIT = 20
"""Deepest nesting of lists and mappings."""
NODE_LIMIT = 20_000
"""Most texts, lists and mappings in one file."""

Way = tuple[str | int, ...]
"""The way to a value: names of fields and places in lists."""

PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The event parser: libyaml's where PyYAML was built with it."""

_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*%")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Text:
    """A scalar, as the characters that were written. `plain`: without quotation marks and not as a block."""

    text: str
    plain: bool
    line: int
    column: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written at all (an empty text in quotation marks is something)."""
        return self.plain and not self.text


@dataclass(slots=True)
class Listing:
    """A list."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Fields by name, in file order, each with the node of its name."""

    line: int
    column: int
    entries: dict[str, tuple[Text, Node]] = field(default_factory=dict)


Node = Text | Listing | Mapping

_NO_NAME = Text("", False, 0, 0)
"""Stands for a name that was refused; what it names is dropped."""


class _Stop(Exception):
    """Reading cannot go on; the reason has been noted."""


def read_nodes(source: str, problems: Problems) -> Node | None:
    """The tree of the single YAML document in `source`, or None after noting why there is none.

    Problems that leave a tree (a duplicate field, a control character, a tag) are noted as well. Raises `TooMany`.
    """
    directive = _DIRECTIVE.match(source)
    if directive is not None:
        problems.error(_spot(source, directive.end() - 1), "YAML directives are not allowed.", "Take this line out.")
        return None
    if not _raw_text_is_clean(source, problems):
        return None
    builder = _Builder(problems)
    try:
        parser = PARSER(source)
        while (event := parser.get_event()) is not None:
            builder.take(event)
    except yaml.YAMLError as error:
        trouble = explain(error, source, builder.last_text, builder.bracket)
        if not problems.at_line(trouble.line):
            problems.error(Spot(trouble.line, trouble.column), trouble.what, trouble.mend)
        return None
    except _Stop:
        return None
    except ValueError:  # the parser in Python lets this one through where libyaml reports an error
        spot = Spot(parser.line + 1, 1)
        problems.error(spot, "An escape in this text stands for no character.", "Write the character itself.")
        return None
    if builder.root is None:
        problems.error(Spot(1, 1), "The file is empty.", "`roleplay personas new NAME` writes one to begin with.")
    return builder.root


def at(root: Node, path: Way) -> Node:
    """The node that `path` leads to from `root`, or the last one on the way that was written."""
    here = root
    for step in path:
        if isinstance(here, Mapping) and isinstance(step, str) and step in here.entries:
            here = here.entries[step][1]
        elif isinstance(here, Listing) and isinstance(step, int) and step < len(here.items):
            here = here.items[step]
        else:
            break
    return here


def _raw_text_is_clean(source: str, problems: Problems) -> bool:
    """Note each line that holds a raw control character."""
    if not has_controls(source):
        return True
    for number, line in enumerate(source.split("\n"), 1):
        column = next((at for at, char in enumerate(line, 1) if has_controls(char)), None)
        if column is not None:
            problems.error(
                Spot(number, column),
                f"A control character ({_code(line[column - 1])}) stands here.",
                "Delete it; it may be invisible in your editor.",
            )
    return False


class _Builder:
    """Makes the tree, one event at a time, without recursion."""

    def __init__(self, problems: Problems) -> None:
        self.root: Node | None = None
        self.last_text: Span | None = None
        self._problems = problems
        self._open: list[Listing | Mapping] = []
        self._in_brackets: list[bool] = []
        self._names: list[Text | None] = []
        self._count = 0
        self._documents = 0

    @property
    def bracket(self) -> tuple[int, int] | None:
        """Line and column of the innermost open bracket, if the innermost list or mapping is in brackets."""
        if not self._in_brackets or not self._in_brackets[-1]:
            return None
        return self._open[-1].line, self._open[-1].column

    def take(self, event: yaml.Event) -> None:
        start, end = event.start_mark, event.end_mark
        if start is None or end is None:
            return
        line, column = start.line + 1, start.column + 1
        if isinstance(event, yaml.ScalarEvent):
            self.last_text = Span(start.line, start.column, end.line, end.column, event.style in ("'", '"'))
            self._refuse_decoration(event.anchor, event.tag, Spot(line, column))
            self._place(self._text(event, line, column))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._refuse_decoration(event.anchor, event.tag, Spot(line, column))
            self._enter(Mapping(line, column) if isinstance(event, yaml.MappingStartEvent) else Listing(line, column))
            self._in_brackets.append(bool(event.flow_style))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._names.pop()
            self._in_brackets.pop()
        elif isinstance(event, yaml.AliasEvent):
            words = f"*{sanitise(event.anchor or '')}"
            self._refuse_mark(words, "an alias", Spot(line, column))
            self._place(Text(words, False, line, column))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                what = "A second document begins here (a line of three hyphens)."
                self._problems.error(Spot(line, column), what, "Keep one customer in one file.")
                raise _Stop

    def _text(self, event: yaml.ScalarEvent, line: int, column: int) -> Text:
        if has_controls(event.value):
            char = next(char for char in event.value if has_controls(char))
            what = f"This text holds a control character ({_code(char)})."
            self._problems.error(Spot(line, column), what, "Take it out.")
        return Text(sanitise(event.value), not event.style, line, column)

    def _refuse_decoration(self, anchor: str | None, tag: str | None, spot: Spot) -> None:
        if anchor is not None:
            self._refuse_mark(f"&{anchor}", "an anchor", spot)
        if tag is not None:
            self._refuse_mark(tag, "a tag", spot)

    def _refuse_mark(self, words: str, meaning: str, spot: Spot) -> None:
        what = f"{quote(words, 30)} at the beginning of a text means {meaning} in YAML, and those are not allowed."
        self._problems.error(spot, what, "Put quotation marks round the whole text.")

    def _enter(self, node: Listing | Mapping) -> None:
        if len(self._open) == DEPTH_LIMIT:
            self._problems.error(
                node, f"Lists and fields stand more than {DEPTH_LIMIT} levels deep here.", "A persona needs about 6."
            )
            raise _Stop
        self._place(node)
        self._open.append(node)
        self._names.append(None)

    def _place(self, node: Node) -> None:
        self._count += 1
        if self._count > NODE_LIMIT:
            self._problems.error(
                node, f"The file has more than {NODE_LIMIT:,} texts and lists.", "Split it into several personas."
            )
            raise _Stop
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Listing):
            parent.items.append(node)
            return
        name = self._names[-1]
        if name is None:
            self._names[-1] = self._name(node)
            return
        self._names[-1] = None
        if name is _NO_NAME:
            return
        if name.text not in parent.entries:
            parent.entries[name.text] = (name, node)
            return
        first = parent.entries[name.text][0]
        self._problems.error(
            name,
            f"The field {quote(name.text, 60)} is written twice; the first is in line {first.line}.",
            "Keep one of them.",
        )

    def _name(self, node: Node) -> Text:
        if isinstance(node, Text):
            return node
        self._problems.error(
            node, "A list or a mapping stands where the name of a field is wanted.", "Begin the line with `name: `."
        )
        return _NO_NAME


def inside(node: Node, column: int) -> Spot:
    """The place of a character of a text, counted from 1; of a text in several lines the place of the text."""
    if not isinstance(node, Text) or "\n" in node.text:
        return Spot(node.line, node.column)
    return Spot(node.line, node.column + column - 1 + (not node.plain))


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"


def _spot(source: str, offset: int) -> Spot:
    start = source.rfind("\n", 0, offset) + 1
    return Spot(source.count("\n", 0, offset) + 1, offset - start + 1)
