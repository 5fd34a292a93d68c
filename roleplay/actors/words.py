"""Tables of words for a model: texts of `roleplay.prompts` with one `name: words` on each line."""

from __future__ import annotations

from roleplay.prompts import prompt
from roleplay.text import one_line


def table(name: str, **fields: str) -> dict[str, str]:
    """The words of the text of that name by what stands before the first colon of each line, `fields` filled in.

    Raises KeyError for a field of the text that is not given.
    """
    text = prompt(name, **{field: one_line(words) for field, words in fields.items()})
    lines = (line.partition(":") for line in text.splitlines())
    return {key: words.removeprefix(" ") for key, _, words in lines}
