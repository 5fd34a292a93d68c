"""Keys carried out in the order in which they were pressed, however quickly they follow each other."""

from __future__ import annotations

from textual.events import Key
from textual.widget import Widget


async def in_order(widget: Widget, key: Key) -> bool:
    """Carry out what `widget` binds to `key` now, and let nobody else have it; whether there is anything.

    Textual carries out a binding only once the key has gone up to the app. By then keys that were pressed behind it may
    have reached whatever had the focus before.
    """
    for binding in widget._bindings.key_to_bindings.get(key.key, ()):
        if not binding.priority and await widget.app.run_action(binding.action, widget):
            key.stop()
            return True
    return False
