"""What a stack file says of things that exist already, and would not be found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trellis.stackfile.problems import Problem


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        (
            "  trellis:buckets: {a: {}}\n  trellis:existing: {buckets: {a: {name: of-others}}}\n",
            ("existing", "buckets", "a"),
            "which `buckets` makes",
        ),
        (
            "  trellis:existing: {secrets: {a: {name: prod-abcdef}}}\n",
            ("existing", "secrets", "a"),
            "six characters",
        ),
        (
            "  trellis:existing: {secrets: {a: {arn: 'arn:aws:secretsmanager:eu-west-1:"
            "123456789012:secret:a-AbCdEf'}}}\n",
            ("existing", "secrets", "a", "arn"),
            "a secret in eu-west-1",
        ),
        (
            "  trellis:existing: {databases: {a: {host: db.example.net, port: 5432, name: a, "
            "securityGroup: sg-0123456789abcdef0, users: [api]}}}\n",
            ("existing", "databases", "a"),
            "resourceId",
        ),
    ],
)
def test_what_would_not_be_found_is_refused(
    problem_of: Callable[[str], Problem], given: str, path: tuple[str, ...], message: str
):
    problem = problem_of(given)
    assert problem.path == path
    assert message in str(problem)
