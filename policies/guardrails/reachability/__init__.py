"""Network reachability on a pure model: `model.Network` in, `paths.Reachability` answers."""
