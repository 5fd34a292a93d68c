"""The keys at the foot of a screen follow what can be pressed, and are left alone as long as that stays the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets._footer import FooterKey

from roleplay.tui.frame import Frame
from tests.tui.shell import app_in, filled


class Door(Frame[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f7", "shut", "Shut")]
    is_open = True

    def body(self) -> Iterator[Widget]:
        yield Widget()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.is_open if action == "shut" else True

    @property
    def keys(self) -> list[FooterKey]:
        return list(self.query(FooterKey))


async def test_keys_are_drawn_anew_when_they_change_and_not_before(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test() as pilot:
        await filled(pilot)
        door = Door()
        await pilot.app.push_screen(door)
        await pilot.pause()
        drawn = door.keys
        assert "Shut" in [key.description for key in drawn]

        door.refresh_bindings()
        await pilot.pause()
        assert door.keys == drawn

        door.is_open = False
        door.refresh_bindings()
        await pilot.pause()
        assert door.keys and "Shut" not in [key.description for key in door.keys]
