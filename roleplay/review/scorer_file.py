"""Writes `scorer.yaml`, which corrects the offline scorer of a workspace, and takes it away again."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from roleplay.errors import NotSaved
from roleplay.scoring.offline.heads import HeadName
from roleplay.scoring.offline.tuned import NAME, Tuned
from roleplay.text import counted, one_line, quote


def written(tuned: Tuned, notes: Mapping[HeadName, str]) -> str:
    """`tuned` as YAML for people, with a line of `notes` before the head that it is on."""
    labels = tuned.labels
    lines = [
        "# The offline scorer, corrected by what the coaches here found: made by `roleplay calibrate --fit`,",
        "# taken away by `roleplay calibrate --reset`. docs/calibration.md says what shift and scale do.",
        f"format: {tuned.format}",
        f"scorer: {json.dumps(tuned.scorer)}  # the shipped scorer that is corrected, and its weights",
        f"weights: {json.dumps(tuned.weights)}",
        f"made: {json.dumps(tuned.made)}",
        f"by: {json.dumps(tuned.by, ensure_ascii=False)}",
        f"labels:  # {counted(labels.ratings, 'blind rating', 'blind ratings')}",
        f"  ratings: {labels.ratings}",
        f"  overruled: {labels.overruled}",
        f"  replies: {labels.replies}",
        f"  calls: {labels.calls}",
        f"  coaches: {json.dumps(labels.coaches, ensure_ascii=False)}",
        f"  first: {json.dumps(labels.first)}",
        f"  last: {json.dumps(labels.last)}",
        f"  known_by: {json.dumps(labels.known_by)}",
        "heads:",
    ]
    for name, each in tuned.heads.items():
        lines += [f"  # {one_line(notes[name])}"] if name in notes else []
        lines += [f"  {name}:", f"    shift: {each.shift}", f"    scale: {each.scale}"]
    return "\n".join(lines) + "\n"


def write_tuned(workspace: Path, tuned: Tuned, notes: Mapping[HeadName, str]) -> Path:
    """Keep `tuned` as `scorer.yaml` in the folder `workspace`, whole or not at all. Raises `NotSaved`."""
    path = workspace / NAME
    beside = ""
    try:
        handle, beside = tempfile.mkstemp(dir=workspace, prefix=f".{NAME}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(written(tuned, notes))
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except OSError as error:
        if beside:
            Path(beside).unlink(missing_ok=True)
        raise NotSaved(f"{quote(str(path))} cannot be written: {error.strerror}.") from error
    return path


def take_away(workspace: Path) -> bool:
    """Delete `scorer.yaml` in the folder `workspace`; whether there was one. Raises `NotSaved`."""
    path = workspace / NAME
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise NotSaved(f"{quote(str(path))} cannot be deleted: {error.strerror}.") from error
    return True
