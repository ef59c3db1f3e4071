"""What each link really allows, decided by an evaluator that is not ours (iam-simulate).

For every producer and access: each action it is for, on its resource and through its service, and
at least twenty requests it must not allow: other actions, a sibling's resource, another key, the
key used directly or through another service, another sender.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pulumi
import pytest

from components.bucket.bucket import Bucket
from components.bucket.settings import BucketSettings
from components.contracts import AccountRegion, Domain, Link
from components.keys.policy import key_document
from components.mail.identity import MailIdentity
from components.mail.settings import MailSettings
from components.messaging.queue import Queue
from components.messaging.settings import QueueSettings, TopicSettings
from components.messaging.topic import Topic
from components.naming import Naming
from components.parts.role import service_role
from components.secrets.secret import Secret
from components.secrets.settings import GivenSecret
from tests.components.small_systems import ACCOUNT, REGION
from tests.node.programs import iam_allows
from trellis.planner.record import ProgramInput, record_program

pytestmark = pytest.mark.node

WHERE = AccountRegion(ACCOUNT, REGION)
NAMING = Naming("shop", "dev")
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-1111-4111-8111-111111111111"
OTHER_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/22222222-2222-4222-8222-222222222222"
KEY_POLICY = json.loads(str(key_document(list(Domain), (), WHERE)))
"""A key is used only where its own policy lets the account in, too."""
LEAST_DENIED = 20


@dataclass(frozen=True)
class Ask:
    """One request and what must come of it."""

    action: str
    resource: str
    allowed: bool
    context: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One producer and access, the requests it is for, and those it is not."""

    producer: str
    access: str
    allows: tuple[str, ...]
    resource: str
    others: tuple[str, ...]
    sibling: str
    service: str = ""
    """Through which the key is used; empty where there is no key."""
    key_actions: tuple[str, ...] = ()
    key_context: dict[str, str] = field(default_factory=dict)
    context: dict[str, str] = field(default_factory=dict)
    wrong: tuple[dict[str, str], ...] = ()
    """Contexts in which even the allowed actions are refused."""
    more: tuple[Ask, ...] = ()

    def asks(self) -> Iterator[Ask]:
        for action in self.allows:
            yield Ask(action, self.resource, True, self.context)
            yield Ask(action, self.sibling, False, self.context)
            for wrong in self.wrong:
                yield Ask(action, self.resource, False, wrong)
        for action in self.others:
            yield Ask(action, self.resource, False, self.context)
        yield from self.more
        yield from self._key_asks()

    def _key_asks(self) -> Iterator[Ask]:
        every = ("kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt", "kms:ScheduleKeyDeletion")
        through = {"kms:ViaService": f"{self.service}.{REGION}.amazonaws.com", **self.key_context}
        for action in every:
            yield Ask(action, KEY, action in self.key_actions, through)
            yield Ask(action, OTHER_KEY, False, through)
            yield Ask(action, KEY, False, {**self.key_context})
            elsewhere = {**through, "kms:ViaService": f"ec2.{REGION}.amazonaws.com"}
            yield Ask(action, KEY, False, elsewhere)
        for wrong in dict.fromkeys(self.key_context, "arn:aws:s3:::somebody-elses").items():
            for action in self.key_actions:
                yield Ask(action, KEY, False, {**through, **dict([wrong])})


OBJECT = "arn:aws:s3:::shop-dev-receipts/2026/1.pdf"
OBJECT_ACTIONS = (
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
    "s3:DeleteObjectVersion",
    "s3:PutObjectAcl",
    "s3:GetObjectVersion",
    "s3:PutObjectRetention",
    "s3:BypassGovernanceRetention",
    "s3:RestoreObject",
)
BUCKET_ARN = "arn:aws:s3:::shop-dev-receipts"
BUCKET_ACTIONS = (
    "s3:DeleteBucket",
    "s3:PutBucketPolicy",
    "s3:PutLifecycleConfiguration",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:ListBucketVersions",
    "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketPolicy",
)


def bucket_case(access: str, allows: tuple[str, ...], lists: bool, keys: tuple[str, ...]) -> Case:
    return Case(
        producer="bucket",
        access=access,
        allows=allows,
        resource=OBJECT,
        others=tuple(request for request in OBJECT_ACTIONS if request not in allows),
        sibling="arn:aws:s3:::shop-dev-receipts-2/2026/1.pdf",
        service="s3",
        key_actions=keys,
        key_context={"kms:EncryptionContext:aws:s3:arn": BUCKET_ARN} if keys else {},
        more=(
            Ask("s3:ListBucket", BUCKET_ARN, lists),
            Ask("s3:ListBucket", "arn:aws:s3:::shop-dev-assets", False),
            *(Ask(action, BUCKET_ARN, False) for action in BUCKET_ACTIONS),
        ),
    )


WRITES = ("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject")
BOTH = ("kms:Decrypt", "kms:GenerateDataKey")
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:shop-dev-jobs"
QUEUE_ACTIONS = (
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueUrl",
    "sqs:GetQueueAttributes",
    "sqs:PurgeQueue",
    "sqs:DeleteQueue",
    "sqs:SetQueueAttributes",
    "sqs:AddPermission",
    "sqs:StartMessageMoveTask",
)
SENDS = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage")
CONSUMES = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
)
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:shop-dev-news"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/dev/stripe-"
IDENTITY = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/desh.co"


def queue_case(access: str, allows: tuple[str, ...], keys: tuple[str, ...]) -> Case:
    return Case(
        producer="queue",
        access=access,
        allows=allows,
        resource=QUEUE,
        others=tuple(action for action in QUEUE_ACTIONS if action not in allows),
        sibling=f"{QUEUE}-dead-letters",
        service="sqs",
        key_actions=keys,
    )


CASES = (
    bucket_case("read", ("s3:GetObject",), True, ("kms:Decrypt",)),
    bucket_case("write", WRITES, False, BOTH),
    bucket_case("delete", ("s3:DeleteObject",), False, ()),
    bucket_case("readWrite", ("s3:GetObject", "s3:DeleteObject", *WRITES), True, BOTH),
    queue_case("send", SENDS, BOTH),
    queue_case("consume", CONSUMES, ("kms:Decrypt",)),
    Case(
        producer="topic",
        access="publish",
        allows=("sns:Publish",),
        resource=TOPIC,
        others=(
            "sns:Subscribe",
            "sns:SetTopicAttributes",
            "sns:DeleteTopic",
            "sns:AddPermission",
            "sns:GetTopicAttributes",
            "sns:ListSubscriptionsByTopic",
        ),
        sibling=f"{TOPIC}-2",
        service="sns",
        key_actions=BOTH,
    ),
    Case(
        producer="mail",
        access="send",
        allows=("ses:SendEmail", "ses:SendRawEmail"),
        resource=IDENTITY,
        others=(
            "ses:SendTemplatedEmail",
            "ses:SendBulkEmail",
            "ses:DeleteEmailIdentity",
            "ses:PutEmailIdentityDkimAttributes",
            "ses:GetEmailIdentity",
            "ses:PutEmailIdentityMailFromAttributes",
            "ses:TagResource",
        ),
        sibling=f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/other.co",
        context={"ses:FromAddress": "hello@desh.co"},
        wrong=({"ses:FromAddress": "hello@other.co"}, {"ses:FromAddress": "x@desh.co.uk"}, {}),
    ),
)


def links() -> dict[tuple[str, str], Link]:
    made = {
        "bucket": Bucket("receipts", BucketSettings(), naming=NAMING, where=WHERE, key_arn=KEY),
        "queue": Queue("jobs", QueueSettings(), naming=NAMING, where=WHERE, key_arn=KEY),
        "topic": Topic("news", TopicSettings(), naming=NAMING, where=WHERE, key_arn=KEY),
        "mail": MailIdentity("main", MailSettings(domain="desh.co"), naming=NAMING, where=WHERE),
        "secret": Secret("stripe", GivenSecret(), naming=NAMING, where=WHERE, key_arn=KEY),
    }
    accesses = [(case.producer, case.access) for case in CASES] + [("secret", "read")]
    return {(name, access): made[name].link(access) for name, access in accesses}


@pytest.fixture(scope="module")
def documents() -> dict[tuple[str, str], dict]:
    """The whole identity policy of each link, as AWS would get it."""
    names: dict[str, tuple[str, str]] = {}

    def program() -> None:
        for pair, link in links().items():
            name = "-".join(pair).lower()
            names[name] = pair
            service_role(
                name,
                physical_name=name,
                description="asks",
                service="ecs-tasks.amazonaws.com",
                grants=link.grants,
                opts=pulumi.ResourceOptions(),
            )

    given = ProgramInput("shop", "dev", {"aws:region": REGION, "trellis:account": ACCOUNT})
    recording = record_program(program, given, "deployed")
    return {
        names[resource.name]: json.loads(resource.inputs["policy"])
        for resource in recording.of_type("aws:iam/rolePolicy:RolePolicy")
    }


def secret_case(document: dict) -> Case:
    """Secrets Manager ends the ARN in characters of its own, so it is read from the document."""
    arn = document["Statement"][0]["Resource"]
    assert arn.startswith(SECRET)
    return Case(
        producer="secret",
        access="read",
        allows=("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"),
        resource=arn,
        others=(
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecret",
            "secretsmanager:DeleteSecret",
            "secretsmanager:RotateSecret",
            "secretsmanager:PutResourcePolicy",
            "secretsmanager:UpdateSecretVersionStage",
        ),
        sibling=arn.replace("stripe", "sendgrid"),
        service="secretsmanager",
        key_actions=("kms:Decrypt",),
        key_context={"kms:EncryptionContext:SecretARN": arn},
    )


CONTEXT = re.compile(r"kms:EncryptionContext:[A-Za-z0-9:]+")
STAND_IN = "kms:RequestAlias"


def renamed(value: object) -> object:
    """The same with the one encryption context key called by another name.

    iam-simulate 0.1.173 takes every `kms:EncryptionContext:...` for one key without a name and
    lets none of them match. The stand-in is a text key of the same actions, and each document has
    one encryption context key at most, so nothing else changes.
    """
    return json.loads(CONTEXT.sub(STAND_IN, json.dumps(value)))


def decided(document: dict, asks: list[Ask]) -> list[bool]:
    """Whether each request is allowed, says iam-simulate."""
    assert len(set(CONTEXT.findall(json.dumps(document)))) <= 1
    cases = [
        {
            "account": ACCOUNT,
            "action": ask.action,
            "resource": ask.resource,
            "context": renamed(ask.context),
            "identity": [renamed(document)],
            "resourcePolicy": KEY_POLICY if ":kms:" in ask.resource else None,
        }
        for ask in asks
    ]
    return iam_allows(cases)


@pytest.mark.parametrize(
    "pair",
    [*((case.producer, case.access) for case in CASES), ("secret", "read")],
    ids="-".join,
)
def test_a_link_allows_what_it_is_for_and_nothing_else(documents, pair):
    document = documents[pair]
    by_pair = {(case.producer, case.access): case for case in CASES}
    case = by_pair.get(pair) or secret_case(document)
    asks = list(case.asks())
    verdicts = decided(document, asks)
    wrong = [ask for ask, allowed in zip(asks, verdicts, strict=True) if allowed != ask.allowed]
    assert wrong == []
    assert sum(ask.allowed for ask in asks) >= 1
    assert sum(not ask.allowed for ask in asks) >= LEAST_DENIED
