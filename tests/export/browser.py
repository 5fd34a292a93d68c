"""A real browser without a window, driven through its own debugging pipe, so that no further package is needed."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
"""Where a browser is installed, or None."""

_PATIENCE = 60.0


class Browser:
    """One page in the browser, with all that it has asked the network for and complained of."""

    def __init__(self, sends: int, receives: int) -> None:
        self._sends, self._receives = sends, receives
        self._number, self._session, self._rest = 0, "", b""
        self.events: list[dict[str, Any]] = []

    def open(self, url: str, width: int, *, dark: bool = False) -> None:
        """Show the page at `url` in a window of that width, and wait until it is loaded."""
        if not self._session:
            target = self.do("Target.createTarget", url="about:blank")["targetId"]
            self._session = self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for part in ("Page", "Network", "Log", "Runtime", "Audits"):
                self.do(f"{part}.enable")
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.do("Emulation.setEmulatedMedia", features=[scheme])
        self.events.clear()
        self.do("Page.navigate", url=url)
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())

    def tell(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page."""
        return self.do("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def printed(self) -> bytes:
        """The page as a PDF, on the paper that it asks for."""
        return base64.b64decode(self.do("Page.printToPDF", preferCSSPageSize=True)["data"])

    @property
    def asked_for(self) -> list[str]:
        """The addresses of everything that was asked for since the page was opened."""
        return [e["params"]["request"]["url"] for e in self.events if e["method"] == "Network.requestWillBeSent"]

    @property
    def complaints(self) -> list[str]:
        """Everything that the browser's console, or its audit of the page, holds against it."""
        told = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Audits.issueAdded")
        return [json.dumps(event["params"]) for event in self.events if event["method"] in told]

    def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command and return its result; what is told meanwhile is kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        os.write(
            self._sends, json.dumps(message | ({"sessionId": self._session} if self._session else {})).encode() + b"\0"
        )
        while True:
            told = self._read()
            if told.get("id") == self._number:
                assert "error" not in told, told
                return dict(told["result"])
            if "method" in told:
                self.events.append(told)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select.select([self._receives], [], [], _PATIENCE)[0], "the browser says nothing"
            piece = os.read(self._receives, 1 << 20)
            assert piece, "the browser has gone"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser that keeps its own things in `folder`."""
    assert BROWSER
    to_it, sends = os.pipe()
    receives, from_it = os.pipe()
    command = [
        BROWSER,
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder}"),
        "about:blank",
    ]
    # the browser reads commands from descriptor 3 and answers on 4
    script = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
    process = subprocess.Popen(
        ["bash", "-c", script, "bash", str(to_it), str(from_it), *command],
        pass_fds=(to_it, from_it),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_it)
    os.close(from_it)
    page = Browser(sends, receives)
    try:
        yield page
        page._session = ""
        page.do("Browser.close")
        process.wait(_PATIENCE)
    finally:
        process.kill()
        process.wait()
        os.close(sends)
        os.close(receives)
