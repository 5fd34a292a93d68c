"""Makes a record of `roleplay.persona.model` from a node tree, and notes everything that has not the shape it wants.

The types of the model are the only description of the shape. Texts are taken as the characters that were written;
a number or a truth value is read only where the model wants one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Fields
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from msgspec import inspect as types

from roleplay.persona.condition import ConditionError, parse_condition
from roleplay.persona.problems import Problems, listed, nearest
from roleplay.persona.yaml_nodes import Listing, Mapping, Node, Spot, Text, inside
from roleplay.text import quote

R = TypeVar("R", bound=msgspec.Struct)

_BAD: Final = object()
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_NOTHING = ("~", "null", "Null", "NULL")
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_TRUTH_MEANT = {"yes": "true", "on": "true", "y": "true", "1": "true", "no": "false", "off": "false", "n": "false"}
_SURELY = 0.75
"""How much alike an unknown field and a known one must be, from 0 to 1, for it to be read as the known one."""
_REFUSED = frozenset(
    """url base_url api_base endpoint host port proxy server webhook api_key apikey key_file token secret password
    auth headers env environment file files path include import imports extends load exec command shell script run
    plugin model provider actor scorer judge prompt system system_prompt""".split()
)
"""Names of fields by which a file could try to send words elsewhere, read files, run something or hold a key."""


class Shaper:
    """Reads nodes into records. `lost`: something with parts of its own had to be left out of the last record."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.lost = False

    def read(self, node: Node, record: type[R]) -> R | None:
        """`node` as a `record`, or None where a required part is missing. All problems are noted. Raises `TooMany`.

        A bad value of an optional field is noted and left out, so that the rest can be looked at as well.
        """
        kind = _type_of(record)
        if not isinstance(node, Mapping):
            what = "The file wants fields, such as `name: Dana Whitfield`, one on each line."
            self._problems.error(node, what, "Begin each line with the name of a field and a colon.")
            return None
        value = self._struct(node, kind, "")
        return value if isinstance(value, record) else None

    def _value(self, node: Node, kind: types.Type, name: str) -> Any:
        kind, is_condition = _bare(kind)
        if isinstance(kind, types.UnionType):
            chosen = _choice(node, kind)
            if chosen is None:
                return self._wrong_kind(node, kind, name)
            if isinstance(node, Mapping) and _is_text_with_colon(node, chosen, kind):
                what = f"The colon after {quote(next(iter(node.entries)), 30)} makes a field of this text."
                return self._bad(node, what, "Put quotation marks round the whole text.")
            kind, is_condition = _bare(chosen)
        if isinstance(node, Text):
            return self._scalar(node, kind, name, is_condition)
        if isinstance(node, Listing) and isinstance(kind, types.VarTupleType):
            return self._list(node, kind, name)
        if isinstance(node, Mapping) and isinstance(kind, types.DictType):
            return self._dict(node, kind, name)
        if isinstance(node, Mapping) and isinstance(kind, types.StructType):
            return self._struct(node, kind, name)
        return self._wrong_kind(node, kind, name)

    def _struct(self, node: Mapping, kind: types.StructType, name: str) -> Any:
        wanted = {field.encode_name: field for field in kind.fields}
        values: dict[str, Any] = {}
        whole = True
        meant = set()
        for key, (key_node, value_node) in list(node.entries.items()):
            field = wanted.get(key)
            if field is None:
                near = self._unknown_field(key_node, wanted, name)
                meant.add(near)
                if near is None or near in node.entries or not nearest(key, [near], _SURELY):
                    self.lost = self.lost or not isinstance(value_node, Text)
                    continue
                # Read as what was meant, so that what names its parts is not called wrong as well.
                node.entries[near] = node.entries[key]
                key, field = near, wanted[near]
            value = self._value(value_node, field.type, key_node.text)
            if value is not _BAD:
                values[key] = value
            elif field.required:
                whole = False
            elif not (isinstance(value_node, Text) and _is_scalar(field.type)):
                self.lost = True
        for key, field in wanted.items():
            if field.required and key not in node.entries:
                whole = False
                if key in meant:
                    continue
                what = f"The field {quote(key)} is missing" + (f" in {quote(name)}." if name else ".")
                self._problems.error(node, what, f"Add `{key}: …`. {_description(field.type)}".rstrip())
        return kind.cls(**values) if whole else _BAD

    def _list(self, node: Listing, kind: types.VarTupleType, name: str) -> Any:
        values = [self._value(item, kind.item_type, name) for item in node.items]
        kept = tuple(value for value in values if value is not _BAD)
        self.lost = self.lost or len(kept) < len(values)
        if len(node.items) < (kind.min_length or 0):
            return self._bad(node, f"{quote(name)} is an empty list.", "Write at least one item, or take it out.")
        return kept

    def _dict(self, node: Mapping, kind: types.DictType, name: str) -> Any:
        values = {}
        for key_node, value_node in node.entries.values():
            key = self._scalar(key_node, _bare(kind.key_type)[0], f"a name in {name}", False)
            value = self._value(value_node, kind.value_type, key_node.text)
            if key is _BAD or value is _BAD:
                self.lost = True
            else:
                values[key] = value
        if len(node.entries) < (kind.min_length or 0):
            return self._bad(node, f"{quote(name)} is empty.", "Write at least one.")
        return values

    def _scalar(self, node: Text, kind: types.Type, name: str, is_condition: bool) -> Any:
        if isinstance(kind, types.NoneType):
            return None
        if node.is_empty:
            return self._bad(
                node, f"Nothing is written for {quote(name)}.", f"It wants {_wanted(kind)}, or take it out."
            )
        if isinstance(kind, types.StrType):
            return self._string(node, kind, name, is_condition)
        if isinstance(kind, types.LiteralType):
            return self._literal(node, kind, name)
        if isinstance(kind, types.IntType | types.FloatType):
            return self._number(node, kind, name)
        if isinstance(kind, types.BoolType):
            if node.plain and node.text in _TRUTH:
                return _TRUTH[node.text]
            meant = _TRUTH_MEANT.get(node.text.lower(), "true or false")
            return self._bad(node, f"{quote(name)} wants true or false, not {quote(node.text, 30)}.", f"Write {meant}.")
        return self._wrong_kind(node, kind, name)

    def _string(self, node: Text, kind: types.StrType, name: str, is_condition: bool) -> Any:
        if node.plain and node.text in _NOTHING:
            what = f"{quote(node.text)} means nothing at all in YAML, but {quote(name)} wants a text."
            return self._bad(node, what, "Put it in quotation marks if you mean the word.")
        length = len(node.text)
        if not node.text.strip() and kind.min_length:
            return self._bad(node, f"{quote(name)} is an empty text.", "Write something, or take it out.")
        if kind.max_length is not None and length > kind.max_length:
            what = f"{quote(name)} has {length:,} characters; {kind.max_length:,} is the most."
            return self._bad(node, what, "Shorten it.")
        if kind.pattern is not None and re.search(kind.pattern.replace("$", r"\Z"), node.text) is None:
            what = f"{quote(node.text, 60)} cannot be an id; ids are made of small letters, digits and hyphens."
            return self._bad(node, what, "Write it like two-feet, with 60 characters at the most.")
        if is_condition:
            try:
                parse_condition(node.text)
            except ConditionError as error:
                return self._bad(inside(node, error.column), f"In {quote(name)}: {error}")
        return node.text

    def _literal(self, node: Text, kind: types.LiteralType, name: str) -> Any:
        for value in kind.values:
            if str(value) == node.text and (isinstance(value, str) or node.plain):
                return value
        choices = [str(value) for value in kind.values]
        near = nearest(node.text, choices)
        what = f"{quote(name)} cannot be {quote(node.text, 60)}."
        return self._bad(node, what, f"Did you mean {near}?" if near else f"It can be: {listed(choices)}.")

    def _number(self, node: Text, kind: types.IntType | types.FloatType, name: str) -> Any:
        wanted = _wanted(kind)
        if _NUMBER.match(node.text[:40]) is None or len(node.text) > 40:
            return self._bad(node, f"{quote(name)} wants {wanted}, not {quote(node.text, 30)}.", "Write it in digits.")
        if not node.plain:
            return self._bad(node, f"{quote(name)} wants {wanted}, not a text.", "Write it without quotation marks.")
        number = float(node.text)
        if isinstance(kind, types.IntType) and not number.is_integer():
            return self._bad(node, f"{quote(name)} wants {wanted}, not {node.text}.", "Write it without a fraction.")
        low, high = kind.ge, kind.le
        if (low is not None and number < low) or (high is not None and number > high):
            return self._bad(
                node, f"{quote(name)} is {quote(node.text, 30)}.", f"It must lie between {low} and {high}."
            )
        return int(number) if isinstance(kind, types.IntType) else number

    def _unknown_field(self, key: Text, wanted: Fields[str, types.Field], name: str) -> str | None:
        """Note it, and return the field that was probably meant."""
        place = f" in {quote(name)}" if name else ""
        if key.text.lower().replace("-", "_").replace(" ", "_") in _REFUSED:
            self._problems.error(
                key,
                f"The field {quote(key.text, 40)}{place} is refused: a persona cannot reach a network, a file, "
                "a program or a key.",
                "Take it out; whoever plays chooses actor and endpoint.",
            )
            return None
        near = nearest(key.text, wanted)
        self._problems.error(
            key,
            f"The field {quote(key.text, 40)} is not known{place}.",
            f"Did you mean {near}?" if near else f"There are: {listed(wanted, 30)}.",
        )
        return near

    def _wrong_kind(self, node: Node, kind: types.Type, name: str) -> Any:
        if isinstance(node, Text) and node.is_empty:
            return self._bad(
                node, f"Nothing is written for {quote(name)}.", f"It wants {_wanted(kind)}, or take it out."
            )
        found = {Text: "a text", Listing: "a list", Mapping: "fields"}[type(node)]
        mend = "Write it as [one, two], or one item on each line after a hyphen and a space."
        if not isinstance(node, Text):
            mend = "A text with a colon or in brackets needs quotation marks round the whole of it."
        elif "fields" in _wanted(kind):
            mend = "Write its fields below it, indented by two spaces."
        return self._bad(node, f"{quote(name)} wants {_wanted(kind)}, not {found}.", mend)

    def _empty(self, node: Text, kind: types.Type, name: str) -> Any:
        return self._bad(node, f"Nothing is written for {quote(name)}.", f"It wants {_wanted(kind)}, or take it out.")

    def _bad(self, place: Node | Spot, what: str, mend: str = "") -> Any:
        self._problems.error(place, what, mend)
        return _BAD


@cache
def _type_of(record: type[msgspec.Struct]) -> types.StructType:
    kind = types.type_info(record)
    assert isinstance(kind, types.StructType)
    return kind


def _bare(kind: types.Type) -> tuple[types.Type, bool]:
    """The type without its metadata, and whether that says that it is a condition."""
    is_condition = False
    while isinstance(kind, types.Metadata):
        is_condition = is_condition or bool(kind.extra and kind.extra.get("condition"))
        kind = kind.type
    return kind, is_condition


def _choice(node: Node, union: types.UnionType) -> types.Type | None:
    """The member of `union` that a node of that kind can be."""
    accepted: dict[type, tuple[type[types.Type], ...]] = {
        Listing: (types.VarTupleType,),
        Mapping: (types.StructType, types.DictType),
        Text: (types.StrType, types.LiteralType, types.IntType, types.FloatType, types.BoolType),
    }
    if isinstance(node, Text) and node.plain and (node.is_empty or node.text in _NOTHING):
        for member in union.types:
            if isinstance(member, types.NoneType):
                return member
    for member in union.types:
        if isinstance(_bare(member)[0], accepted[type(node)]):
            return member
    return None


def _is_text_with_colon(node: Mapping, chosen: types.Type, union: types.UnionType) -> bool:
    """Whether a text was probably meant: one could stand here, and the only field is none of the record's."""
    record, _ = _bare(chosen)
    if not isinstance(record, types.StructType) or len(node.entries) != 1:
        return False
    known = {field.encode_name for field in record.fields}
    return not known & node.entries.keys() and any(isinstance(_bare(each)[0], types.StrType) for each in union.types)


def _is_scalar(kind: types.Type) -> bool:
    kind, _ = _bare(kind)
    if isinstance(kind, types.UnionType):
        return all(_is_scalar(member) for member in kind.types)
    return not isinstance(kind, types.VarTupleType | types.DictType | types.StructType)


def _wanted(kind: types.Type) -> str:
    """What a type wants, in words."""
    kind, _ = _bare(kind)
    if isinstance(kind, types.UnionType):
        members = [member for member in kind.types if not isinstance(member, types.NoneType)]
        return " or ".join(_wanted(member) for member in members)
    if isinstance(kind, types.LiteralType):
        return f"one of {listed([str(value) for value in kind.values])}"
    if isinstance(kind, types.IntType | types.FloatType):
        whole = "a whole number" if isinstance(kind, types.IntType) else "a number"
        return f"{whole} from {kind.ge} to {kind.le}"
    names: dict[type[types.Type], str] = {
        types.StrType: "a text",
        types.BoolType: "true or false",
        types.VarTupleType: "a list",
        types.DictType: "fields of its own",
        types.StructType: "fields of its own",
    }
    return names[type(kind)]


def _description(kind: types.Type) -> str:
    while isinstance(kind, types.Metadata):
        if kind.extra_json_schema and "description" in kind.extra_json_schema:
            return str(kind.extra_json_schema["description"])
        kind = kind.type
    return ""
