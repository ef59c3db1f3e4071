"""The account's own services: trail, threat detection, configuration, backups, budgets.

They exist once in an account, so they may live in another stack. A stack says where through its
``trellis:index:System`` resource (``elsewhere``); the presence controls do not apply to a stack
that says nothing of itself.
"""

from typing import Final

from .. import aws
from ..backup_selection import selects
from ..control import Control, Level, Parameters, Severity, Verdict, not_applicable, require
from ..define import Facts, graph_control, resource_control, stack_control
from ..evidence import Resource, Stack
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
        "The account has a trail",
        Severity.HIGH,
        "baseline: {} makes one (the default), or baseline.elsewhere: [trail]",
        "cloudtrail.Trail(...)",
        _TRAIL + "cloudtrail-create-and-update-a-trail.html",
        # Once an account: a stack sets it up only where its file has a baseline.
        level=Level.ADVISORY,
    )
)
def trail_exists(stack: Stack, _parameters: Parameters) -> Verdict:
    return _lives_elsewhere(stack, "trail") or require(
        any_of(trail["enableLogging"].is_true() for trail in stack.of_type(aws.TRAIL)),
        "no trail that logs is in the stack",
    )


@resource_control(
    Facts(
        "CloudTrail.1",
        "Trails cover all regions and global services",
        Severity.HIGH,
        "baseline.trail always covers all regions",
        "is_multi_region_trail=True, include_global_service_events=True",
        _TRAIL + "receive-cloudtrail-log-files-from-multiple-regions.html",
    ),
    aws.TRAIL,
)
def all_regions(trail: Resource) -> Verdict:
    return require(
        trail["isMultiRegionTrail"].is_true() & trail["includeGlobalServiceEvents"].is_true(),
        "isMultiRegionTrail or includeGlobalServiceEvents is not true",
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
    return require(trail.provided(trail["kmsKeyId"], *aws.KEYS), "kmsKeyId is not set")


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
        "cfg.Recorder(...) and cfg.RecorderStatus(is_enabled=True)",
        "config/latest/developerguide/manage-config-recorder.html",
        # Once an account: a stack sets it up only where its file has a baseline.
        level=Level.ADVISORY,
    )
)
def configuration_recorded(stack: Stack, _parameters: Parameters) -> Verdict:
    on = any_of(one["isEnabled"].is_true() for one in stack.of_type(aws.RECORDER_STATUS))
    if stack.of_type(aws.RECORDER):
        return require(on, "the recorder is not started")
    return _lives_elsewhere(stack, "configuration") or require(on, "no recorder is in the stack")


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
        any_of(one["notifications"].present() for one in stack.of_type(aws.BUDGET)),
        "no budget with a notification is in the stack",
    )


_STATEFUL: Final = (aws.DB_INSTANCE, aws.DB_CLUSTER, aws.TABLE, aws.FILE_SYSTEM)


@graph_control(
    Facts(
        "Backup.plan",
        "Stateful resources are in a backup plan",
        Severity.MEDIUM,
        "backups.enabled: true (the default) covers databases and tables; or baseline.elsewhere:"
        " [backups]",
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
    return require(selected, "no backup selection takes it in")


CONTROLS: Final[tuple[Control, ...]] = (
    trail_exists,
    all_regions,
    trail_on_customer_key,
    trail_validated,
    threats_detected,
    configuration_recorded,
    budgeted,
    in_backup_plan,
)
