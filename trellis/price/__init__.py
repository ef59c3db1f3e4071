"""What a stack would cost a month, and why: list prices, stated usage, rules by resource type."""
