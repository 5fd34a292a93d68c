"""The way through drills: a sitting, or the unaided test with its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleplay.tui.unwaited import unwaited

if TYPE_CHECKING:
    from roleplay.practice.calls import Calls
    from roleplay.tui.choices import Drill
    from roleplay.tui.practising import To


async def drill(calls: Calls, wanted: Drill, to: To) -> None:
    """Through the drills that are `wanted`, and from there to the test if it is asked for. Raises RoleplayError."""
    from roleplay.practice.drills.sitting import MINUTES, sitting_of
    from roleplay.practice.drills.unaided import test_of
    from roleplay.tui.screens.drill import DrillScreen
    from roleplay.tui.screens.unaided import UnaidedResultScreen, UnaidedScreen

    if not wanted.test:
        minutes = wanted.minutes or MINUTES
        sitting = await unwaited(
            lambda: sitting_of(
                calls, minutes=minutes, dimension=wanted.dimension, persona=wanted.persona, item=wanted.item
            )
        )
        if await to(DrillScreen(sitting)) != "test":
            return
    test = await unwaited(lambda: test_of(calls))
    came = await to(UnaidedScreen(test))
    if came is not None:
        await to(UnaidedResultScreen(came))
