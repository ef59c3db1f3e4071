"""The server: the protocol on standard input and output (Language Server Protocol 3.17, by pygls).

Diagnosing runs in a thread a moment after a change, price and verdict in a process of their own
after opening and saving: neither keeps typing waiting.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from trellis.lsp import verdict
from trellis.lsp.completing import Offer, offers, typed_before
from trellis.lsp.desk import Desk, Mark, diagnosed, files_of
from trellis.lsp.hovering import hover_text
from trellis.lsp.projects import Stack, resolution_of, stacks_for
from trellis.lsp.spots import Place, spot_at, spots
from trellis.stackfile.nodes import Data
from trellis.stackfile.project import SUFFIXES
from trellis.stackfile.resolution import Resolution

FAILED = 1
"""What Python ends with after a traceback."""

PAUSE = 0.15
"""Seconds between a change and looking at it, so that fast typing is looked at once."""

SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "advice": types.DiagnosticSeverity.Information,
}


class StackFileServer(LanguageServer):
    """A language server with its desk and the work that waits."""

    def __init__(self) -> None:
        super().__init__("trellis", version("trellis"))
        self.desk = Desk()
        self._changed: set[Path] = set()
        self._saved: set[Path] = set()
        self._to_judge: dict[Stack, None] = {}
        self._judged_now: tuple[Stack, asyncio.subprocess.Process] | None = None
        self._read: dict[Stack, Resolution] = {}
        """The last reading of each stack whose files could be read: half a line breaks YAML."""
        self._uris: dict[Path, str] = {}
        """As the editor writes them: a path can be escaped in more than one way."""
        self._versions: dict[Path, int | None] = {}
        """Of the texts that the problems are about."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking = self._judging = False
        self._published: set[Path] = set()

    def look_at(self, uri: str, *, saved: bool) -> None:
        """A file was opened, changed or (`saved`) is on the disk as it is here."""
        file = path_of(uri)
        if file is None:
            return
        self.desk.texts[file] = self.workspace.get_text_document(uri).source
        self._changed.add(file)
        if saved:
            self._saved.add(file)
        else:
            self.desk.typed(file)
        self._uris[file] = uri
        self._look_soon()

    def forget(self, uri: str) -> None:
        """A file was closed."""
        file = path_of(uri)
        if file is not None:
            self.desk.close(file)
            now = self._judged_now
            if now is not None and now[0] not in self.desk.problems:
                now[1].kill()
            self._versions.pop(file, None)
            self._changed.add(file)  # for the stacks of other open files: the disk holds again
            self._published.add(file)
            self._look_soon()

    def publish(self) -> None:
        """Send the diagnostics of every file that has some, or had some."""
        has = {file: self.desk.marks(file) for file in self.desk.files()}
        for file in self._published - has.keys():
            has[file] = []
        for file, marks in has.items():
            if marks or file in self._published or file in self.desk.texts:
                self._send(file, marks)
        self._published = {file for file, marks in has.items() if marks}

    def resolution(self, file: Path) -> tuple[Stack, Resolution] | None:
        """What the (first) stack of a file comes to now, or came to when it could last be read."""
        unsaved = self.desk.unsaved()
        for stack in stacks_for(file, unsaved):
            found = resolution_of(stack, unsaved)
            if found is not None:
                self._read[stack] = found
            if stack in self._read:
                return stack, self._read[stack]
        return None

    def stack_and_data(self, file: Path, line: int) -> tuple[Stack, Mapping[str, Data]] | None:
        """The (first) stack of a file and its settings as far as they can be read.

        Args:
            line: from 0; the one that is being typed, without which the text may be readable.
        """
        found = self.resolution(file)
        if found is not None:
            return found[0], found[1].data
        unsaved = self.desk.unsaved()
        lines = unsaved.get(file, b"").splitlines()
        unsaved[file] = b"\n".join((*lines[:line], b"", *lines[line + 1 :]))
        for stack in stacks_for(file, unsaved):
            without = resolution_of(stack, unsaved)
            return stack, without.data if without is not None else {}
        return None

    def _look_soon(self) -> None:
        if not self._looking:
            self._looking = True
            self._start(self._look())

    async def _look(self) -> None:
        try:
            while self._changed:
                await asyncio.sleep(PAUSE)
                files, self._changed = self._changed, set()
                saved, self._saved = self._saved, set()
                unsaved = self.desk.unsaved()
                versions = {file: self._document(file).version for file in self.desk.texts}
                found = await asyncio.to_thread(diagnosed, files, unsaved)
                gone = [problem for problem in self.desk.problems if files & {*files_of(problem)}]
                for stack in gone:
                    self.desk.problems.pop(stack, None)
                open_now = self.desk.texts.keys()
                self.desk.problems |= {s: p for s, p in found.items() if open_now & {*files_of(s)}}
                self._versions = {f: v for f, v in versions.items() if f in open_now}
                self.publish()
                for file in saved & open_now:
                    for stack in stacks_for(file, unsaved):
                        self._judge_soon(stack, sound=not found.get(stack))
        finally:
            self._looking = False

    def _judge_soon(self, stack: Stack, *, sound: bool) -> None:
        now = self._judged_now
        if now is not None and now[0] == stack:
            now[1].kill()
        if not sound:
            self.desk.verdicts.pop(stack, None)
            self._to_judge.pop(stack, None)
            self._publish_verdicts()
            return
        self._to_judge[stack] = None
        if not self._judging:
            self._judging = True
            self._start(self._judge())

    async def _judge(self) -> None:
        try:
            while self._to_judge:
                stack, _ = self._to_judge.popitem()  # the latest first: somebody looks at it
                if stack not in self.desk.problems:
                    continue  # closed meanwhile
                document = await self._judgement(stack)
                if document is not None and stack in self.desk.problems:
                    self.desk.verdicts[stack] = verdict.read(stack, json.loads(document))
                    self._publish_verdicts()
        finally:
            self._judging = False

    async def _judgement(self, stack: Stack) -> bytes | None:
        """What the process beside this one prints; None where it was ended or failed."""
        words = ("-P", "-m", "trellis.lsp.judging", str(stack.project), stack.name, str(stack.file))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self._judged_now = (stack, process)
        try:
            printed, errors = await process.communicate()
        finally:
            self._judged_now = None
            if process.returncode is None:
                process.kill()
        if process.returncode == FAILED:  # not ended by us: the editor's log tells why
            text = errors.decode(errors="replace")
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, text))
        return printed if process.returncode == 0 else None

    def _publish_verdicts(self) -> None:
        self.publish()
        workspace = self.client_capabilities.workspace
        if workspace is not None and workspace.code_lens and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    def _send(self, file: Path, marks: list[Mark]) -> None:
        document = self._document(file)
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri=document.uri,
                version=self._versions.get(file),
                diagnostics=[_diagnostic(mark, document) for mark in marks],
            )
        )

    def _document(self, file: Path) -> TextDocument:
        """The editor's document, under the name that it uses; one from the disk elsewhere."""
        uri = self._uris.get(file) or uris.from_fs_path(str(file)) or ""
        if uri in self.workspace.text_documents:
            return self.workspace.get_text_document(uri)
        return TextDocument(
            uri,
            source=self.desk.text(file),
            position_codec=self.workspace.position_codec,
        )

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def path_of(uri: str) -> Path | None:
    """The file that an editor names; None for what is no stack's file or `Pulumi.yaml`."""
    name = uris.to_fs_path(uri) if uri.startswith("file:") else None
    if not name:
        return None
    file = Path(name).resolve()
    return file if file.name.startswith("Pulumi.") and file.suffix in SUFFIXES else None


def made() -> StackFileServer:
    """A server with everything that it answers."""
    server = StackFileServer()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.look_at(params.text_document.uri, saved=True)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.look_at(params.text_document.uri, saved=False)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.look_at(params.text_document.uri, saved=True)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[":", " ", "{"])
    )
    def complete(params: types.CompletionParams) -> list[types.CompletionItem]:
        return _completions(server, params)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        return _hover(server, params)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        return _lenses(server, params)

    _ = (opened, changed, saved, closed, complete, hover, lenses)
    return server


def _completions(
    server: StackFileServer, params: types.CompletionParams
) -> list[types.CompletionItem]:
    file = path_of(params.text_document.uri)
    document = server.workspace.get_text_document(params.text_document.uri)
    found = server.stack_and_data(file, params.position.line) if file is not None else None
    if file is None or found is None:
        return []
    before = document.source[: document.offset_at_position(params.position)]
    stack, data = found
    every = offers(before, data, shared=file != stack.file.resolve())
    position = params.position
    begin = document.position_codec.client_num_units(typed_before(before))
    start = types.Position(position.line, max(0, position.character - begin))
    return [_item(offer, types.Range(start, position), n) for n, offer in enumerate(every)]


def _item(offer: Offer, place: types.Range, number: int) -> types.CompletionItem:
    kinds = types.CompletionItemKind
    return types.CompletionItem(
        label=offer.label,
        kind=kinds.Property if offer.is_key else kinds.EnumMember,
        detail=offer.detail or None,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, offer.words)
        if offer.words
        else None,
        sort_text=f"{number:04}",
        text_edit=types.TextEdit(place, offer.text),
    )


def _hover(server: StackFileServer, params: types.HoverParams) -> types.Hover | None:
    file = path_of(params.text_document.uri)
    found = server.resolution(file) if file is not None else None
    if found is None:
        return None
    document = server.workspace.get_text_document(params.text_document.uri)
    at = document.position_from_client_units(params.position)
    spot = spot_at(spots(document.source), (at.line, at.character))
    stack, resolution = found
    text = hover_text(spot.setting, resolution, stack.name) if spot and spot.setting else ""
    if spot is None or not text:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.Hover(content, _range(spot.start, spot.end, document))


def _lenses(server: StackFileServer, params: types.CodeLensParams) -> list[types.CodeLens]:
    file = path_of(params.text_document.uri)
    if file is None:
        return []
    document = server.workspace.get_text_document(params.text_document.uri)
    return [
        types.CodeLens(_range(*place, document), types.Command(title=title, command=""))
        for place, title in server.desk.lenses(file)
    ]


def _diagnostic(mark: Mark, document: TextDocument) -> types.Diagnostic:
    return types.Diagnostic(
        range=_range(mark.start, mark.end, document),
        message=mark.message,
        severity=SEVERITIES[mark.severity],
        source="trellis",
        code=mark.code or None,
        code_description=types.CodeDescription(mark.link) if mark.link else None,
    )


def _range(start: Place, end: Place, document: TextDocument) -> types.Range:
    return types.Range(*(_position(place, document) for place in (start, end)))


def _position(place: Place, document: TextDocument) -> types.Position:
    """A place as the editor counts it (UTF-16, if nothing else was agreed on)."""
    lines = document.lines
    line = min(place[0], max(0, len(lines) - 1))
    before = lines[line][: place[1]] if lines else ""
    return types.Position(line, document.position_codec.client_num_units(before))
