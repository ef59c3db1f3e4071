"""Every call the function makes to the outside, counted, observed, and cut off at will."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from functions.rotation import cache_connection, mysql, postgres

PURE_READS = ("SecretsManager.describe", "SecretsManager.get")
When = Literal["before", "after"]


class Crash(BaseException):
    """The function's process ended here."""


@dataclass
class Outbound:
    """The seam: AWS clients, database connections and statements, cache connections."""

    names: list[str] = field(default_factory=list)
    crash_at: tuple[int, When] | None = None
    crash_with: Callable[[str], BaseException] = Crash
    after_each: Callable[[], None] = lambda: None  # after each call that may have changed something

    def call(self, name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.names.append(name)
        position = len(self.names)
        if self.crash_at == (position, "before"):
            raise self.crash_with(name)
        try:
            result = function(*args, **kwargs)
        finally:  # also when the answer is an error
            if self.crash_at == (position, "after"):
                raise self.crash_with(name)
        if not name.startswith(PURE_READS):
            self.after_each()
        return result

    def count(self, work: Callable[[], object]) -> int:
        """How many outbound calls `work` makes."""
        before = len(self.names)
        work()
        return len(self.names) - before

    @contextmanager
    def crashing(self, position: int, when: When) -> Iterator[None]:
        """The call `position` from now (1 is the next) is the last one, done or not."""
        self.crash_at = (len(self.names) + position, when)
        try:
            yield
        finally:
            self.crash_at = None

    def wrap_client(self, client: Any) -> Any:
        return _Wrapped(self, client, type(client).__name__)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the seam into the drivers the function uses (the tests' own clients use others)."""
        connect_postgres, connect_mysql = postgres.driver.Connection, mysql.pymysql.connect
        ask = cache_connection._ask
        monkeypatch.setattr(
            postgres.driver, "Connection", self._connecting("postgres", connect_postgres)
        )
        monkeypatch.setattr(mysql.pymysql, "connect", self._connecting("mysql", connect_mysql))
        monkeypatch.setattr(
            cache_connection, "_ask", lambda *args: self.call(f"cache {args[3]}", ask, *args)
        )

    def _connecting(self, name: str, connect: Callable[..., Any]) -> Callable[..., Any]:
        def connecting(*args: Any, **kwargs: Any) -> Any:
            opened: list[Any] = []
            try:
                self.call(f"{name} connect", lambda: opened.append(connect(*args, **kwargs)))
            except BaseException:
                for connection in opened:
                    connection.close()  # as the operating system does for a process that ended
                raise
            return _Wrapped(self, opened[0], name)

        return connecting


class _Wrapped:
    """An object whose methods are outbound calls; `close` is not one, and a cursor is wrapped."""

    def __init__(self, outbound: Outbound, inner: Any, name: str) -> None:
        self._outbound, self._inner, self._name = outbound, inner, name

    def __getattr__(self, method: str) -> Any:
        function = getattr(self._inner, method)
        if method == "close":
            return function
        if method == "cursor":
            return lambda: _Wrapped(self._outbound, function(), self._name)
        return lambda *args, **kwargs: self._outbound.call(
            f"{self._name}.{method}", function, *args, **kwargs
        )
