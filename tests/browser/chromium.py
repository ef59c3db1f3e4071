"""Headless Chromium, driven by the DevTools protocol over a pipe; no driver and no port."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import shutil
import signal
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60
"""Seconds to wait for anything before a test fails; everything takes a fraction of one."""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints",
    "--disable-sync",
    "--remote-debugging-pipe",
)


def program() -> str | None:
    """Chromium's path; None where there is none."""
    return next((found for element in PROGRAMS if (found := shutil.which(element))), None)


class BrowserError(Exception):
    """The browser refused a command."""


@dataclass(frozen=True)
class Seen:
    """One answer, as the browser's network panel shows it."""

    url: str
    status: int
    headers: dict[str, str]
    """Names in lower case."""
    kind: str
    """`Document`, `Script`, `Stylesheet`, `Image`, `Fetch`..."""
    cached: bool
    """Whether it came from the browser's own cache."""


class Chromium:
    """One browser, whose every name leads to the given loopback ports."""

    def __init__(self, folder: Path, plain_port: int, secure_port: int, certificate: Path) -> None:
        found = program()
        assert found
        rules = f"MAP *:80 127.0.0.1:{plain_port},MAP *:443 127.0.0.1:{secure_port}"
        self._command = [
            found,
            *FLAGS,
            f"--user-data-dir={folder / 'profile'}",
            f"--host-resolver-rules={rules}",
            # This key is as good as any in the world, for every name: unlike with certificate
            # errors that are overlooked, HSTS counts and answers are cached.
            f"--ignore-certificate-errors-spki-list={_key_digest(certificate)}",
            "about:blank",
        ]
        self._log = folder / "chromium.log"
        self._changed = threading.Condition()
        self._answers: dict[int, dict[str, Any]] = {}
        self._hear: dict[str, Callable[[str, dict[str, Any]], None]] = defaultdict(
            lambda: lambda _name, _params: None
        )
        self._next = 0
        self._closed = False

    def __enter__(self) -> Chromium:
        """Start it: it reads commands from descriptor 3 and writes to 4."""
        there_read, here_write = _high_pipe()
        here_read, there_write = _high_pipe()
        log = str(self._log)
        self._process = os.posix_spawn(
            self._command[0],
            self._command,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
                (os.POSIX_SPAWN_DUP2, there_read, 3),
                (os.POSIX_SPAWN_DUP2, there_write, 4),
            ],
            setpgroup=0,
        )
        os.close(there_read)
        os.close(there_write)
        self._to = os.fdopen(here_write, "wb", buffering=0)
        self._from = os.fdopen(here_read, "rb")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it and its children."""
        os.killpg(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        self._reader.join(PATIENCE)
        self._to.close()
        self._from.close()

    def person(self) -> Person:
        """Somebody who was never here: a cache and cookies of their own."""
        made = self.send("Target.createBrowserContext", {"disposeOnDetach": False})
        return Person(self, made["browserContextId"])

    def send(self, method: str, params: dict[str, Any], session: str = "") -> dict[str, Any]:
        """One command and its answer.

        Raises:
            BrowserError: the browser refused, went away, or was silent.
        """
        with self._changed:
            self._next += 1
            number = self._next
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        self._to.write(json.dumps(message).encode() + b"\0")
        with self._changed:
            came = self._changed.wait_for(
                lambda: number in self._answers or self._closed, timeout=PATIENCE
            )
            if not came or number not in self._answers:
                log = self._log.read_text(errors="replace")[-2000:]
                raise BrowserError(f"no answer to {method}\n{log}")
            answer = self._answers.pop(number)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def hear(self, session: str, listener: Callable[[str, dict[str, Any]], None]) -> None:
        """Tell somebody of all that happens in one tab; called while `changed` is held."""
        with self._changed:
            self._hear[session] = listener

    def until(self, what: Callable[[], bool]) -> None:
        """Wait for something that events bring about.

        Raises:
            BrowserError: it did not happen.
        """
        with self._changed:
            if not self._changed.wait_for(what, timeout=PATIENCE):
                raise BrowserError("it did not happen in time")

    def _read(self) -> None:
        rest = b""
        while chunk := os.read(self._from.fileno(), 1 << 16):
            *whole, rest = (rest + chunk).split(b"\0")
            with self._changed:
                for text in whole:
                    message = json.loads(text)
                    if "id" in message:
                        self._answers[message["id"]] = message
                    else:
                        session = message.get("sessionId", "")
                        self._hear[session](message["method"], message["params"])
                self._changed.notify_all()
        with self._changed:
            self._closed = True
            self._changed.notify_all()


@dataclass(frozen=True)
class Person:
    """Somebody with a cache and cookies of their own."""

    browser: Chromium
    context: str

    def tab(self) -> Tab:
        """A new empty tab."""
        made = self.browser.send(
            "Target.createTarget", {"url": "about:blank", "browserContextId": self.context}
        )
        joined = self.browser.send(
            "Target.attachToTarget", {"targetId": made["targetId"], "flatten": True}
        )
        return Tab(self.browser, joined["sessionId"])

    def opens(self, url: str) -> Tab:
        """A new tab that has loaded an address."""
        tab = self.tab()
        tab.goto(url)
        return tab

    def leaves(self) -> None:
        """Close all tabs and forget everything."""
        self.browser.send("Target.disposeBrowserContext", {"browserContextId": self.context})


class Tab:
    """One tab."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser = browser
        self._session = session
        self._loaded: set[str] = set()
        self._from_memory: set[str] = set()
        self.seen: list[Seen] = []
        """Answers in the order they came."""
        self.failed: list[str] = []
        """Why loads failed: `net::ERR_...`."""
        self.console: list[str] = []
        """What the console shows: errors, refusals by policy."""
        browser.hear(session, self._heard)
        for domain in ("Page", "Network", "Log", "Runtime"):
            self._send(f"{domain}.enable")
        self._send("Page.setLifecycleEventsEnabled", enabled=True)

    def goto(self, url: str) -> None:
        """Open an address and wait until all of it has loaded."""
        begun = self._send("Page.navigate", url=url)
        if "errorText" in begun:
            raise BrowserError(f"{url}: {begun['errorText']}")
        loader = begun["loaderId"]
        self._browser.until(lambda: loader in self._loaded)

    def emulate(self, media: dict[str, str], kind: str = "") -> None:
        """Show the page as another screen or paper would: features of media, and its kind."""
        features = [{"name": name, "value": value} for name, value in media.items()]
        self._send("Emulation.setEmulatedMedia", media=kind, features=features)

    def resize(self, wide: int, high: int) -> None:
        """Make the window another size, in CSS pixels."""
        self._send(
            "Emulation.setDeviceMetricsOverride",
            width=wide,
            height=high,
            deviceScaleFactor=1,
            mobile=False,
        )

    def reload(self) -> None:
        """Reload as F5 does and wait until all of it has loaded."""
        before = set(self._loaded)
        self._send("Page.reload")
        self._browser.until(lambda: bool(self._loaded - before))

    def loads_after(self, script: str) -> None:
        """Run something that leads to another page, and wait until that has loaded."""
        before = set(self._loaded)
        self.run(script)
        self._browser.until(lambda: bool(self._loaded - before))

    def picture(self, most: int = 20_000) -> bytes:
        """The page as PNG, without bars for scrolling.

        Args:
            most: pixels from the top; the largest pages take long to paint.
        """
        self._send("Emulation.setScrollbarsHidden", hidden=True)
        wide, high = self.run("[window.innerWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": wide, "height": min(high, most), "scale": 1}
        done = self._send(
            "Page.captureScreenshot", captureBeyondViewport=True, format="png", clip=clip
        )
        return base64.b64decode(done["data"])

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise's when it is kept.

        Raises:
            BrowserError: the page threw.
        """
        done = self._send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in done:
            thrown = done["exceptionDetails"]
            text = thrown.get("exception", {}).get("description", thrown["text"])
            raise BrowserError(text)
        return done["result"].get("value")

    def waits_for(self, expression: str) -> None:
        """Return when an expression in the page is true."""
        self.run(
            f"""new Promise((found, late) => {{
              const end = Date.now() + {PATIENCE * 500}
              const look = () => {{
                if ({expression}) found()
                else if (Date.now() > end) late(new Error(
                  {json.dumps(expression)} + ' is not so in: ' + document.body.innerText))
                else setTimeout(look, 5)
              }}
              look()
            }})"""
        )

    def shows(self, selector: str, text: str) -> None:
        """Return when an element has exactly this text."""
        self.waits_for(
            f"document.querySelector({json.dumps(selector)})?.textContent === {json.dumps(text)}"
        )

    def clicks(self, selector: str) -> None:
        """Click an element."""
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    @property
    def text(self) -> str:
        """What the page shows."""
        return self.run("document.body.innerText")

    @property
    def url(self) -> str:
        """What the address bar shows."""
        return self.run("location.href")

    @property
    def page(self) -> Seen:
        """The answer that the shown page came with."""
        return next(request for request in reversed(self.seen) if request.kind == "Document")

    def answer(self, ending: str) -> Seen:
        """The last answer to an address that ends so."""
        return next(request for request in reversed(self.seen) if request.url.endswith(ending))

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.send(method, params, self._session)

    def _heard(self, name: str, params: dict[str, Any]) -> None:
        if name == "Page.lifecycleEvent" and params["name"] == "load":
            self._loaded.add(params["loaderId"])
        elif name == "Network.requestServedFromCache":
            self._from_memory.add(params["requestId"])
        elif name == "Network.responseReceived":
            response = params["response"]
            cached = response.get("fromDiskCache") or params["requestId"] in self._from_memory
            headers = {key.lower(): value for key, value in response["headers"].items()}
            self.seen.append(
                Seen(response["url"], response["status"], headers, params["type"], bool(cached))
            )
        elif name == "Network.loadingFailed":
            self.failed.append(f"{params['errorText']} {params.get('blockedReason', '')}".strip())
        elif name == "Log.entryAdded":
            self.console.append(params["entry"]["text"])
        elif name == "Runtime.exceptionThrown":
            self.console.append(params["exceptionDetails"]["text"])


def _key_digest(certificate: Path) -> str:
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


def _high_pipe() -> tuple[int, int]:
    """A pipe whose numbers are none of those that the browser gets."""
    low = os.pipe()
    read, write = (fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 20) for descriptor in low)
    for element in low:
        os.close(element)
    return read, write
