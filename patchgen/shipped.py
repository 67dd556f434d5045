"""Where the templates and fixtures that ship with patchgen lie."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _folder(name: str) -> Path:
    """Inside the package in a wheel, beside the package in a checkout."""
    packaged = _PACKAGE / "shipped-data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name


def templates() -> Path:
    """The folder with one folder per shipped series."""
    return _folder("templates")


def fixture_trees() -> Path:
    """The folder with one folder per fixture tree."""
    return _folder("kernel-fixtures") / "trees"


def boot_tests() -> Path:
    """The folder with what runs in a booted kernel."""
    return _folder("kernel-fixtures") / "boot"
