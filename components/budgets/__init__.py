"""Budgets: what a system may cost, and who hears of it before and after."""
