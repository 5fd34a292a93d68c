"""Who speaks and who judges in a call: the script alone, or the models of an endpoint that was agreed to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roleplay.conversation.actor import Actor
    from roleplay.conversation.judging import Judge
    from roleplay.llm.endpoint import Endpoint
    from roleplay.llm.settings import EndpointSettings
    from roleplay.scoring.rubric import Rubric


class Casting:
    """Gives calls their actor and judge. Without `settings` the customer is scripted and nobody judges.

    All calls share one endpoint, and with it its connection. To be used in one event loop.
    """

    def __init__(self, settings: EndpointSettings | None) -> None:
        self.settings = settings
        self._endpoint: Endpoint | None = None
        self._endpoints: list[Endpoint] = []

    def actor(self) -> Actor:
        """Who speaks."""
        from roleplay.actors.scripted import ScriptedActor

        if self.settings is None:
            return ScriptedActor()
        from roleplay.actors.llm import LlmActor

        return LlmActor(self._shared(self.settings))

    def judge(self, rubric: Rubric) -> Judge | None:
        """Who judges, by `rubric`."""
        if self.settings is None or not self.settings.judge_model:
            return None
        from roleplay.judge.judge import LlmJudge

        return LlmJudge(self._shared(self.settings), rubric)

    async def warm(self) -> None:
        """Load what talks to the endpoint, so that the first line comes at once. Sends nothing."""
        if self.settings is not None:
            await self._shared(self.settings).warm()

    def lift_limit(self) -> None:
        """Let a call take twice as many tokens; for actors and judges given from now on."""
        if self.settings is not None and self.settings.call_limit is not None:
            self.settings = replace(self.settings, call_limit=2 * self.settings.call_limit)
            self._endpoint = None

    async def aclose(self) -> None:
        """Close the connections."""
        for endpoint in self._endpoints:
            await endpoint.aclose()
        self._endpoints, self._endpoint = [], None

    def _shared(self, settings: EndpointSettings) -> Endpoint:
        from roleplay.llm.endpoint import Endpoint

        if self._endpoint is None:
            self._endpoint = Endpoint(settings)
            self._endpoints.append(self._endpoint)
        return self._endpoint
