"""Workflows of a team's repository, for GitHub and GitLab, with every action pinned by hash."""
