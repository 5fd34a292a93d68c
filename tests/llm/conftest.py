"""A stub server and endpoints that talk to it, new for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from roleplay.llm.endpoint import Endpoint
from tests.llm.stub import Stub


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as server:
        yield server


@pytest.fixture
async def open_endpoint(stub: Stub) -> AsyncIterator[Callable[..., Endpoint]]:
    """Makes an endpoint with the stub's settings, changed as the test wants, and closes it after the test."""
    opened: list[Endpoint] = []

    def make(**changes: Any) -> Endpoint:
        opened.append(Endpoint(stub.settings(**changes)))
        return opened[-1]

    yield make
    for each in opened:
        await each.aclose()


@pytest.fixture
async def endpoint(open_endpoint: Callable[..., Endpoint]) -> Endpoint:
    made = open_endpoint()
    await made.warm()
    return made
