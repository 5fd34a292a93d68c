"""The expression of a `when` as a small tree, and the parser that makes it or says at which column it fails."""

from __future__ import annotations

import difflib
import re
from typing import Literal, NoReturn

import msgspec

Number = Literal["trust", "distress", "patience", "turn", "visit"]
FactName = Literal["met", "disclosed", "said", "scene", "ended"]
FactKey = tuple[FactName, str]
"""A fact with the id that it is about."""
Operator = Literal["<", "<=", ">", ">=", "==", "!="]

NUMBERS: tuple[Number, ...] = ("trust", "distress", "patience", "turn", "visit")
FACTS: tuple[FactName, ...] = ("met", "disclosed", "said", "scene", "ended")

LONGEST = 300
"""Most characters a condition may have as it is written."""
LONGEST_RENAMED = 4_000
"""Most characters a condition may have whose ids were made longer."""
DEEPEST = 20
"""Most brackets and `not`s that may stand inside each other."""


class Comparison(msgspec.Struct, frozen=True):
    """A number of the call against a constant, the number on the left."""

    number: Number
    operator: Operator
    value: float


class Fact(msgspec.Struct, frozen=True):
    """Something that happened or did not; `column` counts from 1 and is that of the id."""

    name: FactName
    id: str
    column: int


class Not(msgspec.Struct, frozen=True):
    """Holds when `part` does not."""

    part: Expression


class And(msgspec.Struct, frozen=True):
    """Holds when all parts do."""

    parts: tuple[Expression, ...]


class Or(msgspec.Struct, frozen=True):
    """Holds when any part does."""

    parts: tuple[Expression, ...]


Expression = Comparison | Fact | Not | And | Or


class ConditionError(ValueError):
    """A condition that cannot be read; `column` counts from 1 within the expression."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


_TOKEN = re.compile(
    r"\s*(?:(?P<constant>[+-]?[0-9]+(?:\.[0-9]*)?(?![\w-]))"
    r"|(?P<word>\w[\w-]*)"
    r"|(?P<sign><=|>=|==|!=|<>|=<|=>|&&|\|\||[<>()=!&|,])"
    r"|(?P<end>\Z)|(?P<other>\S))"
)
_IDENT = re.compile(r"[a-z0-9][a-z0-9-]{0,120}\Z")
_MIRRORED: dict[str, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_INSTEAD = {"=": "==", "=<": "<=", "=>": ">=", "<>": "!=", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"}
_NUMBER: dict[str, Number] = {name: name for name in NUMBERS}
_FACT: dict[str, FactName] = {name: name for name in FACTS}
_OPERATOR: dict[str, Operator] = {_MIRRORED[mirrored]: _MIRRORED[mirrored] for mirrored in _MIRRORED}
_LARGEST = 1_000_000.0


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    column: int

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"“{self.text}”"


def parse(source: str) -> Expression:
    """The tree of `source`. Raises `ConditionError` with a sentence that says what would be right."""
    if len(source) > LONGEST_RENAMED:
        raise ConditionError(f"A condition may have {LONGEST} characters at the most.", LONGEST + 1)
    reader = _Reader(_tokens(source))
    if reader.here.kind == "end":
        raise ConditionError("The condition is empty; write one such as: trust < 6.", 1)
    expression = reader.any_of(0)
    reader.expect_end()
    return expression


def _tokens(source: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while True:
        match = _TOKEN.match(source, position)
        assert match is not None, "the pattern ends in any character or the end"
        kind = match.lastgroup
        text = match.group(kind or 0)
        column = match.end() - len(text) + 1
        if text in _INSTEAD:
            raise ConditionError(f"“{text}” is not known here; write “{_INSTEAD[text]}”.", column)
        if kind is not None and kind != "other":
            found.append(_Token(kind, text, column))
        elif text in "\"'“”‘’":
            raise ConditionError("Ids and numbers stand here without quotation marks.", column)
        else:
            raise ConditionError(f"“{text}” has no meaning in a condition.", column)
        if kind == "end":
            return found
        position = match.end()


class _Reader:
    """Reads tokens from left to right; one method for each rule of the grammar."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0

    @property
    def here(self) -> _Token:
        return self._tokens[self._next]

    def take(self) -> _Token:
        token = self.here
        if token.kind != "end":
            self._next += 1
        return token

    def any_of(self, depth: int) -> Expression:
        parts = [self._all_of(depth)]
        while self.here.text == "or":
            self.take()
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all_of(self, depth: int) -> Expression:
        parts = [self._one(depth)]
        while self.here.text == "and":
            self.take()
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, depth: int) -> Expression:
        token = self.take()
        if depth > DEEPEST:
            raise ConditionError(f"More than {DEEPEST} brackets or nots inside each other.", token.column)
        if token.text == "not":
            return Not(self._one(depth + 1))
        if token.text == "(":
            inside = self.any_of(depth + 1)
            closing = self.take()
            if closing.text != ")":
                raise ConditionError(f"A closing bracket is wanted before {closing}.", closing.column)
            return inside
        if token.text in _FACT:
            return self._fact(token)
        return self._comparison(token)

    def _fact(self, token: _Token) -> Fact:
        name = _FACT[token.text]
        example = f"{name}({'tow' if name == 'met' else 'the-id'})"
        if self.take().text != "(":
            raise ConditionError(f"{name} wants an id in brackets, such as {example}.", token.column)
        ident = self.take()
        if _IDENT.match(ident.text) is None:
            raise ConditionError(
                f"{name} wants an id here, made of small letters, digits and hyphens, not {ident}.", ident.column
            )
        closing = self.take()
        if closing.text == ",":
            raise ConditionError(
                f"{name} takes one id; write {name}({ident.text}) and {name}(the-other).", closing.column
            )
        if closing.text != ")":
            raise ConditionError(f"A closing bracket is wanted after {ident.text}, before {closing}.", closing.column)
        return Fact(name, ident.text, ident.column)

    def _comparison(self, left: _Token) -> Comparison:
        self._expect_side(left)
        operator = self.take()
        if operator.text not in _MIRRORED:
            missing = f"{left} must be compared, such as: trust < 6; found {operator}."
            raise ConditionError(missing, operator.column)
        right = self.take()
        self._expect_side(right)
        if self.here.text in _MIRRORED:
            raise ConditionError("Compare two things at a time and join them with and.", self.here.column)
        if (left.kind == "constant") == (right.kind == "constant"):
            raise ConditionError("A comparison wants a name on one side and a number on the other.", left.column)
        sign = _OPERATOR[operator.text]
        if left.kind == "constant":
            left, right, sign = right, left, _MIRRORED[operator.text]
        value = float(right.text)
        if abs(value) > _LARGEST:
            raise ConditionError("That number is too large to mean anything here.", right.column)
        return Comparison(_NUMBER[left.text], sign, value)

    def _expect_side(self, token: _Token) -> None:
        if token.kind != "constant" and token.text not in _NUMBER:
            _unknown(token)

    def expect_end(self) -> None:
        if self.here.kind == "end":
            return
        if self.here.text == ")":
            raise ConditionError("This bracket was never opened.", self.here.column)
        if self.here.kind == "word" and self.here.text not in (*NUMBERS, *FACTS, "not"):
            _unknown(self.here)
        raise ConditionError(f"“and” or “or” is wanted before {self.here}.", self.here.column)


def _unknown(token: _Token) -> NoReturn:
    if token.kind == "end":
        raise ConditionError("The condition breaks off here.", token.column)
    if token.kind == "sign" or token.text in ("and", "or"):
        raise ConditionError(f"Something is missing before {token}.", token.column)
    known = (*NUMBERS, *FACTS, "and", "or", "not")
    near = difflib.get_close_matches(token.text.lower()[:60], known, n=1)
    raise ConditionError(
        f"{token} is not known; did you mean {near[0]}?"
        if near
        else f"{token} is not known; there are {', '.join(NUMBERS)}, and {', '.join(f'{fact}(id)' for fact in FACTS)}.",
        token.column,
    )
