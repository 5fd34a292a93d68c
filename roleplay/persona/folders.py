"""Where persona files lie: the folder that comes with the program, and the workspace's. Reads no file."""

from __future__ import annotations

from pathlib import Path

import roleplay

MOST_FILES = 1_000
"""Most files that are looked at in one folder."""

ENDINGS = (".yaml", ".yml")


def shipped_folder() -> Path:
    """The folder of the personas that come with the program: in the package, or beside it in a checkout."""
    package = Path(roleplay.__file__).parent
    inside = package / "personas"
    return inside if inside.is_dir() else package.parent / "personas"


def persona_folders(workspace: Path | None = None) -> tuple[Path, ...]:
    """The folders to look in, the first wins: the workspace's folder of personas, if there is one, then the shipped."""
    shipped = shipped_folder()
    if workspace is None or _same(workspace, shipped):
        return (shipped,)
    return (workspace, shipped)


def persona_files(folder: Path) -> list[Path]:
    """The YAML files of `folder` by name, at most `MOST_FILES`; none if it cannot be read."""
    try:
        named = sorted(each for each in folder.iterdir() if each.suffix.lower() in ENDINGS)
    except (OSError, ValueError):
        return []
    return [each for each in named if not each.name.startswith(".") and not is_folder(each)][:MOST_FILES]


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder that can be looked at."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def stays_inside(path: Path, folder: Path) -> bool:
    """Whether `path` is no link that leads out of `folder`."""
    return not path.is_symlink() or _resolved(path).is_relative_to(_resolved(folder))


def _same(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute() or _resolved(one) == _resolved(other)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a loop of links
        return path.absolute()
