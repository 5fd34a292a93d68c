"""The customer's mood in words."""

from __future__ import annotations

from roleplay.conversation.state import CustomerState


def mood_of(state: CustomerState) -> str:
    """The customer's mood in words, for a stage direction."""
    if state.patience <= 1.5:
        return "at the end of their patience"
    if state.distress >= 8:
        return "overwhelmed"
    if state.trust < 2.5:
        return "guarded and short"
    if state.trust >= 7 and state.distress <= 4:
        return "open, almost light"
    if state.trust >= 6:
        return "warming"
    return "strained" if state.distress >= 6 else "wary"
