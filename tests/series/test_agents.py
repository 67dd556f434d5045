"""AI agents and people, and the form in which assistance is acknowledged."""

import pytest

from patchgen.series.trailers.agents import is_agent, is_assistance
from patchgen.series.trailers.people import person


@pytest.mark.parametrize(
    "value",
    [
        "Claude <noreply@anthropic.com>",
        "Claude Code <a@example.com>",
        "Claude Sonnet 4.5 <a@example.com>",
        "Claude 3",
        "ChatGPT <a@example.com>",
        "GPT-5 <a@example.com>",
        "OpenAI Codex <codex@openai.com>",
        "GitHub Copilot <copilot@github.com>",
        "copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>",
        "Gemini CLI <a@example.com>",
        "google-labs-jules[bot] <a@example.com>",
        "Cursor <cursoragent@cursor.com>",
        "Devin AI <158243242+devin-ai-integration[bot]@users.noreply.github.com>",
        "Gemini",
        "AI assistant",
    ],
)
def test_agents_are_known(value: str) -> None:
    assert is_agent(person(value))


@pytest.mark.parametrize(
    "value",
    [
        "Claude <claude@example.com>",
        "Claude Martin <claude@example.com>",
        "Ai Weiwei <ai@example.com>",
        "Gemini Rossi <g@example.com>",
        "Jules <jules@example.com>",
        "Devin Gray <devin@example.com>",
        "A U Thor <author@openai.com>",
        "A U Thor <author@anthropic.com>",
        "A U Thor <1234+author@users.noreply.github.com>",
        "kernel test robot <lkp@example.com>",
        "Llama Farmer <llama@example.com>",
        "",
    ],
)
def test_people_are_no_agents(value: str) -> None:
    assert not is_agent(person(value))


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("Claude:claude-3-opus coccinelle sparse", True),
        ("Claude:claude-3-opus [coccinelle] [sparse]", True),
        ("Codex:GPT-5.5", True),
        ("GitHub Copilot:gpt-5", True),
        ("Claude", False),
        ("Claude <noreply@anthropic.com>", False),
        ("Claude:opus <noreply@anthropic.com>", False),
        ("Claude: opus", False),
        (":opus", False),
        ("https://example.com/tool", True),
    ],
)
def test_assistance_has_a_form(value: str, form: bool) -> None:
    assert is_assistance(value) is form
