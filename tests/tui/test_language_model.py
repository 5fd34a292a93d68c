"""The offer of a language model in the gallery: quiet, answered with a key, remembered, and to be found again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from roleplay.errors import BadInput
from roleplay.llm.choosing import Choice, Offer
from roleplay.llm.consent import Consents
from roleplay.llm.settings import EndpointSettings
from roleplay.practice.calls import Calls, now
from roleplay.store.transcripts import Transcripts
from roleplay.tui.app import RoleplayApp
from roleplay.tui.screens.gallery import GalleryScreen
from tests.llm.stub import nobody
from tests.tui.shell import filled, seen, until
from tests.tui.talking import ended


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLEPLAY_CONFIG_DIR", str(tmp_path / "settings"))


def offering(address: str) -> Callable[[], Choice]:
    """Finds one endpoint, and offers it until it was answered."""
    offer = Offer("Ollama", EndpointSettings(base_url=address, model="llama3.2"), "Ollama answers at 127.0.0.1")

    def choose() -> Choice:
        consents = Consents()
        if consents.accepted(address):
            return Choice("llama3.2 plays the customer: you agreed to it.", chosen=offer)
        return Choice("The customer is scripted.", offer=None if consents.declined(address) else offer)

    return choose


@asynccontextmanager
async def gallery(folder: Path, choose: Callable[[], Choice]) -> AsyncIterator[tuple[Pilot[None], Calls]]:
    for name in ("personas", "transcripts"):
        (folder / name).mkdir(exist_ok=True)
    calls = Calls(folder / "personas", Transcripts(folder / "transcripts" / "r.db"), "Sam", now, choose=choose)
    async with RoleplayApp(lambda: calls).run_test(size=(80, 24), notifications=True) as pilot:
        await filled(pilot)
        yield pilot, calls
    await ended(calls)


def commands(pilot: Pilot[None]) -> list[str]:
    screen = pilot.app.screen
    assert isinstance(screen, GalleryScreen)
    return [command.title for command in pilot.app.get_system_commands(screen) if "model" in command.title]


async def test_what_was_found_is_offered_quietly_and_used_once_it_is_agreed_to(tmp_path: Path) -> None:
    address = nobody()
    async with gallery(tmp_path, offering(address)) as (pilot, calls):
        await until(pilot, lambda: "Shall" in seen(pilot))
        shown = " ".join(seen(pilot).split())
        assert "llama3.2" in shown
        assert "What you say stays on this computer." in shown
        assert "F6 Use it F7 Not now F8 Never ask again" in shown
        assert "Type to filter" in shown
        await pilot.press(*"dana", "f6")
        await until(pilot, lambda: "llama3.2 plays the customer" in " ".join(seen(pilot).split()))
        assert "Shall" not in seen(pilot)
        assert Consents().accepted(address)
        choice = calls.choice()
        assert choice and choice.settings
        assert "Language model: stop using it" in commands(pilot)
        gallery_screen = pilot.app.screen
        assert isinstance(gallery_screen, GalleryScreen) and gallery_screen.model
        await gallery_screen.model._stop_using()
        choice = calls.choice()
        assert choice and choice.settings is None
        assert "Language model: use llama3.2" in commands(pilot)


async def test_not_now_offers_it_no_more_and_the_palette_still_has_it(tmp_path: Path) -> None:
    async with gallery(tmp_path, offering(nobody())) as (pilot, _calls):
        await until(pilot, lambda: "Shall" in seen(pilot))
        await pilot.press("f7")
        await until(pilot, lambda: "Shall" not in seen(pilot))
        assert "Language model: use llama3.2" in commands(pilot)
        assert not Consents().answers


async def test_never_again_is_remembered_and_can_be_taken_back(tmp_path: Path) -> None:
    address = nobody()
    async with gallery(tmp_path, offering(address)) as (pilot, _calls):
        await until(pilot, lambda: "Shall" in seen(pilot))
        await pilot.press("f8")
        await until(pilot, lambda: Consents().declined(address) and "Shall" not in seen(pilot))
        await until(pilot, lambda: "Language model: look again" in commands(pilot))
        assert "Language model: use llama3.2" not in commands(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, GalleryScreen) and screen.model
        await screen.model._look_again()
        await until(pilot, lambda: "Shall" in seen(pilot))


async def test_settings_that_cannot_be_are_told_and_the_gallery_stays(tmp_path: Path) -> None:
    def choose() -> Choice:
        raise BadInput("The address is no address.", mend="Write another one.")

    async with gallery(tmp_path, choose) as (pilot, _calls):
        await until(pilot, lambda: "The address is no address." in seen(pilot))
        assert "Stuck where the ramp splits off" in seen(pilot)
