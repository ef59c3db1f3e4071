"""All alarms of a system as data: those of its tiers, with what the stack file says of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from components.contracts import AlarmSpec, Severity
from components.monitoring.alarms.alarms import BAND, Silence
from components.monitoring.alarms.composites import (
    RULE_LIMIT,
    CompositeSpec,
    alarm_rule,
    grouped,
    members_first,
    spoken_for,
)
from components.monitoring.alarms.custom import COMPARISONS, Metric, band_of, composed, created
from components.monitoring.alarms.settings import DAY, HOUR, LONGEST_SECONDS, AlarmSettings
from components.monitoring.alarms.units import unit_of
from components.naming import Naming

NAMES = "the name of an alarm that this stack has; `trellis plan` shows them"
NEW = "a new alarm names `metric`, `expression`, `anyOf` or `allOf`"


@dataclass(frozen=True)
class Complaint:
    """One thing that does not fit."""

    path: tuple[str | int, ...]
    """Under `monitoring`."""
    found: str
    allowed: str
    word: str = ""
    """A name that nothing has."""
    known: tuple[str, ...] = ()
    """The names it could have been."""


class AlarmsError(ValueError):
    """What a stack file says of alarms does not fit those there are; every complaint at once."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        super().__init__(
            "; ".join(f"{complaint.found}: {complaint.allowed}" for complaint in complaints)
        )
        self.complaints = tuple(complaints)


@dataclass(frozen=True)
class Alarms:
    """All alarms of a system."""

    metric: tuple[AlarmSpec, ...]
    composite: tuple[CompositeSpec, ...]
    """Each after those it looks at."""
    silences: tuple[Silence, ...]
    ended: tuple[Silence, ...]
    """Silences whose last day has passed: the alarm tells again."""


def merged(
    published: Sequence[AlarmSpec],
    settings: Mapping[str, AlarmSettings],
    metrics: Mapping[str, Metric],
    *,
    naming: Naming,
    today: date,
    waiting: Collection[str] = (),
    group: bool = True,
) -> Alarms:
    """What tiers publish, with the stack file's changes and alarms of its own.

    Args:
        today: in UTC; a silence that ended before is not made any more.
        waiting: names of alarms of what is not started yet: they may be changed, and come later.
        group: whether what pages of one thing does so together.

    Raises:
        AlarmsError: a name that no alarm has or two have, a change that CloudWatch would refuse.
    """
    return _Merging(published, settings, metrics, naming, today, frozenset(waiting), group).done()


class _Merging:
    """One merge: what is there so far, and what was wrong with it."""

    def __init__(
        self,
        published: Sequence[AlarmSpec],
        settings: Mapping[str, AlarmSettings],
        metrics: Mapping[str, Metric],
        naming: Naming,
        today: date,
        waiting: frozenset[str],
        group: bool,
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        self._naming = naming
        self._waiting = waiting
        self._group = group
        self._wrong: list[Complaint] = []
        self._specs: dict[str, AlarmSpec] = {}
        for spec in published:
            if spec.name in self._specs:
                self._complain((), f"two alarms named {spec.name}", "other keys for what has them")
            self._specs[spec.name] = spec
        silences = [
            Silence(name, setting.silence.reason, setting.silence.until)
            for name, setting in settings.items()
            if setting.silence is not None
        ]
        self._silences = [silence for silence in silences if silence.until >= today]
        self._ended = [silence for silence in silences if silence.until < today]

    def done(self) -> Alarms:
        """Everything, or everything that is wrong."""
        for name, setting in self._settings.items():
            if setting.is_new:
                self._create(name, setting)
        for name, setting in self._settings.items():
            if not setting.is_new and name in self._specs:
                self._specs[name] = self._changed(name, setting)
        composites = self._composites()
        for name, setting in self._settings.items():
            if not setting.is_new and name not in self._specs:
                self._change_group(name, setting, composites)
        ordered = members_first(composites)
        if ordered is None:
            names = ", ".join(
                name for name, setting in self._settings.items() if setting.is_composite
            )
            self._complain((), f"alarms that look at each other in a circle: {names}", "no circle")
        if self._wrong:
            raise AlarmsError(self._wrong)
        there = {*self._specs, *composites}
        return Alarms(
            tuple(self._specs.values()),
            ordered or (),
            tuple(silence for silence in self._silences if silence.alarm in there),
            tuple(self._ended),
        )

    def _complain(
        self,
        path: tuple[str | int, ...],
        found: str,
        allowed: str,
        *,
        word: str = "",
        known: Collection[str] = (),
    ) -> None:
        self._wrong.append(Complaint(("alarms", *path), found, allowed, word, tuple(sorted(known))))

    def _create(self, name: str, settings: AlarmSettings) -> None:
        if name in self._specs or name in self._waiting:
            self._complain(
                (name,),
                f"a new alarm named {name}, as one that a tier makes",
                "another name for yours; or no `metric`, to change the tier's",
            )
        elif not settings.is_composite:
            self._specs[name] = created(name, settings, self._metrics)

    def _changed(self, name: str, settings: AlarmSettings) -> AlarmSpec:
        spec = self._specs[name]
        banded = any((metric.expression or "").startswith(BAND) for metric in spec.metrics)
        if banded and (settings.threshold is not None or settings.comparison is not None):
            self._complain(
                (name,), "a threshold for an alarm that compares with what it expects", "`band`"
            )
        if not banded and settings.band is not None:
            self._complain((name, "band"), "a band for an alarm with a threshold", "`threshold`")
        measured, threshold = unit_of(spec), settings.threshold
        if measured is not None and threshold is not None and not measured.may_be(threshold):
            self._complain(
                (name, "threshold"),
                f"{threshold:.15g}",
                f"{measured.unit}: it is compared with {measured.metric}",
            )
        found = changed(spec, settings)
        if found.datapoints_to_alarm > found.evaluation_periods:
            most = found.evaluation_periods
            self._complain(
                (name, "datapoints"),
                str(found.datapoints_to_alarm),
                f"at most {most}, as it looks at {most} period{'s' if most > 1 else ''}",
            )
        period = max(metric.period or 0 for metric in found.metrics)
        longest = LONGEST_SECONDS if period >= HOUR else DAY
        if period * found.evaluation_periods > longest:
            self._complain(
                (name,),
                f"{found.evaluation_periods} periods of {period} s",
                f"together at most {longest} s",
            )
        return found

    def _composites(self) -> dict[str, CompositeSpec]:
        """One for each thing that has several alarms that page, and a person's own."""
        own = {
            name: composed(name, setting)
            for name, setting in self._settings.items()
            if setting.is_composite
        }
        silenced = frozenset(silence.alarm for silence in self._silences)
        found = dict(own)
        if self._group:
            # A silenced alarm speaks for itself, so that its silence silences it.
            taken = spoken_for(tuple(own.values())) | silenced
            groups = grouped(tuple(self._specs.values()), taken=taken)
            found |= {group.name: group for group in groups if group.name not in own}
        found |= {name: self._known(spec, found) for name, spec in own.items()}
        return {name: self._audible(spec, silenced) for name, spec in found.items()}

    def _known(self, spec: CompositeSpec, composites: Mapping[str, CompositeSpec]) -> CompositeSpec:
        """With the members there are by now; all of them in one region."""
        known = {*self._specs, *composites, *self._waiting}
        field = "allOf" if spec.every else "anyOf"
        for position, member in enumerate(spec.members):
            if member not in known:
                self._complain(
                    (spec.name, field, position),
                    f"the alarm {member}",
                    NAMES,
                    word=member,
                    known=known,
                )
        members = tuple(name for name in spec.members if name not in self._waiting)
        regions = set(self._regions(members, composites, {spec.name}))
        if len(regions) > 1:
            self._complain(
                (spec.name, field),
                "alarms of two regions",
                "those of one: CloudWatch sees no alarm of another region, and what it measures "
                "of sites and health checks is in us-east-1",
            )
        found = replace(spec, members=members, region=next(iter(regions), None))
        length = len(alarm_rule(found, self._naming))
        if length > RULE_LIMIT:
            self._complain(
                (spec.name, field),
                f"a rule of {length} characters",
                f"at most {RULE_LIMIT}: fewer alarms, or several of `anyOf` under one",
            )
        return found

    def _regions(
        self, names: Sequence[str], composites: Mapping[str, CompositeSpec], seen: set[str]
    ) -> Iterator[str | None]:
        """Where the metrics are that an alarm over others ends in."""
        for name in names:
            if name in self._specs:
                yield self._specs[name].region
            elif name in composites and name not in seen:
                yield from self._regions(composites[name].members, composites, {*seen, name})

    @staticmethod
    def _audible(spec: CompositeSpec, silenced: frozenset[str]) -> CompositeSpec:
        """What is silenced tells nobody by way of another alarm either."""
        if spec.every:
            return spec
        return replace(spec, members=tuple(e for e in spec.members if e not in silenced))

    def _change_group(
        self, name: str, settings: AlarmSettings, composites: dict[str, CompositeSpec]
    ) -> None:
        spec = composites.get(name)
        if spec is None:
            if name not in self._waiting:
                known = {*self._specs, *composites, *self._waiting}
                self._complain(
                    (name,), f"the alarm {name}", f"{NAMES}; {NEW}", word=name, known=known
                )
            return
        taken = {"silence", "severity", "title", "meaning", "action"}
        for field in sorted(settings.model_fields_set - taken):
            if getattr(settings, field) is not None:
                self._complain(
                    (name, field),
                    f"`{field}` of an alarm that looks at other alarms",
                    ", ".join(sorted(taken)),
                )
        composites[name] = replace(
            spec,
            severity=Severity(settings.severity) if settings.severity else spec.severity,
            title=settings.title or spec.title,
            meaning=settings.meaning or spec.meaning,
            action=settings.action or spec.action,
        )


def changed(spec: AlarmSpec, settings: AlarmSettings) -> AlarmSpec:
    """An alarm that a tier makes, as the stack file wants it."""
    periods = settings.periods or spec.evaluation_periods
    # Fewer periods than the alarm's own M would be refused by CloudWatch.
    all_of_them = spec.datapoints_to_alarm == spec.evaluation_periods
    datapoints = settings.datapoints or (
        periods if all_of_them else min(spec.datapoints_to_alarm, periods)
    )
    metrics = spec.metrics
    if settings.period is not None:
        metrics = tuple(
            replace(metric, period=settings.period) if metric.statistic else metric
            for metric in metrics
        )
    if settings.band is not None:
        metrics = tuple(
            replace(metric, expression=band_of(settings.band))
            if (metric.expression or "").startswith(BAND)
            else metric
            for metric in metrics
        )
    threshold = settings.threshold if settings.threshold is not None else settings.band
    return replace(
        spec,
        metrics=metrics,
        title=settings.title or spec.title,
        meaning=settings.meaning or spec.meaning,
        action=settings.action or spec.action,
        severity=Severity(settings.severity) if settings.severity else spec.severity,
        threshold=spec.threshold if threshold is None else threshold,
        comparison=COMPARISONS[settings.comparison] if settings.comparison else spec.comparison,
        evaluation_periods=periods,
        datapoints_to_alarm=datapoints,
        missing_data=settings.missing or spec.missing_data,
    )
