"""`trellis lookup` asks AWS (moto, here) and writes what a plan can't know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID

from tests.stackfile.conftest import BY_TAG, REGION, Stack, aws_session, found
from trellis.cli.lookup import lookup
from trellis.cli.main import WRONG_INPUT, main
from trellis.stackfile.context import Context, context_file, context_text, read_context
from trellis.stackfile.looking_up import look_up
from trellis.stackfile.problems import StackFileError, dotted
from trellis.tiers.lookups import wanted_of

pytestmark = pytest.mark.long


def test_this_stack_s_own_subnets_are_recorded_by_tier_and_zone(stack: Stack, aws: Any) -> None:
    vpc = aws.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    for stack_name, number in (("dev", 1), ("prod", 2)):
        subnet = aws.create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}b"
        )["Subnet"]["SubnetId"]
        tags = {"System": "shop", "Environment": "dev", "Stack": stack_name,
                "ManagedBy": "Trellis", "Tier": "private"}  # fmt: skip
        aws.create_tags(Resources=[subnet], Tags=[{"Key": k, "Value": v} for k, v in tags.items()])
    assert found(stack).subnets == {"private-b": "10.0.1.0/24"}


def test_the_region_s_zones_and_the_hosted_zones_are_recorded(stack: Stack, aws: Any) -> None:
    route53 = aws_session(profile_name=None, region_name=REGION).client("route53")
    made = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    for reference in ("2", "3"):
        route53.create_hosted_zone(Name="twice.com", CallerReference=reference)
    context = found(stack)
    assert context.zones[REGION][:2] == ("us-east-1a", "us-east-1b")
    assert context.hosted_zones == {"example.com": made.rsplit("/", 1)[-1]}
    assert context.looked_up is not None


SERVICES = """\
  trellis:network: {zones: 2}
  trellis:secrets: {stripe: {}, mail: {}}
  trellis:services:
    api:
      image: {repository: app, tag: "7"}
      uses: [{secret: stripe, as: STRIPE}, {secret: mail, as: MAIL}]
    other: {image: {repository: app, tag: "8"}}
    third: {image: {repository: elsewhere, tag: "1"}}
"""


def test_digests_of_tags_and_which_secrets_have_values_are_recorded(
    stack: Stack, aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    session = aws_session(profile_name=None, region_name=REGION)
    ecr, secrets = session.client("ecr"), session.client("secretsmanager")
    ecr.create_repository(repositoryName="shop-dev-app")
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "layers": []})
    ecr.put_image(repositoryName="shop-dev-app", imageManifest=manifest, imageTag="7")
    (pushed,) = ecr.describe_images(repositoryName="shop-dev-app")["imageDetails"]
    secrets.create_secret(Name="shop/dev/stripe", SecretString="never read")
    stack.write(SERVICES)

    assert main(["lookup", "dev", "--project", str(stack.folder)]) == 0

    context = read_context(context_file(stack.folder / "Pulumi.dev.yaml", "dev"))
    assert context.images == {"shop-dev-app:7": pushed["imageDigest"]}
    assert context.secrets == ("shop/dev/stripe",)
    assert "never read" not in context_file(stack.folder / "Pulumi.dev.yaml", "dev").read_text()
    assert capsys.readouterr().err.splitlines() == [
        "not there yet: the image shop-dev-app:8",
        "not there yet: the image shop-dev-elsewhere:1",
        "not there yet: a value of the secret shop/dev/mail",
    ]


def test_another_account_s_answers_are_refused_unless_they_are_an_example_s(
    stack: Stack,
) -> None:
    images = {"shop-dev-app:7": "sha256:" + "0" * 64}
    file = context_file(stack.folder / "Pulumi.dev.yaml", "dev")
    stack.write('  trellis:account: "999999999999"\n')

    file.write_text(context_text(Context(account="123456789012", images=images)))
    problem = stack.problem()
    assert problem.path == ("account",)
    assert "looked up in 123456789012" in str(problem)
    assert "run `trellis lookup`" in problem.hint

    file.write_text(context_text(Context(account="123456789012", images=images, example=True)))
    assert stack.load().context.images == {}, "made up for another account: nobody knows"

    stack.write('  trellis:account: "123456789012"\n')
    assert stack.load().context.images == images


def test_another_account_s_credentials_are_refused(stack: Stack, aws: Any) -> None:
    stack.write('  trellis:account: "999999999999"\n')
    with pytest.raises(StackFileError, match="credentials of 999999999999"):
        lookup(stack.folder, "dev")


def test_without_credentials_the_command_says_so(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(stack.folder / "nothing"))
    assert main(["lookup", "dev", "--project", str(stack.folder)]) == WRONG_INPUT
    assert "no AWS credentials" in capsys.readouterr().err


def test_a_profile_that_is_not_configured_is_told(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(stack.folder / "nothing"))
    stack.write("  trellis:provider: {profile: unheard-of}\n")
    assert main(["lookup", "dev", "--project", str(stack.folder)]) == WRONG_INPUT
    assert "unheard-of" in capsys.readouterr().err


def test_a_failed_lookup_leaves_the_earlier_file(stack: Stack, aws: Any) -> None:
    file, _ = lookup(stack.folder, "dev")
    before = file.read_text()
    stack.write(BY_TAG)
    with pytest.raises(StackFileError):
        lookup(stack.folder, "dev")
    assert file.read_text() == before
    assert sorted(path.name for path in stack.folder.iterdir()) == [
        "Pulumi.dev.yaml",
        "Pulumi.yaml",
        "trellis.dev.context.json",
    ]


TAKEN = """\
  trellis:tables:
    orders: {partitionKey: {name: number}, physicalName: Orders, adopt: Orders}
    gone: {partitionKey: {name: id}, physicalName: Gone, adopt: Gone}
  trellis:databases:
    main: {engine: postgres, version: "16", physicalName: shop-db, adopt: shop-db}
    lake: {engine: aurora-postgresql, version: "16", physicalName: lake-db, adopt: lake-db}
  trellis:caches:
    sessions: {physicalName: old-cache, adopt: old-cache}
  trellis:repositories:
    web: {name: shop/web, adopt: shop/web}
  trellis:buckets:
    files: {bucketName: files-2019, adopt: files-2019}
  trellis:userPools:
    people: {adopt: POOL, physicalName: People}
  trellis:loadBalancers:
    front: {name: front, adopt: "BALANCER", certificates: [{arn: CERTIFICATE}]}
  trellis:network: {zones: 2}
"""


def test_what_can_t_change_of_what_is_taken_over_is_recorded(stack: Stack, aws: Any) -> None:
    session = aws_session(profile_name=None, region_name=REGION)
    subnets = [subnet["SubnetId"] for subnet in aws.describe_subnets()["Subnets"]][:2]
    session.client("dynamodb").create_table(
        TableName="Orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    rds = session.client("rds")
    rds.create_db_subnet_group(
        DBSubnetGroupName="old", DBSubnetGroupDescription="old", SubnetIds=subnets
    )
    rds.create_db_instance(
        DBInstanceIdentifier="shop-db",
        DBInstanceClass="db.t4g.medium",
        Engine="postgres",
        MasterUsername="root",
        MasterUserPassword="not-a-secret",
        DBName="shop",
        DBSubnetGroupName="old",
    )
    rds.create_db_cluster(
        DBClusterIdentifier="lake-db",
        Engine="aurora-postgresql",
        MasterUsername="admin2",
        MasterUserPassword="not-a-secret",
        DBSubnetGroupName="old",
    )
    session.client("elasticache").create_replication_group(
        ReplicationGroupId="old-cache",
        ReplicationGroupDescription="old",
        Engine="redis",
        AtRestEncryptionEnabled=True,
    )
    session.client("ecr").create_repository(repositoryName="shop/web")
    pool = session.client("cognito-idp").create_user_pool(
        PoolName="People", UsernameAttributes=["email"]
    )["UserPool"]["Id"]
    balancer = session.client("elbv2").create_load_balancer(Name="front", Subnets=subnets)
    arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    certificate = f"arn:aws:acm:{REGION}:{DEFAULT_ACCOUNT_ID}:certificate/" + "0" * 36
    text = TAKEN.replace("POOL", pool).replace("BALANCER", arn).replace("CERTIFICATE", certificate)
    stack.write(text)
    adopted = found(stack).adopted
    assert adopted["aws:dynamodb/table:Table Orders"] == {"name": "Orders", "hashKey": "id"}
    instance = adopted["aws:rds/instance:Instance shop-db"]
    assert (instance["username"], instance["dbName"]) == ("root", "shop")
    assert instance["storageEncrypted"] is False
    assert instance["dbSubnetGroupName"] == "old"
    assert adopted["aws:rds/cluster:Cluster lake-db"]["masterUsername"] == "admin2"
    assert adopted["aws:ecr/repository:Repository shop/web"]["name"] == "shop/web"
    people = adopted[f"aws:cognito/userPool:UserPool {pool}"]
    assert people == {"name": "People", "usernameAttributes": ["email"]}
    cache = adopted["aws:elasticache/replicationGroup:ReplicationGroup old-cache"]
    assert cache["atRestEncryptionEnabled"] is True
    front = adopted[f"aws:lb/loadBalancer:LoadBalancer {arn}"]
    assert front == {"name": "front", "internal": False, "loadBalancerType": "application"}
    assert not [key for key in adopted if "Gone" in key or "files-2019" in key]


def test_the_file_is_sorted_and_read_back_the_same(tmp_path: Path) -> None:
    context = Context(
        zones={"eu-west-1": ("eu-west-1a",), "af-south-1": ("af-south-1a",)},
        subnets={"z": "10.0.1.0/24", "a": "10.0.2.0/24"},
    )
    text = context_text(context)
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"
    (tmp_path / "context.json").write_text(text)
    assert read_context(tmp_path / "context.json") == context


def test_no_context_is_an_empty_one(tmp_path: Path) -> None:
    assert read_context(tmp_path / "none.json") == Context()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 2}', '{"zone": {}}', "\xff"])
def test_a_wrong_context_file_is_told_by_name(stack: Stack, text: str) -> None:
    (stack.folder / "trellis.dev.context.json").write_text(text, encoding="latin-1")
    problem = stack.problems()[0]
    assert problem.source is not None
    assert problem.source.file == "trellis.dev.context.json"
    assert "Input should" not in str(problem)


@pytest.mark.parametrize(
    ("code", "page"),
    [(200, b"<html><body>Sign in</body></html>"), (407, b"<html>denied</html>"), (200, b"{}")],
)
def test_a_page_that_something_between_answers_is_told(
    code: int, page: bytes, stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(code)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Proxy) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        folder = stack.folder
        assert main(["lookup", "dev", "--project", str(folder)]) == WRONG_INPUT
        server.shutdown()
    error = capsys.readouterr().err
    assert "allowed" in error
    assert not list(folder.glob("trellis.*.json"))


def test_the_lookup_asks_as_the_role_that_deployments_act_as(stack: Stack, aws: Any) -> None:
    role = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/deploy"
    stack.write(f"  trellis:provider: {{assumeRole: {{roleArn: '{role}', externalId: shop}}}}\n")
    asked: list[dict[str, Any]] = []

    def sign_in(**given: Any) -> boto3.Session:
        asked.append(given)
        return boto3.Session(**given)

    settings = stack.load().settings
    look_up(settings, "dev", wanted_of(settings), sign_in, datetime.now(UTC).date())
    assert asked[-1]["aws_session_token"]


def test_secrets_that_images_are_pulled_with_are_looked_up_too(stack: Stack):
    uri = f"registry.example.net/web@sha256:{'1' * 64}"
    sidecar = f"{{image: {{uri: '{uri}', credentials: hub}}}}"
    stack.write(
        "  trellis:secrets: {hub: {}, other: {}}\n"
        "  trellis:network: {}\n"
        "  trellis:services:\n"
        f"    web: {{image: {{uri: '{uri}'}}, sidecars: {{agent: {sidecar}}}}}\n"
    )
    (name,) = wanted_of(stack.load().settings).secrets
    assert name.endswith("/hub")


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ({"account": "12345"}, "account"),
        ({"images": {"shop:1": "sha256:12"}}, "images"),
        ({"hostedZones": {"shop.example": "/hostedzone/Z1"}}, "hostedZones"),
        ({"subnets": {"private-a": "10.0.0.1/24"}}, "subnets"),
        ({"zones": {"eu-west-1": ["a"]}}, "zones"),
        ({"concurrency": -1}, "concurrency"),
        ({"network": {"vpcId": "main", "cidr": "10.0.0.0/16"}}, "network.vpcId"),
    ],
)
def test_what_aws_never_answers_is_refused(
    tmp_path: Path, message: Mapping[str, object], path: str
) -> None:
    file = tmp_path / "trellis.dev.context.json"
    file.write_text(json.dumps({"version": 1, **message}))
    with pytest.raises(StackFileError) as refused:
        read_context(file)
    (problem,) = refused.value.problems
    assert dotted(problem.path).startswith(path)
