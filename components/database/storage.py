"""Storage of an RDS instance: what each type takes, and what it lets one choose.

Dated 2026-11. Source: "Amazon RDS DB instance storage" (Amazon RDS User Guide), for PostgreSQL,
MySQL and MariaDB, which share these limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

StorageType = Literal["gp3", "gp2", "io1", "io2"]

STRIPED_FROM_GIB = 400
"""Size from which RDS stripes a gp3 volume over four; below it, IOPS and throughput are fixed."""

GROWTH = Fraction(11, 10)
"""How far above the first size the limit of growth must lie, at least ("Managing capacity
automatically with Amazon RDS storage autoscaling")."""

LARGEST_GIB = 65_536


@dataclass(frozen=True)
class Limits:
    """What one storage type allows."""

    least_gib: int
    iops: range | None
    """What may be asked for; None where the type sets it itself."""
    iops_per_gib: tuple[Fraction, Fraction] | None = None
    """Least and most."""
    throughput: range | None = None
    """MiB/s; None where the type sets it itself."""


TYPES: Mapping[str, Limits] = {
    "gp3": Limits(
        least_gib=20,
        iops=range(12_000, 64_001),
        iops_per_gib=(Fraction(0), Fraction(500)),
        throughput=range(500, 4_001),
    ),
    "gp2": Limits(least_gib=20, iops=None),
    "io1": Limits(
        least_gib=100,
        iops=range(1_000, 256_001),
        iops_per_gib=(Fraction(1, 2), Fraction(50)),
    ),
    "io2": Limits(
        least_gib=100,
        iops=range(1_000, 256_001),
        iops_per_gib=(Fraction(1, 2), Fraction(1_000)),
    ),
}
"""By storage type."""

IOPS_PER_THROUGHPUT = 4
"""gp3 wants this many IOPS for each MiB/s, at least."""


def check_storage(
    type_: StorageType,
    initial_gib: int,
    max_gib: int | None,
    iops: int | None,
    throughput: int | None,
) -> None:
    """Refuse a combination that RDS refuses.

    Raises:
        ValueError: says what is allowed.
    """
    limits = TYPES[type_]
    if not limits.least_gib <= initial_gib <= LARGEST_GIB:
        raise ValueError(f"`initialGiB` of {limits.least_gib} to {LARGEST_GIB} for {type_}")
    if max_gib is not None and not initial_gib * GROWTH <= max_gib <= LARGEST_GIB:
        least = -(-initial_gib * GROWTH.numerator // GROWTH.denominator)
        raise ValueError(
            f"`maxGiB` of {least} (a tenth above `initialGiB`) to {LARGEST_GIB}, or none"
        )
    _check_iops(type_, limits, initial_gib, iops)
    _check_growth(type_, limits, max_gib, iops)
    _check_throughput(type_, limits, initial_gib, iops, throughput)


def _check_iops(type_: StorageType, limits: Limits, gib: int, iops: int | None) -> None:
    if iops is None:
        if type_ in ("io1", "io2"):
            raise ValueError(f"`iops` for {type_}")
        return
    if limits.iops is None:
        raise ValueError(f"no `iops` for {type_}: it follows from the size")
    if type_ == "gp3" and gib < STRIPED_FROM_GIB:
        raise ValueError(
            f"no `iops` for gp3 below {STRIPED_FROM_GIB} GiB: it has 3000 and RDS refuses any other"
        )
    if iops not in limits.iops:
        raise ValueError(f"`iops` of {limits.iops[0]} to {limits.iops[-1]} for {type_}")
    least, most = limits.iops_per_gib or (Fraction(0), Fraction(10**9))
    if not least * gib <= iops <= most * gib:
        raise ValueError(
            f"`iops` of {float(least):g} to {float(most):g} for each GiB of {type_}: "
            f"{float(least * gib):g} to {float(most * gib):g} here"
        )


def _check_growth(
    type_: StorageType, limits: Limits, max_gib: int | None, iops: int | None
) -> None:
    """IOPS stay as they are while a volume grows, and must be enough for its last size."""
    least, _ = limits.iops_per_gib or (Fraction(0), Fraction(0))
    if max_gib is not None and iops is not None and iops < least * max_gib:
        raise ValueError(
            f"`maxGiB` of at most {int(iops / least)} with `iops: {iops}`: {type_} has "
            f"{float(least):g} for each GiB at least, also when it has grown"
        )


def _check_throughput(
    type_: StorageType, limits: Limits, gib: int, iops: int | None, throughput: int | None
) -> None:
    if throughput is None:
        return
    if limits.throughput is None:
        raise ValueError(f"no `throughput` for {type_}: it follows from size and IOPS")
    if gib < STRIPED_FROM_GIB:
        raise ValueError(
            f"no `throughput` for gp3 below {STRIPED_FROM_GIB} GiB: it has 125 MiB/s and RDS "
            "refuses any other"
        )
    if throughput not in limits.throughput:
        raise ValueError(f"`throughput` of {limits.throughput[0]} to {limits.throughput[-1]} MiB/s")
    provisioned = iops or 12_000
    if throughput * IOPS_PER_THROUGHPUT > provisioned:
        raise ValueError(
            f"`throughput` of at most a quarter of the IOPS: {provisioned // IOPS_PER_THROUGHPUT} "
            "MiB/s here"
        )
