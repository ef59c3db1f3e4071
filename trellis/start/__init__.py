"""Begins a team's own repository, adds to it, and brings over what other tools' files say."""
