"""A real Chromium without a window, controlled over a pipe: one page at a time, examined from inside and outside."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PATIENCE_S = 60
"""Seconds; a time-out for a busy machine, not an expected duration."""


def found() -> str | None:
    """Path of this machine's browser; None: it has none."""
    return next((path for name in NAMES if (path := shutil.which(name)) is not None), None)


class Browser:
    """One browser process with one page. Chromium's own protocol (DevTools): JSON, with a zero byte after
    each message.
    """

    def __init__(self, program: str, folder: Path) -> None:
        """`folder`: for the browser's profile; the user's profile is not touched."""
        commands, self._commands = os.pipe()
        self._answers, answers = os.pipe()
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--remote-debugging-pipe",
            f"--user-data-dir={folder}",
        ]
        # The browser speaks the protocol on descriptors 3 and 4.
        redirect = f'exec "$@" 3<&{commands} 4>&{answers}'
        self._process = subprocess.Popen(
            ["bash", "-c", redirect, "browser", program, *options, "about:blank"],
            pass_fds=(commands, answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)
        self._number = 0
        self._unread = b""
        self.asked_for: list[str] = []
        """Every address that the page requested."""
        self._session = ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Accessibility"):
            self._call(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._commands)
        os.close(self._answers)

    def open(
        self, page: Path | str, *, dark: bool = False, width: int = 900, height: int = 900, calm: bool = False
    ) -> None:
        """Show a file or an address, and wait until it is loaded. `calm`: ask the page for reduced motion."""
        address = page if isinstance(page, str) else page.as_uri()
        scheme = "dark" if dark else "light"
        motion = "reduce" if calm else "no-preference"
        features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": motion}
        media = [{"name": name, "value": value} for name, value in features.items()]
        self._call("Emulation.setEmulatedMedia", features=media)
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.asked_for.clear()
        self._call("Page.navigate", url="about:blank")
        self._call("Page.navigate", url=address)
        self.wait_for("document.readyState === 'complete' && location.protocol !== 'about:'")

    def wait_for(self, condition: str) -> None:
        """Wait until the condition holds in the page."""
        look = f"{condition} ? done(1) : Date.now() > until ? done(0) : setTimeout(look, 10)"
        waiting = (
            f"new Promise(done => {{ const until = Date.now() + {PATIENCE_S * 1000};"
            f" const look = () => {look}; look(); }})"
        )
        done = self._call("Runtime.evaluate", expression=waiting, awaitPromise=True, returnByValue=True)
        assert done["result"].get("value") == 1, f"never: {condition}"

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page."""
        return self._call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press a key of the keyboard, such as Tab, 9 or Enter, 13."""
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self._call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def tap(self, selector: str) -> None:
        """Click in the middle of an element."""
        x, y = self.ask(
            f"(() => {{ const element = document.querySelector({json.dumps(selector)});"
            " element.scrollIntoView({block: 'center'}); const box = element.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def spoken(self) -> list[tuple[str, str, str]]:
        """Role, name and description of everything that a screen reader finds."""
        nodes = self._call("Accessibility.getFullAXTree")["nodes"]
        return [
            (_value(node, "role"), _value(node, "name"), _value(node, "description"))
            for node in nodes
            if not node.get("ignored")
        ]

    def sides(self) -> int:
        """Number of A4 pages when the page is printed."""
        pdf = base64.b64decode(self._call("Page.printToPDF", preferCSSPageSize=True)["data"])
        return len(re.findall(rb"/Type\s*/Page\b", pdf))

    def picture(self, out: Path, *, whole: bool = True) -> None:
        """Write the whole page, or what the window shows, as PNG for a person to look at."""
        data = self._call("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        out.write_bytes(base64.b64decode(data))

    def _call(self, method: str, **values: Any) -> Any:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": values}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("method") == "Network.requestWillBeSent":
                self.asked_for.append(answer["params"]["request"]["url"])
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            read = os.read(self._answers, 1 << 20)
            assert read, "the browser has ended"
            self._unread += read
        message, self._unread = self._unread.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(message)
        return answer


def _value(node: dict[str, Any], part: str) -> str:
    return str(node.get(part, {}).get("value", ""))
