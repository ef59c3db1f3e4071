"""A function's zip: the same bytes from any checkout, built once, never more than Lambda takes."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest

from components.functions import package as package_module
from components.functions.package import build_package, check_size, package_path
from components.functions.settings import FunctionSettings
from components.functions.sources import UNZIPPED_BYTES, CodeError, Sources, read_sources

PYTHON = {"code": {"path": "functions/app", "handler": "app.handle"}}
NODE = {"code": {"path": "functions/app", "handler": "index.handler"}, "runtime": "nodejs24.x"}
FILES = {
    "app.py": b"import shared\n\n\ndef handle(event, context):\n    return shared.ANSWER\n",
    "shared/__init__.py": b"ANSWER = 42\n",
    "picture.png": b"\x89PNG\r\n\x1a\n\0\0\r\n",
}


def folder(project: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        file = project / "functions" / "app" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return project


def sources(project: Path, given: dict[str, object] | None = None) -> Sources:
    return read_sources(
        "app", FunctionSettings.model_validate_json(json.dumps(given or PYTHON)), project
    )


def refused(project: Path, given: dict[str, object] | None = None) -> CodeError:
    with pytest.raises(CodeError) as caught:
        sources(project, given)
    return caught.value


def wheel(folder: Path, name: str, tag: str) -> str:
    """A tiny wheel, and the requirement with its hash."""
    file = folder / f"{name}-1.0-{tag}.whl"
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(file, "w") as zip_:
        zip_.writestr(f"{name}.py", "WHO = 'wheel'\r\n")
        zip_.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        zip_.writestr(f"{about}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        record = f"{name}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n"
        zip_.writestr(f"{about}/RECORD", record)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return f"{name}==1.0 --hash=sha256:{digest}\n"


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that uv finds its packages in, instead of an index."""
    here = tmp_path / "wheels"
    here.mkdir()
    monkeypatch.setenv("UV_FIND_LINKS", str(here))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    return here


def test_two_checkouts_of_one_commit_make_the_same_bytes(tmp_path: Path):
    one, other = tmp_path / "one", tmp_path / "other"
    folder(one, FILES)
    before = os.umask(0o077)
    try:
        crlf = {
            name: data if name.endswith(".png") else data.replace(b"\n", b"\r\n")
            for name, data in reversed(FILES.items())
        }
        folder(other, crlf)
        (other / "functions/app/app.py").chmod(0o700)
        (other / "functions/app/__pycache__").mkdir()
        (other / "functions/app/__pycache__/app.pyc").write_bytes(b"x")
        (other / "functions/app/node_modules/left").mkdir(parents=True)
        (other / "functions/app/node_modules/left/over.js").write_bytes(b"x")
    finally:
        os.umask(before)
    first, second = sources(one), sources(other)
    assert first.digest == second.digest
    built = [
        build_package(element, at, through_bucket=False)
        for element, at in ((first, one), (second, other))
    ]
    assert built[0].name == built[1].name
    assert built[0].read_bytes() == built[1].read_bytes()
    with zipfile.ZipFile(built[0]) as zip_:
        assert zip_.namelist() == sorted(FILES)
        assert {element.date_time for element in zip_.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {element.external_attr >> 16 for element in zip_.infolist()} == {0o100555}
        assert zip_.read("picture.png") == FILES["picture.png"]


@pytest.mark.parametrize(
    "changed",
    [
        {"architecture": "x86_64"},
        {"runtime": "python3.12"},
        {"code": {**PYTHON["code"], "exclude": ["shared/*"]}},
    ],
)
def test_what_the_zip_is_made_from_names_it(tmp_path: Path, changed: dict[str, object]):
    project = folder(tmp_path, FILES)
    assert sources(project).digest != sources(project, {**PYTHON, **changed}).digest


def test_nothing_is_built_when_nothing_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    project = folder(tmp_path, FILES)
    first = build_package(sources(project), project, through_bucket=False)
    monkeypatch.setattr(package_module, "write", None)
    assert build_package(sources(project), project, through_bucket=False) == first
    assert [path.name for path in first.parent.iterdir()] == [first.name]


def test_a_build_that_is_interrupted_leaves_no_zip_that_the_engine_could_read(tmp_path: Path):
    package = tmp_path / "app.zip"
    with pytest.raises(FileNotFoundError):
        package_module.write(package, {"a.py": b"x", "b.py": tmp_path / "gone.py"})
    assert not list(tmp_path.iterdir())


def test_a_folder_that_lambda_would_not_unpack_is_refused(tmp_path: Path):
    project = folder(tmp_path, FILES)
    with (project / "functions/app/model.bin").open("wb") as file:
        file.truncate(251 * 2**20)
    error = refused(project)
    assert "251.0 MiB" in error.found
    assert "image" in error.hint
    assert not (project / "build").exists()


def test_a_quarter_of_a_gibibyte_is_the_most(tmp_path: Path):
    file = tmp_path / "packages"
    with file.open("wb") as opened:
        opened.truncate(UNZIPPED_BYTES)
    check_size({"all": file})
    with pytest.raises(CodeError):
        check_size({"all": file, "more": b"x"})


def test_a_zip_above_50_mib_goes_through_a_bucket(tmp_path: Path):
    project = folder(tmp_path, FILES)
    found = sources(project)
    package = package_path(found, project)
    package.parent.mkdir(parents=True)
    with package.open("wb") as file:
        file.truncate(51 * 2**20)
    assert build_package(found, project, through_bucket=True) == package
    with pytest.raises(CodeError) as caught:
        build_package(found, project, through_bucket=False)
    assert caught.value.field == "bucket"


@pytest.mark.parametrize(
    ("files", "given", "field"),
    [
        ({}, PYTHON, "path"),
        ({"main.py": b""}, PYTHON, "handler"),
        ({"app.py": b"def handles(event, context):\n    pass\n"}, PYTHON, "handler"),
        ({"index.js": b"exports.handle = async () => 1\n"}, NODE, "handler"),
        ({"app.py": b"", "requirements.txt": b"requests==2.32.0\n"}, PYTHON, "lock"),
        ({"app.py": b"", "requirements.txt": b"-r other.txt\n"}, PYTHON, "lock"),
        ({"index.js": b"", "package.json": b'{"dependencies": {"a": "1"}}'}, NODE, "path"),
        ({"index.js": b"", "package-lock.json": b"{"}, NODE, "lock"),
        (
            {"index.js": b"", "package-lock.json": b'{"lockfileVersion": 3, "packages": '
             b'{"": {}, "node_modules/a": {"version": "1"}}}'},
            NODE,
            "lock",
        ),
    ],
)  # fmt: skip
def test_what_can_not_become_a_function_is_refused_before_anything_is_built(
    tmp_path: Path, files: dict[str, bytes], given: dict[str, object], field: str
):
    assert refused(folder(tmp_path, files), given).field == field


def test_a_symbolic_link_is_refused(tmp_path: Path):
    project = folder(tmp_path, FILES)
    (project / "functions/app/link.py").symlink_to(project / "functions/app/app.py")
    assert "link.py" in refused(project).found


def test_wheels_of_the_functions_own_machine_are_installed(tmp_path: Path, wheels: Path):
    wheel(wheels, "fast", "cp313-cp313-manylinux_2_28_x86_64")
    wanted = wheel(wheels, "fast", "cp313-cp313-manylinux_2_28_aarch64")
    pure = wheel(wheels, "plain", "py3-none-any")
    both = {**FILES, "requirements.lock": (wanted + pure).encode()}
    built = []
    for name in ("one", "other"):
        project = folder(tmp_path / name, both)
        built.append(build_package(sources(project), project, through_bucket=False))
    assert built[0].read_bytes() == built[1].read_bytes()
    with zipfile.ZipFile(built[0]) as zip_:
        names = set(zip_.namelist())
        assert {"fast.py", "plain.py", "app.py", "fast-1.0.dist-info/METADATA"} <= names
        assert not any(name.endswith(("RECORD", "INSTALLER", ".lock.py")) for name in names)
        assert b"aarch64" in zip_.read("fast-1.0.dist-info/WHEEL")
        assert zip_.read("plain.py") == b"WHO = 'wheel'\r\n"


def test_a_package_without_a_wheel_for_the_architecture_is_named(tmp_path: Path, wheels: Path):
    wanted = wheel(wheels, "fast", "cp313-cp313-manylinux_2_28_x86_64")
    project = folder(tmp_path, {**FILES, "requirements.lock": wanted.encode()})
    with pytest.raises(CodeError) as caught:
        build_package(sources(project), project, through_bucket=False)
    assert "fast without a wheel for aarch64-manylinux_2_28" in caught.value.found
    assert "image" in caught.value.hint
    assert not list((project / "build/functions/app").iterdir())


@pytest.mark.node
def test_packages_of_node_come_by_their_lock_file(tmp_path: Path):
    """From a tarball beside it: npm takes a file as it takes an index."""
    source = tmp_path / "left.tgz"
    import tarfile

    package = tmp_path / "package"
    package.mkdir()
    (package / "package.json").write_text('{"name": "left", "version": "1.0.0"}')
    (package / "index.js").write_text("module.exports = 'left'\n")
    with tarfile.open(source, "w:gz") as tar:
        tar.add(package, "package")
    digest = base64.b64encode(hashlib.sha512(source.read_bytes()).digest()).decode()
    lock = {
        "name": "app", "version": "1.0.0", "lockfileVersion": 3,
        "packages": {
            "": {"name": "app", "version": "1.0.0", "dependencies": {"left": f"file:{source}"}},
            "node_modules/left": {"version": "1.0.0", "resolved": f"file:{source}",
                                  "integrity": f"sha512-{digest}"},
        },
    }  # fmt: skip
    project = folder(
        tmp_path / "project",
        {
            "index.js": b"exports.handler = async () => require('left')\n",
            "package.json": json.dumps(lock["packages"][""]).encode(),  # type: ignore[index]
            "package-lock.json": json.dumps(lock).encode(),
        },
    )
    built = build_package(sources(project, NODE), project, through_bucket=False)
    with zipfile.ZipFile(built) as zip_:
        assert "node_modules/left/index.js" in zip_.namelist()
