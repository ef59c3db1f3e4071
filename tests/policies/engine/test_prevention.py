"""Through the real engine: an update makes nothing that a preventing control refuses."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pulumi_aws as aws
import pytest
from pulumi import automation
from unsafe import UNSAFE, Unsafe, harmless, resting_key

from tests.engine.engine import Engine, EngineError, EngineStack, running
from tests.engine.provider import serving

pytestmark = pytest.mark.engine
ROOT = Path(__file__).parents[3]
PACK = ROOT / "policies"
KEY = "aws:kms/key:Key"
ADDRESS = "aws:ec2/eip:Eip"
HINT = "hunter2"


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running(tmp_path_factory.mktemp("engine")) as made:
        yield made


@pytest.fixture
def deployed(
    engine: Engine, tmp_path: Path
) -> Iterator[Callable[[Callable[[], None]], EngineStack]]:
    """Makes a stack of a small program."""
    with serving() as (cloud, port):

        def make(program: Callable[[], None]) -> EngineStack:
            (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
            (tmp_path / "Pulumi.dev.yaml").write_text("config: {aws:region: us-east-1}\n")
            (tmp_path / "state").mkdir()
            stack = automation.create_stack(
                "dev",
                program=program,
                project_name="small",
                opts=automation.LocalWorkspaceOptions(
                    work_dir=str(tmp_path),
                    env_vars={
                        "PULUMI_BACKEND_URL": f"file://{tmp_path}/state",
                        "PULUMI_CONFIG_PASSPHRASE": "engine-tests",
                        "PULUMI_DEBUG_PROVIDERS": f"aws:{port}",
                        "PULUMI_HOME": str(tmp_path / "home"),
                        "PULUMI_SKIP_UPDATE_CHECK": "true",
                    },
                ),
            )
            return EngineStack(stack, tmp_path, cloud)

        yield make


@pytest.mark.parametrize("unsafe", UNSAFE, ids=[one.control for one in UNSAFE])
def test_an_update_makes_nothing_that_a_preventing_control_refuses(
    deployed: Callable[[Callable[[], None]], EngineStack], unsafe: Unsafe
):
    stack = deployed(unsafe.program)
    with pytest.raises(EngineError) as refused:
        stack.up(pack=PACK)
    assert f"[{unsafe.control}]" in str(refused.value)
    assert HINT not in str(refused.value)
    made = {type_ for type_, _ in stack.aws.cloud}
    assert unsafe.offending not in made, "the pack spoke after the resource was made"


def test_the_same_pack_lets_a_harmless_program_through(
    deployed: Callable[[Callable[[], None]], EngineStack],
):
    stack = deployed(lambda: (harmless(), None)[1])
    stack.up(pack=PACK)
    assert {type_ for type_, _ in stack.aws.cloud} == {ADDRESS}


def test_a_level_in_the_packs_configuration_turns_a_refusal_into_advice(
    deployed: Callable[[Callable[[], None]], EngineStack],
):
    stack = deployed(resting_key)
    outcome = stack.up(pack=PACK, pack_config={"guardrails": {"controls": {"KMS.4": "advisory"}}})
    assert KEY in {type_ for type_, _ in stack.aws.cloud}
    assert any("[KMS.4]" in violation.message for violation in outcome.violations)


def in_a_year() -> str:
    """An end date that the pack accepts: at most 400 days ahead."""
    return (date.today() + timedelta(days=365)).isoformat()


def test_an_exemption_in_the_packs_configuration_lets_one_resource_through(
    deployed: Callable[[Callable[[], None]], EngineStack],
):
    stack = deployed(resting_key)
    exemption = {
        "control": "KMS.4",
        "resource": "main",
        "reason": "the key only opens old archives",
        "owner": "platform",
        "until": in_a_year(),
    }
    stack.up(pack=PACK, pack_config={"guardrails": {"exemptions": [exemption]}})
    assert KEY in {type_ for type_, _ in stack.aws.cloud}


def test_an_exemption_that_matches_nothing_stops_the_update(
    deployed: Callable[[Callable[[], None]], EngineStack],
):
    stack = deployed(lambda: (harmless(), None)[1])
    exemption = {
        "control": "RDS.5",
        "resource": "gone",
        "reason": "single zone is enough",
        "owner": "platform",
        "until": in_a_year(),
    }
    with pytest.raises(EngineError, match="matches no resource that the control judges"):
        stack.up(pack=PACK, pack_config={"guardrails": {"exemptions": [exemption]}})


def open_block() -> None:
    harmless()
    aws.s3.BucketPublicAccessBlock("site", bucket="app-site", block_public_acls=False)


def test_a_remediation_that_is_turned_on_repairs_the_resource_before_it_is_made(
    deployed: Callable[[Callable[[], None]], EngineStack],
):
    stack = deployed(open_block)
    stack.up(pack=PACK, pack_config={"remediate-public-access": "remediate"})
    (block,) = (made for urn, made in stack.state().items() if "PublicAccessBlock" in urn)
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert {name: block["inputs"].get(name) for name in flags} == dict.fromkeys(flags, True)
