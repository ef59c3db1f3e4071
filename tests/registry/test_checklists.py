"""What CONTRIBUTING's checklists ask for a new control or setting is what tests ask for.

Of a control that there is, each item of the list is left out in a copy of the checkout; a setting
without one of its items is put into one. A test names what is missing.
"""

from __future__ import annotations

import re

import pytest

from testing.checkout import Checkout
from tests.conftest import ROOT

pytestmark = pytest.mark.long

CONTROL = "SageMaker.1"

FIXTURE = """SageMaker.1:
  pass: [{notebook lab: {directInternetAccess: Disabled}}]
  fail: [{notebook lab: {}}, {notebook lab: {directInternetAccess: Enabled}}]
  unknown: [{notebook lab: {directInternetAccess: "?"}}]
  not applicable: [{model m: {}}]
"""

OF_A_CONTROL: dict[str, tuple[str, str, str, str]] = {
    # item: file, what is left out, tests that ask for it, what they say
    "frameworks": (
        "policies/guardrails/frameworks.py",
        '    "SageMaker.1": _row("SageMaker.1", _PUBLIC, "1.4.4"),\n',
        "tests/policies/test_frameworks.py",
        CONTROL,
    ),
    "cases": (
        "tests/policies/fixtures/notebooks.yaml",
        FIXTURE,
        "tests/policies/test_fixtures.py",
        f"it_can_end_in[{CONTROL}]",
    ),
    "change of a real stack": (
        "tests/policies/mutations/own_code.yaml",
        "",
        "tests/policies/test_control_mutations.py::"
        "test_every_control_has_a_change_that_it_fails_and_that_would_go_unseen_without_it",
        CONTROL,
    ),
    "severity": (
        "tests/policies/security_hub.yaml",
        "",
        "tests/policies/test_frameworks.py",
        CONTROL,
    ),
    "reference": (
        "policies/guardrails/controls/notebooks.py",
        "Notebooks have no direct way to the internet",
        "tests/policies/test_reference.py",
        "run python -m policies.guardrails.table docs/controls.md",
    ),
}
"""A control's items by what they say; where no text stands, the row of its id."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return Checkout.copied(tmp_path_factory.mktemp("checkout"))


@pytest.mark.parametrize("element", OF_A_CONTROL)
def test_an_item_of_a_control_that_is_left_out_is_named(checkout: Checkout, element: str):
    file, text, tests, message = OF_A_CONTROL[element]
    row = re.compile(rf"^{re.escape(CONTROL)}:.*\n(?: .*\n)*", re.MULTILINE)
    found = row.search((checkout.root / file).read_text())
    left_out = text or (found[0] if found else "")
    with checkout.without(file, left_out, "otherwise" if element == "reference" else ""):
        done = checkout.tests(tests)
    assert done.returncode == 1, done.stdout
    assert message in done.stdout, done.stdout


QUEUE = '    """An SQS queue with its dead-letter queue."""\n\n'
LOUD = '    rather_loud: bool = False\n    """Whether everybody hears it."""\n'
OF_A_SETTING: dict[str, tuple[str, str, str]] = {
    # item: a first setting of a queue, tests that ask for it, what they say
    "docstring": (
        "    rather_loud: bool = False\n",
        "tests/stackfile/test_schema.py::test_every_row_of_the_reference_says_what_the_setting_is",
        "ratherLoud",
    ),
    "effect": (LOUD, "tests/stackfile/test_settings_are_read.py", "QueueSettings.rather_loud"),
    "reference": (
        LOUD,
        "tests/stackfile/test_schema.py::test_the_generated_files_are_current",
        "run `make docs`",
    ),
}


@pytest.mark.parametrize("left_out", OF_A_SETTING)
def test_an_item_of_a_setting_that_is_left_out_is_named(checkout: Checkout, left_out: str):
    field, tests, message = OF_A_SETTING[left_out]
    with checkout.without("components/messaging/settings.py", QUEUE, QUEUE + field):
        done = checkout.tests(tests)
    assert done.returncode == 1, done.stdout
    assert message in done.stdout, done.stdout


CHECK_LEFT_OUT = {
    "of its module": ("trellis/stackfile/usage_checks.py", "    tasks_beyond_scaling,\n"),
    "of all": ("trellis/stackfile/checks.py", "    *usage_checks.CHECKS,\n"),
}
"""File, and what is left out of it."""


@pytest.mark.parametrize("left_out", CHECK_LEFT_OUT)
def test_a_check_of_the_whole_file_that_is_left_out_is_named(checkout: Checkout, left_out: str):
    file, text = CHECK_LEFT_OUT[left_out]
    with checkout.without(file, text):
        done = checkout.tests("tests/stackfile/test_checks_are_run.py")
    assert done.returncode == 1, done.stdout
    assert "CHECKS of trellis/stackfile/usage_checks.py" in done.stdout, done.stdout


def test_both_lists_say_where_a_check_of_the_whole_file_stands():
    for page in ("CONTRIBUTING.md", "docs/adding-a-tier.md"):
        text = " ".join((ROOT / page).read_text().split())
        assert "`CHECKS` of its module in `trellis/stackfile`" in text, page


def test_the_lists_name_each_file_that_tests_ask_for():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    lists = text[text.index("## Adding a setting") : text.index("## Releasing")]
    named = set(re.findall(r"`((?:components|policies|tests|docs|trellis)/[\w/.]+)`", lists))
    for place in named:
        assert (ROOT / place).exists(), place
    for file, *_ in OF_A_CONTROL.values():
        assert any(file.startswith(place) for place in named), f"{file} is on no list"
    assert named == {
        "components/messaging/settings.py",
        "trellis/stackfile",
        "docs/reference.md",
        "docs/trellis.schema.json",
        "policies/guardrails/controls",
        "policies/guardrails/frameworks.py",
        "tests/policies/fixtures",
        "tests/policies/mutations",
        "tests/policies/security_hub.yaml",
        "docs/controls.md",
        "tests/registry/test_checklists.py",
    }, "what is on a list is left out by a test here"
