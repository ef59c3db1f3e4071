"""Which CPU and memory go together on Fargate."""

from __future__ import annotations

MEMORY_MIB = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16_384 + 1, 1024)),
    4096: tuple(range(8192, 30_720 + 1, 1024)),
    8192: tuple(range(16_384, 61_440 + 1, 4096)),
    16_384: tuple(range(32_768, 122_880 + 1, 8192)),
}
"""Memory (MiB) by CPU units, 1024 to a vCPU ("Task size", Amazon ECS Developer Guide for Fargate,
2026-11)."""

EPHEMERAL_GIB = (20, 200)
"""Ephemeral storage of a task, least (what every task has) and most ("Fargate task ephemeral
storage", Amazon ECS Developer Guide, 2026-11)."""


def allowed_memory(cpu: int) -> str:
    """The memory sizes of a CPU size, as a person would say them."""
    sizes = MEMORY_MIB[cpu]
    if len(sizes) <= 4:
        return ", ".join(map(str, sizes))
    return f"{sizes[0]} to {sizes[-1]} in steps of {sizes[1] - sizes[0]}"
