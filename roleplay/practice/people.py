"""Who somebody is: the name under which calls, and what is added to them, are kept."""

from __future__ import annotations

import getpass
from pathlib import Path

from roleplay.llm.settings_file import read_settings_file
from roleplay.text import one_line, sanitise

LONGEST_NAME = 80
"""Longest name of a person in characters."""


def trainee_name(given: str | None, folder: Path | None = None) -> str:
    """The name under which calls are kept.

    The one that was given, else `trainee` of the `roleplay.toml` in the workspace's `folder`, else the user's. Raises
    `BadInput` for settings that cannot be read.
    """
    return _name(given, folder, "trainee")


def coach_name(given: str | None, folder: Path | None = None) -> str:
    """The name under which a coach's reviews are kept: as `trainee_name`, by the setting `coach`."""
    return _name(given, folder, "coach")


def _name(given: str | None, folder: Path | None, setting: str) -> str:
    named = (given or "").strip()
    if not named and folder is not None:
        entry = read_settings_file(folder).get(setting)
        named = str(entry.value).strip() if entry else ""
    return one_line(sanitise(named or _user_name(setting)))[:LONGEST_NAME]


def _user_name(nobody: str) -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return nobody
