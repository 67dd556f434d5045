"""A small repository, a series for it, and a template that makes the series."""

import hashlib
import os
from pathlib import Path

from tests.series.generated import AS_AUTHOR, git

LAMP = """\
#include "lamp.h"

static int level;

int lamp_on(void)
{
	level = 10;
	return 0;
}

int lamp_off(void)
{
	level = 0;
	return 0;
}

int lamp_level(void)
{
	return level;
}
"""
FILES = {
    "lamp.c": LAMP,
    "lamp.h": "int lamp_on(void);\nint lamp_off(void);\n",
    "doc/lamp.txt": "A lamp.\n",
    "Makefile": "VERSION = 5\nPATCHLEVEL = 2\nSUBLEVEL = 0\n",
}
DIMMED = LAMP.replace("level = 10;", "level = 5;")
DECLARED = FILES["lamp.h"] + "int lamp_level(void);\n"
SETTINGS = """\
title = "lamp: dim it"
author = "A U Thor <author@example.com>"
date = "2019-06-05T12:00:00+00:00"
cover-letter = "cover.j2"
patches = ["0001-dim.patch.j2", "0002-declare.patch.j2"]

[variables.level]
description = "how bright"
default = 5
"""
COVER = "{{ title }}\n\nLamps are too bright.\n"
PATCHES = {
    "0001-dim.patch.j2": """\
lamp: dim it

It is too bright.

Signed-off-by: {{ author }}
---
--- a/lamp.c
+++ b/lamp.c
@@ int lamp_on(void)
-	level = 10;
+	level = {{ level }};
""",
    "0002-declare.patch.j2": """\
lamp: declare lamp_level

Somebody may want it.

Signed-off-by: {{ author }}
---
--- a/lamp.h
+++ b/lamp.h
@@
 int lamp_off(void);
+int lamp_level(void);
""",
}


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write files, and the directories they are in."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def make_lamp(path: Path, *options: str) -> Path:
    """A checkout with two commits."""
    path.mkdir(parents=True)
    git("init", "--quiet", "-b", "main", *options, ".", cwd=path)
    write_files(path, FILES | {"doc/lamp.txt": "No lamp yet.\n"})
    git("add", ".", cwd=path)
    git("commit", "--quiet", "-m", "lamp: have one", cwd=path)
    write_files(path, FILES)
    git("commit", "--quiet", "-am", "lamp: document it", cwd=path)
    return path


def post_series(repository: Path, folder: Path) -> Path:
    """Two patches for the checkout with a cover letter, in ``folder``; HEAD is as before."""
    base = git("rev-parse", "HEAD", cwd=repository).decode().strip()
    for name, text, title in (
        ("lamp.c", DIMMED, "lamp: dim it"),
        ("lamp.h", DECLARED, "lamp: declare lamp_level"),
    ):
        (repository / name).write_text(text)
        words = ("commit", "--quiet", "--signoff", "-am", title, "-m", "Why.")
        git(*words, cwd=repository, env=AS_AUTHOR)
    git(
        "-c", "core.abbrev=12", "format-patch", "--quiet", "--cover-letter", f"--base={base}",
        f"-o{folder}", base, cwd=repository,
    )  # fmt: skip
    git("reset", "--quiet", "--hard", base, cwd=repository)
    letter = folder / "0000-cover-letter.patch"
    text = letter.read_text().replace("*** SUBJECT HERE ***", "lamp: dim it")
    letter.write_text(text.replace("*** BLURB HERE ***", "Lamps are too bright."))
    return folder


def write_template(folder: Path, **changes: str) -> Path:
    """The template of the series; ``changes`` replaces files: cover, settings, first, second."""
    names = {
        "settings": "series.toml",
        "cover": "cover.j2",
        "first": "0001-dim.patch.j2",
        "second": "0002-declare.patch.j2",
    }
    files = {"series.toml": SETTINGS, "cover.j2": COVER, **PATCHES}
    return write_files(folder, files | {names[key]: text for key, text in changes.items()})


def snapshot(folder: Path) -> dict[str, tuple[object, ...]]:
    """Everything below ``folder``: kind, mode, times and a hash of the content."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted([folder, *folder.rglob("*")]):
        status = path.lstat()
        if path.is_symlink():
            content = os.readlink(path)
        else:
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        name = str(path.relative_to(folder))
        found[name] = (status.st_mode, status.st_mtime_ns, status.st_ino, content)
    return found
