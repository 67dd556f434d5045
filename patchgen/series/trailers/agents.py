"""AI agents: how they are told from people in trailers."""

import re

from patchgen.series.mail.identity import Identity

_PRODUCTS = re.compile(
    r"(?:anthropic )?claude(?: (?:code|ai|opus|sonnet|haiku|fable|mythos)\b.*| \d.*|\[bot\])"
    r"|(?:github )?copilot(?:\[bot\]| (?:coding |swe )?agent)?|copilot-swe-agent.*"
    r"|(?:openai )?(?:chatgpt|codex|gpt-?\d).*"
    r"|(?:google )?gemini(?: (?:cli|code assist|pro|flash|\d).*|-code-assist.*|\[bot\])"
    r"|(?:google-labs-)?jules\[bot\]"
    r"|cursor(?:[ -]?agent| ai|\[bot\])"
    r"|devin(?: ai|-ai-integration)(?:\[bot\])?"
    r"|(?:aider|windsurf|amazon q|deepseek|qwen[ -]?coder|llama|mistral|grok)"
    r"(?: (?:ai|agent|assistant|developer|code).*|\[bot\])"
    r"|(?:an? )?(?:ai|llm)(?: (?:agent|assistant|bot).*)?",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(
    r"(?:no-?reply|claude|codex|chatgpt|agent)@(?:[\w-]+\.)*(?:anthropic|openai)\.com"
    r"|cursoragent@cursor\.com"
    r"|(?:\d+\+)?(?:copilot|claude|codex|cursor|gemini|devin|jules)[\w-]*(?:\[bot\])?"
    r"@users\.noreply\.github\.com"
    r"|noreply@aider\.chat",
    re.IGNORECASE,
)
_NAMES = ("claude", "codex", "copilot", "gemini", "cursor", "devin", "aider", "jules", "grok")
_ASSISTED = re.compile(
    r"(?P<agent>[^\s:<>@]+(?: [^\s:<>@]+)*):(?P<model>[^\s:<>@]\S*)(?P<tools>(?: .*)?)"
)


def is_agent(who: Identity) -> bool:
    """Whether an AI agent is meant and not a person.

    Some agents have names that people have, too; such a name alone counts only without an
    address, or with one that nobody reads.
    """
    name = " ".join(who.name.split())
    if _ADDRESSES.fullmatch(who.email) or _PRODUCTS.fullmatch(name):
        return True
    local = who.email.partition("@")[0].casefold()
    unread = not who.email or local.replace("-", "") in ("noreply", "bot", "agent")
    return unread and name.casefold() in _NAMES


def is_assistance(value: str) -> bool:
    """Whether ``value`` has the form of Documentation/process/coding-assistants.rst.

    That is ``AGENT_NAME:MODEL_VERSION [TOOL1] [TOOL2]``, the tools with or without brackets.
    """
    match = _ASSISTED.fullmatch(value)
    return match is not None and "@" not in match["tools"]
