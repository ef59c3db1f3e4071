"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

BUDGET_NAME = Kind("budget", 100, r"[^:\\/]+", "Budget: BudgetName")
