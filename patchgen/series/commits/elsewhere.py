"""Commits of other projects, which kernel people cite in the same words as their own."""

import re

_PROJECTS = """binutils busybox coreboot dpdk edk2 ethtool freebsd gcc gdb glibc grub iproute2
kvmtool libvirt llvm mesa musl netbsd openbsd openssl ovmf pahole qemu seabios systemd u-boot
util-linux xen"""
_KNOWN = frozenset(_PROJECTS.split())
_NAMES = "|".join(map(re.escape, sorted(_KNOWN)))
_BEFORE = re.compile(rf"(?<![\w/.-])(?:{_NAMES})(?:'s|’s)?(?:\s+git)?\s+$", re.IGNORECASE)
_BEHIND = re.compile(
    rf"\s*(?:in|of|from|to)\s+(?:the\s+)?(?:upstream\s+)?(?:{_NAMES})(?![\w/-])(?!:)", re.IGNORECASE
)
_WORD = re.compile(r"[\w./-]+:?")
_LONGEST = 400
_SENTENCE = re.compile(r"[.?!]\s|\n\s*\n")


def is_elsewhere(text: str, start: int, end: int) -> bool:
    """Whether a citation, from ``start`` to ``end``, says whose commit it is: "QEMU commit …"."""
    return bool(_BEFORE.search(text, max(0, start - 40), start) or _BEHIND.match(text, end))


def may_be_elsewhere(text: str, start: int) -> bool:
    """Whether the sentence mentions another project before the citation at ``start``.

    Then it may be either's: things go wrong "under QEMU since commit …", too.
    """
    words = _WORD.findall(sentence_before(text, start).lower())
    return not _KNOWN.isdisjoint(word.strip("./-") for word in words)


def sentence_before(text: str, start: int) -> str:
    """The part of a sentence that stands before ``start``; not all of it, if it is endless."""
    return _SENTENCE.split(text[max(0, start - _LONGEST) : start])[-1]
