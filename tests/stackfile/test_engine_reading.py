"""The real engine reads stack files as we do: scalars, aliases, keys, layers, encrypted values."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation
from pulumi.runtime import config as runtime_config

from components.parts.model import ENCRYPTED
from tests.stackfile.scalar_cases import CASES
from trellis.stackfile.layers import alike
from trellis.stackfile.loading import Loaded, load, read_stack
from trellis.stackfile.problems import Source, StackFileError
from trellis.stackfile.reading import read_files

pytestmark = pytest.mark.engine
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Reading:
    """A project whose configuration the engine hands to a program of ours."""

    folder: Path
    stack: automation.Stack

    def write(self, config: str, shared: str = "", *, whole: bool = False) -> None:
        """Write the stack file's `config:` and the project file's."""
        text = config if whole else "config:\n" + config
        self.file.write_text(text if whole else text + self.salt, encoding="utf-8")
        (self.folder / "Pulumi.yaml").write_text(
            f"name: readings\nruntime: python\n{shared}", encoding="utf-8"
        )

    @property
    def file(self) -> Path:
        return self.folder / "Pulumi.dev.yaml"

    @property
    def salt(self) -> str:
        return (self.folder / "salt").read_text(encoding="utf-8")

    def run(self, program: Callable[[], None], **options: Any) -> None:
        """`pulumi preview` with a program of this process."""
        before = Path.cwd()

        def inside() -> None:
            os.chdir(self.folder)
            try:
                program()
            finally:
                os.chdir(before)

        self.stack.preview(program=inside, color="never", **options)

    def config(self, **options: Any) -> dict[str, str]:
        """The configuration that the engine hands to a program."""
        got: dict[str, str] = {}
        self.run(lambda: got.update(runtime_config.CONFIG.get()), **options)
        return got

    def loaded(self, **options: Any) -> Loaded:
        """What `load` makes of it there."""
        got: list[Loaded] = []
        self.run(lambda: got.append(load()), **options)
        return got[0]

    def pulumi(self, *arguments: str) -> None:
        """Run the command line."""
        workspace = self.stack.workspace
        workspace.pulumi_command.run(
            [*arguments, "--stack", "dev"], str(self.folder), workspace.env_vars
        )


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    folder = tmp_path_factory.mktemp("readings")
    before = os.environ["PATH"]
    os.environ["PATH"] = os.pathsep.join([str(ROOT / ".engine"), before])
    (folder / "state").mkdir()
    (folder / "Pulumi.yaml").write_text("name: readings\nruntime: python\n", encoding="utf-8")
    try:
        made = automation.create_stack(
            "dev",
            work_dir=str(folder),
            opts=automation.LocalWorkspaceOptions(
                env_vars={
                    "PULUMI_BACKEND_URL": f"file://{folder}/state",
                    "PULUMI_CONFIG_PASSPHRASE": "readings",
                    "PULUMI_HOME": str(folder / "home"),
                    "PULUMI_SKIP_UPDATE_CHECK": "true",
                },
            ),
        )
        text = (folder / "Pulumi.dev.yaml").read_text(encoding="utf-8")
        (folder / "salt").write_text(text, encoding="utf-8")
        yield Reading(folder, made)
    finally:
        os.environ["PATH"] = before


def test_every_scalar_of_the_table_is_what_the_engine_says(reading: Reading) -> None:
    nested = "".join(f"    k{n}: {written}\n" for n, (written, _, _) in enumerate(CASES))
    top = "".join(f"  cases:k{n}: {written}\n" for n, (written, _, _) in enumerate(CASES))
    shared = "".join(f"      k{n}: {written}\n" for n, (written, _, _) in enumerate(CASES))
    reading.write(f"  cases:all:\n{nested}{top}", f"config:\n  cases:shared:\n    value:\n{shared}")
    engine = reading.config()
    inside = json.loads(engine["cases:all"])
    for n, (written, value, text) in enumerate(CASES):
        assert (written, type(inside[f"k{n}"]), inside[f"k{n}"]) == (written, type(value), value)
        assert (written, engine[f"cases:k{n}"]) == (written, text)
    ours = read_files(reading.folder, "dev").config
    assert {key: ours[key] for key in engine if key != "cases:shared"} == {
        key: value for key, value in engine.items() if key != "cases:shared"
    } | {"cases:all": ours["cases:all"]}
    assert json.loads(ours["cases:all"]) == inside
    assert json.loads(ours["cases:shared"]) == json.loads(engine["cases:shared"])


STRUCTURES = {
    "aliases": "  a:x: &x {y: [1, 2], z: {w: 3}}\n  a:v: *x\n  a:list: [*x, 5]\n",
    "merge keys": "  a:x: &x {p: 1, q: 2}\n  a:y: {<<: *x, q: 3}\n  a:z: {<<: [{q: 9}, *x]}\n",
    "a merge key at the top": "  <<: {a:x: 1, a:y: 2}\n  a:y: 3\n",
    "an anchor set anew": "  a:x: &x one\n  a:y: *x\n  a:z: &x two\n  a:w: *x\n",
    "numbers as keys": "  a:x: {8080: web, 1.5: half, true: t}\n",
    "nothing": "  a:x:\n  a:y: ~\n  a:z: {w: null, v: ~, u: }\n  a:l: [null, 1]\n",
    "the old form of a key": "  a:config:x: 5\n",
    "a key of the project": "  x: 5\n  y: {z: [1]}\n",
    "block text": "  a:x: |\n    one\n    two\n  a:y: >-\n    one\n    two\n",
    "tags": "  a:x: {a: !!str 5, b: !own 6, c: !!binary aGk=}\n",
    "unicode": "  a:x: {é: \"\\u00e9\\n\", b: ü, c: '<&>'}\n",
    "an encrypted-looking mapping": "  a:x: {secure: 5}\n  a:y: {secure: x, other: y}\n",
    "empty things": '  a:x: {}\n  a:y: []\n  a:z: ""\n',
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_structures_are_read_as_the_engine_reads_them(reading: Reading, name: str) -> None:
    reading.write(STRUCTURES[name])
    engine = reading.config()
    ours = read_files(reading.folder, "dev").config
    assert ours.keys() == engine.keys()
    for key, text in ours.items():
        assert text == engine[key] or json.loads(text) == json.loads(engine[key])


def test_values_of_the_project_file_reach_the_program_alike(reading: Reading) -> None:
    shared = (
        "config:\n"
        "  aws:region: eu-west-1\n"
        "  trellis:system: {value: {name: shop, network: {zones: 2}, tags: &t {a: b}}}\n"
        "  trellis:tags: {value: *t}\n"
        "  own: {type: string, default: x}\n"
        "  pulumi:disable-default-providers: [aws]\n"
    )
    reading.write("  trellis:environment: dev\n", shared)
    engine = reading.config()
    ours = read_files(reading.folder, "dev").config
    assert ours.keys() == engine.keys()
    assert all(
        ours[key] == engine[key] or json.loads(ours[key]) == json.loads(engine[key]) for key in ours
    )
    loaded = reading.loaded()
    assert loaded.settings.name == "shop"
    assert loaded.sources["region",] == Source("shared system", "Pulumi.yaml", 4, 15)
    assert loaded.sources["network", "zones"].file == "Pulumi.yaml"


VALID = "  aws:region: us-east-1\n  trellis:name: shop\n  trellis:environment: dev\n"


def test_pulumi_config_set_reaches_the_settings(reading: Reading) -> None:
    reading.write(VALID)
    reading.pulumi("config", "set", "--path", "trellis:network.zones", "2")
    reading.pulumi("config", "set", "--path", "trellis:tags.Team", "shop")
    loaded = reading.loaded()
    assert loaded.settings.network is not None
    assert loaded.settings.network.zones == 2
    assert loaded.sources["network", "zones"].file == "Pulumi.dev.yaml"
    assert loaded.settings.tags == {"Team": "shop"}


def test_an_encrypted_value_parses_without_a_passphrase_and_is_refused_alike(
    reading: Reading,
) -> None:
    reading.write(VALID)
    reading.pulumi("config", "set", "--secret", "--path", "trellis:tags.Password", "hunter2")
    files = read_files(reading.folder, "dev")
    assert json.loads(files.config["trellis:tags"]) == {"Password": ENCRYPTED}
    engine = reading.config()
    assert json.loads(engine["trellis:tags"]) == {"Password": "hunter2"}
    assert alike(json.loads(files.config["trellis:tags"]), json.loads(engine["trellis:tags"]))
    with pytest.raises(automation.CommandError) as caught:
        reading.loaded()
    assert "an encrypted value (`secure:`)" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_another_config_file_is_what_counts(reading: Reading) -> None:
    reading.write(VALID + "  trellis:tags: {a: 2027-03-31}\n")
    other = reading.folder / "other.yaml"
    other.write_text("config:\n" + VALID.replace("dev", "test") + reading.salt, encoding="utf-8")
    loaded = reading.loaded(config_file=str(other))
    assert loaded.settings.environment == "test"
    assert loaded.settings.tags == {}
    assert loaded.sources["environment",] == Source("pulumi config")
    assert loaded.sources["name",].file == "Pulumi.dev.yaml"


REFUSED_BY_BOTH = {
    "a doubled key": "config:\n  a:x: 1\n  a:x: 2\n",
    "broken YAML": "config:\n  a:x: [1\n",
    "an unknown alias": "config:\n  a:x: *nowhere\n",
    "an alias in itself": "config:\n  a:x: &x [*x]\n",
    "a tab": "config:\n\ta:x: 1\n",
    "a list at the top": "- config\n",
    "no UTF-8": b"config:\n  a:x: \xff\n",
    "an infinite number": "config:\n  a:x: .inf\n",
    "a wrong tag": "config:\n  a:x: !!int abc\n",
    "too many colons": "config:\n  a:b:c: 1\n",
}


@pytest.mark.parametrize("name", REFUSED_BY_BOTH)
def test_what_the_engine_can_not_read_we_refuse(reading: Reading, name: str) -> None:
    text = REFUSED_BY_BOTH[name]
    reading.file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(automation.CommandError):
        reading.config()
    with pytest.raises(StackFileError) as caught:
        read_stack(reading.folder, "dev")
    assert any(problem.source and problem.source.line for problem in caught.value.problems)
