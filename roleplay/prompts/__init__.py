"""All words we say to a language model, each text a file of this folder; `prompt` reads one and fills it in."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template


def prompt(name: str, **fields: str) -> str:
    """The text of that name, each `$field` in it replaced, once, by what is given; what replaces it is not read again.

    Raises KeyError for a field of the text that is not given, FileNotFoundError for a name without a text.
    """
    return _template(name).substitute(fields)


@cache
def _template(name: str) -> Template:
    return Template((files(__package__) / f"{name}.txt").read_text(encoding="utf-8").strip())
