"""An editor for tests: pygls's own client, which runs `trellis lsp` and speaks to it by stdio."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 60
"""Seconds; a busy machine plans slowly."""


class Editor:
    """One running server, and what it has published."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._client = LanguageClient("test-editor", "1")
        self._diagnostics: dict[str, list[types.Diagnostic]] = {}
        self._published_versions: dict[str, int | None] = {}
        self._refreshed = 0
        self._versions: dict[str, int] = {}

        @self._client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self._diagnostics[params.uri] = list(params.diagnostics)
            self._published_versions[params.uri] = params.version

        @self._client.feature(types.WORKSPACE_CODE_LENS_REFRESH)
        def refreshed(*_: object) -> None:
            self._refreshed += 1

        self.log: list[str] = []

        @self._client.feature(types.WINDOW_LOG_MESSAGE)
        def logged(params: types.LogMessageParams) -> None:
            self.log.append(params.message)

        words = ("-m", "trellis.cli.main", "lsp")
        self._run(self._client.start_io(sys.executable, *words))
        refresh = types.CodeLensWorkspaceClientCapabilities(refresh_support=True)
        workspace = types.WorkspaceClientCapabilities(code_lens=refresh)
        self._run(
            self._client.initialize_async(
                types.InitializeParams(
                    capabilities=types.ClientCapabilities(workspace=workspace),
                )
            )
        )
        self._client.initialized(types.InitializedParams())

    def close(self) -> None:
        """Shut the server down as an editor does."""
        self._run(self._client.shutdown_async(None))
        self._client.exit(None)
        self._run(self._client.stop())
        self._loop.close()

    def open(self, file: Path, text: str | None = None) -> list[types.Diagnostic]:
        """Open a file; what is wrong with it."""
        uri = file.as_uri()
        self._versions[uri] = 1
        if text is None:
            text = file.read_bytes().decode()
        return self._answer(
            uri,
            lambda: self._client.text_document_did_open(
                types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", 1, text))
            ),
        )

    def type(self, file: Path, text: str) -> list[types.Diagnostic]:
        """Change the whole text, unsaved; what is wrong with it now."""
        uri = file.as_uri()
        self._versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        whole = types.TextDocumentContentChangeWholeDocument(text)
        return self._answer(
            uri,
            lambda: self._client.text_document_did_change(
                types.DidChangeTextDocumentParams(document, [whole])
            ),
        )

    def leave(self, file: Path) -> list[types.Diagnostic]:
        """Close a file; what is still told of it."""
        identifier = types.TextDocumentIdentifier(file.as_uri())
        del self._versions[file.as_uri()]
        parameters = types.DidCloseTextDocumentParams(identifier)
        return self._answer(file.as_uri(), lambda: self._client.text_document_did_close(parameters))

    def leave_all(self) -> None:
        """Close every file that is open."""
        for uri in [*self._versions]:
            self.leave(Path(uri.removeprefix("file://")))

    def logged(self, words: str) -> None:
        """Wait until the server has logged these words."""
        self._until(lambda: any(words in element for element in self.log))

    def diagnostics_of(self, file: Path) -> list[types.Diagnostic]:
        """What was published last."""
        return self._diagnostics.get(file.as_uri(), [])

    def complete(self, file: Path, line: int, column: int) -> dict[str, types.CompletionItem]:
        """The offers at a place (from 0), by label."""
        identifier = types.TextDocumentIdentifier(file.as_uri())
        found = self._run(
            self._client.text_document_completion_async(
                types.CompletionParams(identifier, types.Position(line, column))
            )
        )
        items = found.items if isinstance(found, types.CompletionList) else found or []
        return {shown.label: shown for shown in items}

    def hover(self, file: Path, line: int, column: int) -> str:
        """The Markdown at a place; empty where there is none."""
        identifier = types.TextDocumentIdentifier(file.as_uri())
        found = self._run(
            self._client.text_document_hover_async(
                types.HoverParams(identifier, types.Position(line, column))
            )
        )
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    def lenses(self, file: Path) -> dict[int, str]:
        """The lenses by line, asked for again whenever the server says so, until there are some."""
        parameters = types.CodeLensParams(types.TextDocumentIdentifier(file.as_uri()))
        while True:
            before = self._refreshed
            found = self._run(self._client.text_document_code_lens_async(parameters))
            if found:
                return {one.range.start.line: one.command.title for one in found if one.command}
            self._until(lambda before=before: self._refreshed > before)

    def _answer(self, uri: str, do: Callable[[], None]) -> list[types.Diagnostic]:
        do()
        version = self._versions.get(uri)
        self._until(lambda: uri in self._diagnostics and self._published_versions[uri] == version)
        return self._diagnostics[uri]

    def _until(self, is_so: Callable[[], bool]) -> None:
        async def wait() -> None:
            while not is_so():
                await asyncio.sleep(0.01)

        self._run(wait())

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(asyncio.wait_for(work, PATIENCE))
