"""Who plays in a call, in the words of every front end: the script alone, or the models of an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from roleplay.text import one_line, sanitise

if TYPE_CHECKING:
    from roleplay.conversation.turns import Transcript
    from roleplay.llm.settings import EndpointSettings
    from roleplay.practice.calls import Calls


class Players(NamedTuple):
    """The model that speaks and the one that judges, at a host; all empty: the customer is scripted, nobody judges."""

    model: str = ""
    host: str = ""
    judge: str = ""

    @property
    def word(self) -> str:
        """Who speaks, in a word."""
        return self.model or "scripted"

    @property
    def brief(self) -> str:
        """Who speaks, in a word or two."""
        return f"customer: {self.word}"

    @property
    def told(self) -> str:
        """Who speaks and who judges."""
        if not self.model:
            return self.brief
        spoken = f"{self.brief} at {self.host}"
        return f"{spoken}, judged by {self.judge}" if self.judge else f"{spoken}, scored offline"


SCRIPTED = Players()
"""Nobody but the script."""


def players_of(settings: EndpointSettings | None) -> Players:
    """Who plays by `settings`."""
    from roleplay.llm.address import host_of

    if settings is None:
        return SCRIPTED
    shown = (one_line(sanitise(text)) for text in (settings.model, host_of(settings.base_url), settings.judge_model))
    return Players(*shown)


def players_in(calls: Calls, transcript: Transcript) -> Players:
    """Who plays in a call that was begun or gone on with."""
    return players_of(calls.settings(transcript))
