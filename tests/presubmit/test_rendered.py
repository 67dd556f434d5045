"""Patches kept beside their templates: rendered again from what is submitted, within bounds."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from patchgen.reading.git_range import open_repository
from patchgen.rendering.apart import Bounds, render_kept
from patchgen.rendering.kept import RenderedSeries
from patchgen.trees.base import open_commit
from tests.conftest import Ran
from tests.presubmit.conftest import Project
from tests.series.generated import AS_AUTHOR, git
from tests.trees.lamp import snapshot, write_template

Cli = Callable[..., Ran]
FIRST = "series/dim/0001-dim.patch.j2"
MAIL = "out/dim/0001-lamp-dim-it.patch"
SETTINGS = '[[rendered]]\ntemplate = "series/dim"\noutput = "out/dim"\n'
LOOP = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
BOUNDS = Bounds(seconds=5, memory=400 << 20)


def commit(project: Project, title: str) -> str:
    git("add", "--all", cwd=project.checkout)
    words = ("commit", "--quiet", "--signoff", "-m", title, "-m", "Why.")
    git(*words, cwd=project.checkout, env=AS_AUTHOR)
    return project.id("HEAD")


@pytest.fixture
def kept(installed: Project, run_cli: Cli) -> Project:
    """The project with templates and what they render, on its remote, too."""
    base = installed.id("HEAD")
    write_template(installed.checkout / "series" / "dim")
    (installed.checkout / "patchgen.toml").write_text(f'{SETTINGS}base = "{base}"\n')
    assert run_cli("render", "./series/dim", "--base", base, "-o", "out/dim").status == 0
    commit(installed, "series: keep one")
    git("push", "--quiet", "--no-verify", "origin", "main", cwd=installed.checkout)
    return installed


def edit(project: Project, name: str, old: str, new: str) -> None:
    path = project.checkout / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def rendered(project: Project, tmp_path: Path, bounds: Bounds = BOUNDS) -> RenderedSeries:
    """The only kept series of HEAD."""
    user = open_repository(str(project.checkout))
    place = tmp_path / "workspace"
    place.mkdir()
    base = open_commit(place, user, project.id("HEAD"))
    (series,) = render_kept(user, base, place / "rendered", bounds)
    return series


def test_push_is_refused_until_the_command_was_run(kept: Project) -> None:
    edit(kept, FIRST, "It is too bright.", "It hurts.")
    commit(kept, "series: say how bright")
    before = kept.remote_refs()
    ran = kept.git("push", "origin", "main")
    assert ran.status == 1
    assert kept.remote_refs() == before
    message = '"series/dim" renders "It hurts." here, there is "It is too bright."'
    assert f"{MAIL}:6: error: {message} [rendered-output-stale]\n" in ran.err
    assert "hint: -It is too bright.\nhint: +It hurts.\n" in ran.err

    command = next(line for line in ran.err.splitlines() if line.startswith("hint: patchgen"))
    words = shlex.split(command.removeprefix("hint: "))
    from patchgen.cli.main import main

    assert main(words[1:]) == 0
    assert kept.git("push", "origin", "main").status == 1, "rendered, but not committed"
    tip = commit(kept, "series: render it")
    ran = kept.git("push", "origin", "main")
    assert ran.status == 0, ran.err
    assert kept.remote_refs()["refs/heads/main"] == tip
    assert "1 of 1 series in patchgen.toml up to date" in ran.err


def test_the_commit_counts_and_not_the_work_tree(kept: Project, run_cli: Cli) -> None:
    kept.good()
    (kept.checkout / MAIL).write_text("not committed\n")
    before = snapshot(kept.checkout)
    assert run_cli("presubmit").status == 0
    assert snapshot(kept.checkout) == before
    commit(kept, "out: spoil it")
    git("checkout", "--quiet", "HEAD~", "--", MAIL, cwd=kept.checkout)
    assert "[rendered-output-stale]" in run_cli("presubmit").out


def test_the_command_makes_the_report_again(kept: Project, run_cli: Cli) -> None:
    edit(kept, MAIL, "level = 5", "level = 6")
    commit(kept, "out: dim it less")
    ran = run_cli("presubmit", "--format", "json")
    report = json.loads(ran.out)
    assert [one["check"] for one in report["findings"]] == ["rendered-output-stale"]
    again = run_cli(*shlex.split(report["command"])[1:], "--format", "json")
    assert (again.status, json.loads(again.out)) == (1, report)


@pytest.mark.parametrize(
    "template",
    [
        LOOP,
        "{{ ('%999999999d' % 1) ~ ('%999999999d' % 2) }}",
        "{% set ns = namespace(x='x' * 99999) %}"
        "{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{{ ((((9 ** 99999) ** 9) ** 9) ** 9) % 7 }}",
        "{% include '0001-dim.patch.j2' %}",
    ],
    ids=["time", "padding", "memory", "power", "recursion"],
)
def test_hostile_template_is_a_finding(kept: Project, tmp_path: Path, template: str) -> None:
    path = kept.checkout / FIRST
    path.write_text(template + path.read_text())
    commit(kept, "series: be nasty")
    series = rendered(kept, tmp_path)
    (fault,) = series.faults
    assert fault.message.startswith('"series/dim" cannot be rendered: ')
    assert not series.differences


def test_what_took_too_long_is_named(kept: Project, tmp_path: Path) -> None:
    path = kept.checkout / FIRST
    path.write_text(
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    )
    commit(kept, "series: be nasty")
    (fault,) = rendered(kept, tmp_path, Bounds(seconds=2)).faults
    assert "it takes more than 2 seconds or 1024 MiB of memory" in fault.message


def test_nothing_outside_the_repository_is_read(kept: Project, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("swordfish\n")
    path = kept.checkout / FIRST
    for attack in ("link.j2", "../../../secret", str(secret)):
        git("reset", "--quiet", "--hard", "origin/main", cwd=kept.checkout)
        (kept.checkout / "series" / "dim" / "link.j2").symlink_to(secret)
        path.write_text(f"{{% include '{attack}' %}}\n" + path.read_text())
        commit(kept, "series: be curious")
        place = tmp_path / str(len(attack))
        place.mkdir()
        (fault,) = rendered(kept, place).faults
        assert f'no template "{attack}"' in fault.message
        assert (fault.file, fault.line) == (FIRST, 1)


def test_template_that_is_a_link_is_none(kept: Project, tmp_path: Path) -> None:
    write_template(tmp_path / "elsewhere")
    git("rm", "-r", "--quiet", "series/dim", cwd=kept.checkout)
    (kept.checkout / "series").mkdir(exist_ok=True)
    (kept.checkout / "series" / "dim").symlink_to(tmp_path / "elsewhere")
    commit(kept, "series: have it elsewhere")
    (fault,) = rendered(kept, tmp_path).faults
    assert 'there is no directory "series/dim"' in fault.message


def test_without_settings_no_process_is_started(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_process(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("patchgen.rendering.apart.run", no_process)
    user = open_repository(str(project.checkout))
    base = open_commit(tmp_path, user, project.id("HEAD"))
    assert render_kept(user, base, tmp_path / "rendered", BOUNDS) == ()
