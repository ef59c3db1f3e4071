"""Small pieces that several tiers share; none of them is a ComponentResource."""
