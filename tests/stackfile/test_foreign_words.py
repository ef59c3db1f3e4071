"""Words of other tools in a service are told apart from typing errors."""

from __future__ import annotations

import pytest

from components.services.settings import JobSettings, ServiceSettings
from tests.stackfile.conftest import Stack
from trellis.stackfile.foreign_words import IN_A_TASK

WEB = "  trellis:services: {web: {image: {repository: web, tag: v1}, WORD: 1}}\n"


@pytest.mark.parametrize("word", ["secrets", "taskDefinition", "ports", "variables"])
def test_a_word_of_another_tool_has_its_own_hint(stack: Stack, word: str):
    stack.write(WEB.replace("WORD", word))
    problem = stack.problem()
    assert problem.path == ("services", "web", word)
    assert problem.hint == IN_A_TASK[word]


def test_a_typing_error_is_still_one(stack: Stack):
    stack.write(WEB.replace("WORD", "memry"))
    assert stack.problem().hint == "did you mean `memory`?"


def test_no_setting_is_called_like_a_foreign_word():
    for model in (ServiceSettings, JobSettings):
        own = {str(field.alias) for field in model.model_fields.values()}
        assert not own & IN_A_TASK.keys()
