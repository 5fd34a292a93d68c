"""The three looks of the app: evening (dark), paper (light) and contrast (for tired or weak eyes)."""

from __future__ import annotations

import contextlib
from pathlib import Path

from textual.theme import Theme

EVENING = Theme(
    name="evening",
    primary="#8ab8c2",
    secondary="#a9a4c9",
    accent="#e0b884",
    success="#9cc59a",
    warning="#e3bb6d",
    error="#e5908f",
    foreground="#dcdfe4",
    background="#15181d",
    surface="#1b1f26",
    panel="#252b34",
    dark=True,
    variables={
        "footer-key-foreground": "#e0b884",
        "border": "#4a5462",
        "text-muted": "#9aa2ad",  # fixed: an automatic colour comes out as plain white within Content
        "text-disabled": "#747c87",
        "block-cursor-text-style": "bold",
    },
)
PAPER = Theme(
    name="paper",
    primary="#2f6570",
    secondary="#5c5488",
    accent="#8a5a12",
    success="#2f6b3a",
    warning="#8a6100",
    error="#a33a3a",
    foreground="#23262b",
    background="#f8f6f1",
    surface="#f1eee6",
    panel="#e6e1d5",
    dark=False,
    variables={
        "footer-key-foreground": "#8a5a12",
        "border": "#a8a294",
        "text-muted": "#645f54",  # fixed: an automatic colour comes out as plain white within Content
        "text-disabled": "#87816f",
        "block-cursor-text-style": "bold",
    },
)
CONTRAST = Theme(
    name="contrast",
    primary="#ffff00",
    secondary="#ffffff",
    accent="#ffff00",
    success="#00ff6a",
    warning="#ffd000",
    error="#ff9a9a",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    text_alpha=1.0,
    variables={
        "footer-key-foreground": "#ffff00",
        "border": "#ffffff",
        "text-muted": "#ffffff",
        "text-disabled": "#d0d0d0",
        "block-cursor-text-style": "bold",
    },
)
THEMES = (EVENING, PAPER, CONTRAST)


def kept_theme() -> str:
    """The name of the theme this user chose last; without one, or where it cannot be read, the first."""
    name = ""
    with contextlib.suppress(OSError, ValueError):
        name = _kept_at().read_text(encoding="utf-8").strip()
    return name if any(name == theme.name for theme in THEMES) else THEMES[0].name


def keep_theme(name: str) -> None:
    """Remember the theme for the next start; where it cannot be written, it is not remembered."""
    with contextlib.suppress(OSError):
        place = _kept_at()
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{name}\n", encoding="utf-8")


def _kept_at() -> Path:
    from platformdirs import user_config_path

    return user_config_path("roleplay", appauthor=False) / "theme"
