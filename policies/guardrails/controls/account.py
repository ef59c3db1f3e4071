"""The account's own services: trail, threat detection, configuration, backups, budgets.

They exist once in an account, so they may live in another stack. A stack says where through its
``trellis:index:System`` resource (``elsewhere``); the presence controls do not apply to a stack
that says nothing of itself.
"""

from typing import Final

from .. import aws
from ..backup_selection import automatic, selects
from ..control import (
    Control,
    Level,
    Parameters,
    Severity,
    Verdict,
    first_failure,
    not_applicable,
    require,
)
from ..define import Facts, graph_control, resource_control, stack_control
from ..evidence import Resource, Stack
from ..reading import Reading
from ..unknown import Tri, any_of

_TRAIL = "awscloudtrail/latest/userguide/"


def _lives_elsewhere(stack: Stack, service: str) -> Verdict | None:
    if not stack.system.declared:
        return not_applicable("the stack does not say where the account's services live")
    if service in stack.system.elsewhere:
        return not_applicable(f"{service} lives in another stack")
    return None


@stack_control(
    Facts(
        "CloudTrail.3",
        "The account has a trail of management events",
        Severity.HIGH,
        "baseline: {} makes one (the default), or baseline.elsewhere: [trail]; "
        "baseline.trail.managementEvents: true (the default)",
        "cloudtrail.Trail(...)",
        _TRAIL + "cloudtrail-create-and-update-a-trail.html",
        # Once an account: a stack sets it up only where its file has a baseline.
        level=Level.ADVISORY,
    )
)
def trail_exists(stack: Stack, _parameters: Parameters) -> Verdict:
    return _lives_elsewhere(stack, "trail") or require(
        any_of(
            trail["enableLogging"].is_true() & _records_management(trail)
            for trail in stack.of_type(aws.TRAIL)
        ),
        "no trail in the stack logs management events",
    )


@resource_control(
    Facts(
        "CloudTrail.1",
        "Trails cover all regions, global services, and reads as well as writes",
        Severity.HIGH,
        "baseline.trail always covers all of them",
        "is_multi_region_trail=True, include_global_service_events=True, and no event selectors "
        "for writes or reads alone",
        _TRAIL + "receive-cloudtrail-log-files-from-multiple-regions.html",
    ),
    aws.TRAIL,
)
def all_regions(trail: Resource) -> Verdict:
    return first_failure(
        require(trail["enableLogging"].is_true(), "the trail is off: enableLogging is false"),
        require(
            trail["isMultiRegionTrail"].is_true() & trail["includeGlobalServiceEvents"].is_true(),
            "isMultiRegionTrail or includeGlobalServiceEvents is not true",
        ),
        # A trail of data events only stands beside another: CloudTrail.3 asks for that one.
        require(
            _records_management(trail) | ~_touches_management(trail),
            "its event selectors leave out some management events",
        ),
    )


def _records_management(trail: Resource) -> Tri:
    """Whether reads and writes of management events are recorded, as without any selector."""
    advanced, basic = trail["advancedEventSelectors"], trail["eventSelectors"]
    return (
        (advanced.absent() & basic.absent())
        | advanced.some(
            lambda one: (
                _of_management(one["fieldSelectors"])
                & ~one["fieldSelectors"].some(lambda field: field["field"].equals("readOnly"))
            )
        )
        | basic.some(
            lambda one: (
                ~one["includeManagementEvents"].equals(False)
                & (one["readWriteType"].absent() | one["readWriteType"].equals("All"))
            )
        )
    )


def _touches_management(trail: Resource) -> Tri:
    return trail["advancedEventSelectors"].some(
        lambda one: _of_management(one["fieldSelectors"])
    ) | trail["eventSelectors"].some(lambda one: ~one["includeManagementEvents"].equals(False))


def _of_management(fields: Reading) -> Tri:
    return fields.some(
        lambda one: one["field"].equals("eventCategory") & one["equals"].includes("Management")
    )


@resource_control(
    Facts(
        "CloudTrail.2",
        "Trails are encrypted with a customer key",
        Severity.MEDIUM,
        "baseline.trail uses the logs key (the default)",
        "kms_key_id=key.arn",
        _TRAIL + "encrypting-cloudtrail-log-files-with-aws-kms.html",
    ),
    aws.TRAIL,
)
def trail_on_customer_key(trail: Resource) -> Verdict:
    return require(trail.customer_key(trail["kmsKeyId"]), "kmsKeyId names no customer key")


@resource_control(
    Facts(
        "CloudTrail.4",
        "Trails can be proven complete",
        Severity.LOW,
        "baseline.trail always validates log files",
        "enable_log_file_validation=True",
        _TRAIL + "cloudtrail-log-file-validation-intro.html",
    ),
    aws.TRAIL,
)
def trail_validated(trail: Resource) -> Verdict:
    return require(
        trail["enableLogFileValidation"].is_true(), "enableLogFileValidation is not true"
    )


@resource_control(
    Facts(
        "CloudTrail.5",
        "Trails reach CloudWatch Logs",
        Severity.LOW,
        "baseline.trail writes to its bucket; EventBridge sees API calls without a log group",
        "cloud_watch_logs_group_arn=f'{group.arn}:*', cloud_watch_logs_role_arn=role.arn",
        _TRAIL + "send-cloudtrail-events-to-cloudwatch-logs.html",
        # The same events a second time have a price by volume, and nothing here reads them.
        level=Level.ADVISORY,
    ),
    aws.TRAIL,
)
def trail_in_logs(trail: Resource) -> Verdict:
    group = trail["cloudWatchLogsGroupArn"]
    return require(trail.provided(group, aws.LOG_GROUP), "cloudWatchLogsGroupArn is not set")


# The strength that FSBP IAM.7 asks for by default, 2026-11.
MINIMUM_PASSWORD_LENGTH: Final = 8


@resource_control(
    Facts(
        "IAM.7",
        "The account asks users for strong passwords",
        Severity.MEDIUM,
        "a stack file makes no users: people sign in through IAM Identity Center",
        "iam.AccountPasswordPolicy(minimum_password_length=14, require_symbols=True, ...)",
        "IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
    ),
    aws.PASSWORD_POLICY,
)
def strong_account_passwords(policy: Resource) -> Verdict:
    return first_failure(
        require(
            policy["minimumPasswordLength"].at_least(MINIMUM_PASSWORD_LENGTH),
            f"minimumPasswordLength is below {MINIMUM_PASSWORD_LENGTH}",
        ),
        *(
            require(policy[rule].is_true(), f"{rule} is not true")
            for rule in (
                "requireLowercaseCharacters",
                "requireUppercaseCharacters",
                "requireNumbers",
                "requireSymbols",
            )
        ),
    )


@stack_control(
    Facts(
        "IAM.password-policy",
        "The account has a policy for passwords",
        Severity.MEDIUM,
        "a stack file makes no users, and leaves the account's own policy alone",
        "iam.AccountPasswordPolicy(minimum_password_length=14, ...)",
        "IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
        # It exists once in an account: making one replaces what is there.
        level=Level.ADVISORY,
    )
)
def password_policy_exists(stack: Stack, _parameters: Parameters) -> Verdict:
    if not stack.of_type(aws.TRAIL, aws.RECORDER, aws.DETECTOR, aws.PASSWORD_POLICY):
        return not_applicable("the stack sets up nothing for the whole account")
    written = stack.of_type(aws.PASSWORD_POLICY)
    return require(Tri.of(bool(written)), "the stack sets up the account, and no password policy")


@stack_control(
    Facts(
        "GuardDuty.1",
        "Threat detection is on",
        Severity.HIGH,
        "baseline: {} turns it on (the default), or baseline.elsewhere: [threatDetection]",
        "guardduty.Detector(enable=True)",
        "guardduty/latest/ug/guardduty_settingup.html",
        # Once an account: a stack sets it up only where its file has a baseline.
        level=Level.ADVISORY,
    )
)
def threats_detected(stack: Stack, _parameters: Parameters) -> Verdict:
    detectors = stack.of_type(aws.DETECTOR)
    on = any_of(one["enable"].is_true() for one in detectors)
    if detectors:
        return require(on, "the detector is not enabled")
    return _lives_elsewhere(stack, "threatDetection") or require(on, "no detector is in the stack")


@stack_control(
    Facts(
        "Config.1",
        "Configuration changes are recorded",
        Severity.CRITICAL,
        "baseline: {} turns it on (the default), or baseline.elsewhere: [configuration]",
        "cfg.Recorder(role_arn=<AWSServiceRoleForConfig>) and cfg.RecorderStatus(is_enabled=True)",
        "config/latest/developerguide/manage-config-recorder.html",
        # Once an account: a stack sets it up only where its file has a baseline.
        level=Level.ADVISORY,
    )
)
def configuration_recorded(stack: Stack, _parameters: Parameters) -> Verdict:
    on = any_of(one["isEnabled"].is_true() for one in stack.of_type(aws.RECORDER_STATUS))
    recorders = stack.of_type(aws.RECORDER)
    if recorders:
        return first_failure(
            require(on, "the recorder is not started"),
            require(
                any_of(_has_own_role(one) for one in recorders),
                "the recorder does not use Config's service-linked role",
            ),
        )
    return _lives_elsewhere(stack, "configuration") or require(on, "no recorder is in the stack")


def _has_own_role(recorder: Resource) -> Tri:
    role = recorder["roleArn"]
    if role.is_unknown and recorder.provided(role, aws.SERVICE_LINKED_ROLE) is Tri.YES:
        return Tri.YES
    return role.matches(r":role/aws-service-role/config\.amazonaws\.com/")


@stack_control(
    Facts(
        "Budgets.production",
        "Production has a budget that warns someone",
        Severity.MEDIUM,
        "budgets: {month: {monthly: 500}}, or baseline.elsewhere: [budgets]",
        "budgets.Budget(notifications=[...])",
        "cost-management/latest/userguide/budgets-managing-costs.html",
        # What a month may cost is for the stack file to say.
        level=Level.ADVISORY,
    )
)
def budgeted(stack: Stack, _parameters: Parameters) -> Verdict:
    elsewhere = _lives_elsewhere(stack, "budgets")
    if elsewhere is not None:
        return elsewhere
    if stack.system.profile != "production":
        return not_applicable("the stack is not a production one")
    return require(
        any_of(_warns_someone(one) for one in stack.of_type(aws.BUDGET)),
        "no budget with a notification for someone is in the stack",
    )


def _warns_someone(budget: Resource) -> Tri:
    return budget["notifications"].some(
        lambda one: (
            one["subscriberEmailAddresses"].present() | one["subscriberSnsTopicArns"].present()
        )
    )


_STATEFUL: Final = (aws.DB_INSTANCE, aws.DB_CLUSTER, aws.TABLE, aws.FILE_SYSTEM)


@graph_control(
    Facts(
        "Backup.plan",
        "Stateful resources are in a backup plan",
        Severity.MEDIUM,
        "backups.enabled: true (the default in production) covers databases and tables, and"
        " fileSystems.<key>.backups: true file systems; or baseline.elsewhere: [backups]",
        "backup.Selection(resources=[...]) or selection_tags that the resource carries",
        "aws-backup/latest/devguide/assigning-resources.html",
        in_development=Level.ADVISORY,
    ),
    *_STATEFUL,
)
def in_backup_plan(resource: Resource, stack: Stack) -> Verdict:
    if resource["replicateSourceDb"].present() is Tri.YES:
        return not_applicable("a replica is restored from its source")
    elsewhere = _lives_elsewhere(stack, "backups")
    if elsewhere is not None:
        return elsewhere
    selected = any_of(
        selects(stack, selection, resource) for selection in stack.of_type(aws.BACKUP_SELECTION)
    )
    if resource.type == aws.FILE_SYSTEM:
        selected |= automatic(stack, resource)
    return require(selected, "no backup selection takes it in")


CONTROLS: Final[tuple[Control, ...]] = (
    trail_exists,
    all_regions,
    trail_on_customer_key,
    trail_validated,
    trail_in_logs,
    strong_account_passwords,
    password_policy_exists,
    threats_detected,
    configuration_recorded,
    budgeted,
    in_backup_plan,
)
