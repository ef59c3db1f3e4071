"""The deployment package: the same bytes wherever it is built, and complete."""

import ast
import hashlib
import shutil
import ssl
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from components.parts.sources import CHECKOUT
from components.secrets import package
from components.secrets.package import DRIVERS, HANDLER, PackageError, rotation_package
from functions.rotation import tls


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_two_builds_in_two_places_are_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = rotation_package(build=tmp_path / "one")
    # Another checkout: other times, other permissions, files made in another order.
    copy = tmp_path / "checkout" / "rotation"
    copy.mkdir(parents=True)
    sources = [*package.SOURCES.glob("*.py"), *package.SOURCES.glob("*.pem")]
    for source in sorted(sources, reverse=True):
        (copy / source.name).write_bytes(source.read_bytes())
        (copy / source.name).chmod(0o600)
    monkeypatch.setattr(package, "SOURCES", copy)
    second = rotation_package(build=tmp_path / "two")
    assert first.name == second.name
    assert sha256(first) == sha256(second)


def test_a_build_in_another_process_is_the_same_bytes(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; "
        "from components.secrets.package import rotation_package; "
        "print(rotation_package(build=Path(sys.argv[1])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "other")],
        cwd=CHECKOUT,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert sha256(Path(done.stdout.strip())) == sha256(rotation_package(build=tmp_path / "here"))


def test_a_package_of_this_content_is_not_built_again(tmp_path: Path) -> None:
    built = rotation_package(build=tmp_path)
    made = built.stat().st_mtime_ns
    assert rotation_package(build=tmp_path) == built
    assert built.stat().st_mtime_ns == made
    assert list(tmp_path.iterdir()) == [built]


def test_a_changed_source_makes_another_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "rotation"
    shutil.copytree(package.SOURCES, copy)
    before = rotation_package(build=tmp_path)
    with (copy / "passwords.py").open("a") as source:
        source.write("# changed\n")
    monkeypatch.setattr(package, "SOURCES", copy)
    assert rotation_package(build=tmp_path).name != before.name


def test_the_package_holds_the_handler_the_drivers_and_their_licences_and_nothing_compiled(
    tmp_path: Path,
) -> None:
    with zipfile.ZipFile(rotation_package(build=tmp_path)) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        modes = {entry.external_attr >> 16 for entry in archive.infolist()}
    assert names == sorted(names)
    assert len(names) == len(set(names))
    assert "/".join(HANDLER.split(".")[:-1]) + ".py" in names
    assert modes == {0o100444}  # readable by the account Lambda runs as
    assert not [name for name in names if name.endswith((".pyc", ".so", ".pyd"))]
    assert not [name for name in names if name.split("/")[0] in ("boto3", "botocore")]
    licensed = {name.split("-")[0].replace("_", "-") for name in names if "LICENSE" in name}
    assert licensed == set(DRIVERS)


def test_the_packaged_function_loads_with_nothing_but_itself_and_boto3(tmp_path: Path) -> None:
    """boto3 is played by an empty stand-in: what else is missing would fail to import."""
    stand_ins = tmp_path / "runtime"
    for name, text in {
        "boto3/__init__.py": "",
        "botocore/__init__.py": "",
        "botocore/config.py": "class Config:\n    def __init__(self, **_): pass\n",
        "botocore/exceptions.py": "class ClientError(Exception): pass\n"
        "class HTTPClientError(Exception): pass\nclass ConnectionError(Exception): pass\n",
    }.items():
        (stand_ins / name).parent.mkdir(parents=True, exist_ok=True)
        (stand_ins / name).write_text(text)
    archive = rotation_package(build=tmp_path)
    script = (
        f"import sys; sys.path[:0] = [{str(archive)!r}, {str(stand_ins)!r}]\n"
        f"import importlib; module = importlib.import_module({HANDLER.rpartition('.')[0]!r})\n"
        f"assert callable(module.{HANDLER.rpartition('.')[2]})\n"
        "import pg8000, pymysql\n"
        "assert all('.zip' in m.__file__ for m in (module, pg8000, pymysql))"
    )
    # -I -S: neither the environment's packages nor the current folder.
    done = subprocess.run(
        [sys.executable, "-W", "error", "-I", "-S", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_driver_the_sources_import_is_in_the_package() -> None:
    imported: set[str] = set()
    for source in package.SOURCES.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                imported.add(str(node.module).split(".")[0])
    runtime = {name for name in imported if name.startswith(("boto", "mypy_boto3"))}
    assert imported - runtime - set(sys.stdlib_module_names) <= set(DRIVERS)


def test_the_authorities_of_rds_are_in_the_package_or_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(rotation_package(build=tmp_path)) as archive:
        assert archive.read("rotation/rds-ca.pem") == (package.SOURCES / "rds-ca.pem").read_bytes()
    copy = tmp_path / "rotation"
    shutil.copytree(package.SOURCES, copy)
    monkeypatch.setattr(package, "SOURCES", copy)
    (copy / "rds-ca.pem").write_text("<html>not found</html>")
    with pytest.raises(PackageError, match="not a PEM file"):
        rotation_package(build=tmp_path)
    (copy / "rds-ca.pem").unlink()
    with pytest.raises(PackageError, match="not a PEM file"):
        rotation_package(build=tmp_path)


def test_a_database_is_trusted_by_the_packaged_authorities_and_no_others() -> None:
    bundle = tls.database_bundle(None)
    assert Path(bundle) == package.SOURCES / "rds-ca.pem"
    context = tls.verified(bundle)
    names = [dict(part[0] for part in cert["subject"]) for cert in context.get_ca_certs()]
    assert len(names) >= 81
    assert {name["organizationName"] for name in names} == {"Amazon Web Services, Inc."}
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert tls.database_bundle("/elsewhere.pem") == "/elsewhere.pem"


def test_a_driver_of_another_version_than_locked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert package.LOCK is not None
    lock = tmp_path / "requirements.lock"
    lock.write_text(package.LOCK.read_text().replace("pg8000==", "pg8000==9."))
    monkeypatch.setattr(package, "LOCK", lock)
    with pytest.raises(PackageError, match=r"requirements\.lock says 9"):
        rotation_package(build=tmp_path)


def test_a_driver_that_was_altered_after_it_was_installed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if somebody had patched a file in the virtual environment."""
    unaltered = package._record_hash
    monkeypatch.setattr(
        package, "_record_hash", lambda mode, data: unaltered(mode, data + b"# altered")
    )
    with pytest.raises(PackageError, match="not what its wheel held"):
        rotation_package(build=tmp_path)


def test_a_driver_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "DRIVERS", ("no-such-driver",))
    with pytest.raises(PackageError, match="no-such-driver is not installed"):
        rotation_package(build=tmp_path)
