"""Writing an initramfs: a cpio archive of the "newc" format, which needs no rights to make.

Format: Documentation/driver-api/early-userspace/buffer-format.rst in the kernel tree.
"""

import stat
from collections.abc import Mapping

_DIRECTORIES = ("dev", "proc", "sys")
_DEVICES = {
    "dev/console": (5, 1),
    "dev/null": (1, 3),
    "dev/zero": (1, 5),
    "dev/random": (1, 8),
    "dev/urandom": (1, 9),
    "dev/kmsg": (1, 11),
    "dev/kvm": (10, 232),
}
_END = "TRAILER!!!"
_ALIGNMENT = 4


def initramfs(programs: Mapping[str, bytes]) -> bytes:
    """An archive with ``programs`` by name, mount points, and the devices that tests need."""
    entries = [_entry(name, stat.S_IFDIR | 0o755) for name in _DIRECTORIES]
    entries += [
        _entry(name, stat.S_IFCHR | 0o600, device=device) for name, device in _DEVICES.items()
    ]
    entries += [_entry(name, stat.S_IFREG | 0o755, data) for name, data in programs.items()]
    return b"".join((*entries, _entry(_END, 0)))


def _entry(name: str, mode: int, data: bytes = b"", device: tuple[int, int] = (0, 0)) -> bytes:
    """One file that belongs to root, of no date."""
    path = name.encode() + b"\0"
    links = 2 if stat.S_ISDIR(mode) else 1
    numbers = (0, mode, 0, 0, links, 0, len(data), 0, 0, *device, len(path), 0)
    head = b"070701" + b"".join(b"%08X" % number for number in numbers)
    return _padded(head + path) + _padded(data)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)
