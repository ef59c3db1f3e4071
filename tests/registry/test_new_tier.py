"""A new tier is one folder, one field of the settings and one line of the assembly's order.

A tier of video streams is put into a copy of the checkout: its folder, its samples, its field, its
line, and its kind of `uses:`. Everything else follows from its declaration: it is planned, priced,
drawn, linked, told of and checked. Whatever is left out of it is refused at start, or named by a
test that says where it belongs.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from testing.checkout import Checkout
from tests.conftest import ROOT

pytestmark = pytest.mark.long

TIER = Path(__file__).with_name("video_tier")

EDITS = {
    "trellis/stackfile/settings.py": (
        (
            "from components.table.settings import TableSettings\n",
            "from components.table.settings import TableSettings\n"
            "from components.video.settings import VideoSettings\n",
        ),
        (
            "    streams: dict[Key,",
            "    videos: dict[Key, VideoSettings] = "
            "Field(default_factory=dict[str, VideoSettings])\n"
            '    """Video streams by name."""\n'
            "    streams: dict[Key,",
        ),
    ),
    "trellis/assembly.py": (('"file_systems")', '"file_systems", "videos")'),),
    "components/parts/uses.py": (
        (
            "    stream: Key | None = None\n",
            "    video: Key | None = None\n"
            '    """Key of a video stream of this stack file."""\n'
            "    stream: Key | None = None\n",
        ),
    ),
}
"""All that is changed outside its folder; the last only because it offers something."""

PROJECT = """
name: shop
runtime: python
main: ..
config:
  trellis:system:
    value:
      name: shop
      account: "123456789012"
"""

STACK: dict[str, Any] = {
    "environment": "dev",
    "network": {"cidr": "10.0.0.0/16", "zones": 2, "nat": "single"},
    "buckets": {"pictures": {}},
    "videos": {"door": {"retentionHours": 48, "stills": "pictures"}},
    "services": {
        "viewer": {
            "image": {"uri": f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/v@sha256:{'0' * 64}"},
            "uses": [{"video": "door"}],
        }
    },
}


def add_tier(checkout: Checkout) -> None:
    shutil.copytree(TIER / "video", checkout.root / "components" / "video")
    shutil.copy(TIER / "samples.py", checkout.root / "testing" / "samples" / "video.py")
    for file, changes in EDITS.items():
        for before, after in changes:
            checkout.change(file, before, after)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    copy = Checkout.copied(tmp_path_factory.mktemp("checkout"))
    add_tier(copy)
    shop = copy.root / "shop"
    shop.mkdir()
    (shop / "Pulumi.yaml").write_text(PROJECT.lstrip())
    alone = {"environment": "dev", "videos": {"door": {}}}
    for stack, settings in (("dev", STACK), ("alone", alone)):
        config = {
            "aws:region": "eu-west-1",
            **{f"trellis:{key}": settings[key] for key in settings},
        }
        (shop / f"Pulumi.{stack}.yaml").write_text(json.dumps({"config": config}))
    return copy


def test_it_is_planned_with_what_follows_from_its_use(checkout: Checkout):
    planned = json.loads(checkout.trellis("plan", "dev", "--json", "--full"))
    resources = {resource["urn"].split("::", 2)[2]: resource for resource in planned["resources"]}
    (video,) = [found for urn, found in resources.items() if urn.endswith("VideoStream::door")]
    assert video["inputs"]["name"] == "shop-dev-door"
    assert video["inputs"]["dataRetentionInHours"] == 48
    text = json.dumps(planned)
    assert "kinesisvideo:GetMedia" in text
    assert "DOOR_VIDEO" in text
    assert "PutMedia.ErrorAckCount" in text


def test_it_is_priced_drawn_reached_and_explained(checkout: Checkout):
    price = json.loads(checkout.trellis("price", "dev", "--json"))
    assert any(row["what"] == "pictures put" for row in price["notPriced"])  # no figure of it
    assert "has no rule" not in json.dumps(price)
    drawn = checkout.trellis("diagram", "dev")
    assert "M2 5h9v8H2zM11 8l5-3v8l-5-3" in drawn
    reached = json.loads(checkout.trellis("reach", "dev", "--json"))
    assert "videos.door" in json.dumps(reached)
    assert "How long pictures can be seen again" in checkout.trellis(
        "explain", "dev", "videos.door.retentionHours"
    )


def test_it_is_checked_and_its_names_and_references_are(checkout: Checkout):
    stack = checkout.root / "shop" / "Pulumi.dev.yaml"
    right = stack.read_text()
    try:
        stack.write_text(right.replace('"retentionHours": 48', '"retentionHours": 0'))
        done = checkout.python("-m", "trellis.cli.main", "plan", "dev", folder="shop")
        assert "at least 1 in production" in done.stdout + done.stderr
        renamed = right.replace('{"pictures": {}}', '{"photos": {"formerly": "pictures"}}')
        stack.write_text(renamed.replace('"stills": "pictures"', '"stills": "photos"'))
        assert "photos" not in checkout.trellis("plan", "dev")
    finally:
        stack.write_text(right)


def test_the_tests_of_all_tiers_take_it_in(checkout: Checkout):
    done = checkout.tests(
        "tests/registry/test_declarations.py",
        "tests/registry/test_beside.py",
        "tests/registry/test_samples.py",
        "tests/components/test_naming.py",
        "tests/components/services/test_variables.py",
        "tests/price/test_types.py",
        "-m",
        "not long",
    )
    assert done.returncode == 0, done.stdout
    assert checkout.tests("tests/registry/test_samples.py", "-k", "video").returncode == 0


DECLARATION = "components/video/declaration.py"
START = ("-c", "import trellis.stackfile.settings")
BESIDE = ("-m", "pytest", "-n", "0", "-q", "--tb=short", "tests/registry/test_beside.py")
DECLARED = ("-m", "pytest", "-n", "0", "-q", "--tb=short", "tests/registry/test_declarations.py")
SAMPLED = ("-m", "pytest", "-n", "0", "-q", "--tb=short", "tests/registry/test_samples.py")
TYPE = "aws:kinesis/videoStream:VideoStream"

LEFT_OUT: dict[str, tuple[str, str | None, str, tuple[str, ...], str]] = {
    # what: file, text (None for the file), what stands there instead, command, what it says
    "the declaration": (DECLARATION, None, "", START, "components/video has no declaration.py"),
    "its field": (DECLARATION, 'field="videos",', "", START, "declared without `field`"),
    "its settings": (
        DECLARATION, "settings=VideoSettings,", "", START,
        "the tier videos is declared without `settings`",
    ),
    "its components": (
        DECLARATION, '"trellis:video:Video": Shown(', '"trellis:video:Film": Shown(',
        DECLARED, "test_a_package_declares_every_component",
    ),
    "its glyph": (
        DECLARATION, 'glyph="M2 5h9v8H2zM11 8l5-3v8l-5-3",', "", DECLARED, "has `glyph`",
    ),
    "its type": (
        DECLARATION, f'"{TYPE}": Resource(', '"aws:kinesis/stream:Film": Resource(',
        DECLARED, "test_a_package_declares_every_type",
    ),
    "its name's uniqueness": (
        DECLARATION, 'unique=Unique("region", ("name",)),', "", DECLARED, "has a name",
    ),
    "its maker": (
        DECLARATION, "make=_make,", "", ("-c", "import trellis.assembly"),
        "the tier videos stands in the order of trellis/assembly.py, and its declaration",
    ),
    "its offer": (DECLARATION, "offer=OFFER,", "", START, "no tier offers ['video']"),
    "an access": (
        "components/video/links.py", "accesses=tuple(ACCESSES),", "accesses=(),",
        DECLARED, "test_an_offer_is_whole",
    ),
    "its keys": (
        DECLARATION, "keys=frozenset({Domain.DATA}),", "", START,
        "the tier videos is declared without `keys`",
    ),
    "its key": (
        DECLARATION, "keys=frozenset({Domain.DATA}),", "keys=frozenset(),",
        ("shop", "plan", "alone"),
        "the tier videos takes the key of data, which its declaration does not name in `keys`",
    ),
    "its simulation": ("components/video/simulated.py", None, "", BESIDE, "simulated.py lacks"),
    "its operation": ("components/video/operations.py", None, "", BESIDE, "operations.py lacks"),
    "its price": ("components/video/prices.py", None, "", BESIDE, "prices.py lacks"),
    "its samples": (
        "testing/samples/video.py", None, "", SAMPLED, "testing/samples/video.py lacks",
    ),
    "its field in the settings": (
        "trellis/stackfile/settings.py", EDITS["trellis/stackfile/settings.py"][1][1],
        "    streams: dict[Key,", START, "no field takes ['videos']",
    ),
    "its kind in uses": (
        "components/parts/uses.py", EDITS["components/parts/uses.py"][0][1],
        "    stream: Key | None = None\n", START, "no field takes ['video']",
    ),
    "its line in the order": (
        "trellis/assembly.py", ', "videos")', ")", DECLARED,
        "test_a_tier_that_its_declaration_makes",
    ),
}  # fmt: skip


@pytest.fixture
def left_out(checkout: Checkout, request: pytest.FixtureRequest) -> Iterator[str]:
    """The copy without one part of the tier."""
    file, text, instead, *_ = LEFT_OUT[request.param]
    with checkout.without(file, text, instead):
        yield request.param


@pytest.mark.parametrize(
    "left_out",
    [
        pytest.param(left_out, marks=pytest.mark.minutes if number % 3 else ())
        for number, left_out in enumerate(LEFT_OUT)
    ],
    indirect=True,
)
def test_what_is_left_out_is_named(checkout: Checkout, left_out: str):
    *_, command, message = LEFT_OUT[left_out]
    if command[0] == "shop":
        done = checkout.python("-m", "trellis.cli.main", *command[1:], folder="shop")
    else:
        done = checkout.python(*command)
    assert done.returncode != 0, done.stdout
    assert message in done.stdout + done.stderr, done.stdout + done.stderr


def test_the_page_names_every_file_that_a_new_tier_has_or_changes():
    page = (ROOT / "docs" / "adding-a-tier.md").read_text()
    parts = {file.name for file in (TIER / "video").glob("*.py")} - {"video.py", "links.py"}
    for part in (*parts, *EDITS, "testing/samples/<package>.py"):
        assert part in page, part
    named = re.findall(r"`((?:components|trellis)/[\w/]+\.py)`", page)
    assert set(named) - set(EDITS) <= READ, "a file to change that the synthetic tier does not need"


READ = {
    "components/contracts.py",
    "components/naming.py",
    "components/tags.py",
    "components/parts/identifiers.py",
    "components/parts/resources.py",
    "trellis/registry.py",
    "trellis/tiers/used.py",
    "components/table/declaration.py",
    "trellis/stackfile/usage.py",
}
"""Files on the page that are read, or changed only for what several packages share or a person may
state."""
