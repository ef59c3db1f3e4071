"""What this package's resources cost."""

from __future__ import annotations

from collections.abc import Iterator

from components.parts.asked import PricedPlan
from components.parts.charges import KeyPath, NotPriced, Pricing, Reason


def models(plan: PricedPlan) -> Iterator[tuple[KeyPath, Pricing]]:
    """Language models: no resource is made of them, and they are billed by the token."""
    if plan.settings is None:
        return
    for key, model in plan.settings.models.items():
        path = ("models", key)
        yield (
            path,
            NotPriced(
                "tokens of a language model",
                "how many are read and written is not stated anywhere, and no price was sure",
                (Reason(f"a model of {model.provider}", path),),
            ),
        )


WITHOUT_RESOURCE = (models,)
