"""Where somebody finds help after a call about danger or suicide: the workspace's own text, or a neutral one."""

from __future__ import annotations

from pathlib import Path

from roleplay.text import sanitise

FILE = "help-resources.txt"
"""The name of the text in the workspace's folder."""

LIMIT = 4_000
"""Characters of it that are shown."""

NEUTRAL = (
    "A call like this one can stay with you. It is all right to stop here, to take a break, and to tell somebody how "
    "it was: a colleague, your lead, a friend.\n\n"
    "If it touched something of your own, or you worry about yourself or somebody else, call the emergency number or "
    "the crisis line of where you are. You need not be sure in order to call."
)


def help_resources(workspace: Path) -> str:
    """The text of `help-resources.txt` in the folder `workspace`, or a neutral one that says where to put such a file.

    Sanitised, and cut at `LIMIT` characters. What is no UTF-8 in it is left out.
    """
    try:
        with (workspace / FILE).open("rb") as file:
            raw = file.read(4 * LIMIT)
    except (OSError, ValueError):
        return f"{NEUTRAL}\n\nThe numbers of your place belong here: put them into {FILE} in the workspace's folder."
    text = sanitise(raw.decode("utf-8", "replace")).replace("\ufffd", "").strip()
    if len(text) > LIMIT:
        text = text[:LIMIT].rstrip() + " …"
    return text or NEUTRAL
