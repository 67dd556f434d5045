"""Nothing in a mail becomes an option or a revision of git, or a file of ours."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.trees.lamp import make_lamp, snapshot

Cli = Callable[..., Ran]
HOSTILE = (
    "--output=owned", "-owned", "--upload-pack=touch owned", "@{upstream}", "HEAD", "main",
    "../../owned", "/tmp/owned", ".git/hooks/owned", "$(touch owned)", "`touch owned`", ":/lamp",
)  # fmt: skip


@pytest.fixture
def lamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout as the current directory, where a mail might find something to do."""
    checkout = make_lamp(tmp_path / "lamp")
    monkeypatch.chdir(checkout)
    return checkout


def mail(word: str) -> str:
    """A patch that says ``word`` wherever a mail can say something."""
    return (
        f"From: {word} <a@example.com>\nMessage-ID: <{word.replace(' ', '')}>\n"
        f"In-Reply-To: <{word.replace(' ', '')}>\nSubject: [{word}] {word}\n\n{word}\n\n"
        f'Since commit {word} ("{word}") all is well.\n\nFixes: {word} ("{word}")\n'
        f"Signed-off-by: {word} <a@example.com>\n---\n {word} | 2 +-\n"
        " 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
        f"diff --git a/{word} b/{word}\nindex 0123456..{word} 100644\n"
        f"--- a/{word}\n+++ b/{word}\n@@ -1 +1 @@\n-a\n+b\n-- \n{word}\n\n"
        f"base-commit: {word}\nprerequisite-patch-id: {word}\nchange-id: {word}\n"
    )


@pytest.mark.parametrize("word", HOSTILE)
def test_words_of_a_mail_are_words_only(
    lamp: Path, tmp_path: Path, run_cli: Cli, word: str
) -> None:
    posted = tmp_path / "posted"
    posted.mkdir()
    (posted / "1.patch").write_text(mail(word))
    before, around = snapshot(lamp), sorted(path.name for path in tmp_path.iterdir())
    for options in ((), ("--base", "main"), ("--tree", lamp)):
        ran = run_cli("verify", posted / "1.patch", "--no-build", *options)
        assert ran.status == 1, ran.out + ran.err
        assert "Traceback" not in ran.err
    assert snapshot(lamp) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == around
    assert not Path("/tmp/owned").exists()


@pytest.mark.parametrize("option", ["--base", "--tree"])
def test_what_the_user_names_is_no_option_either(
    lamp: Path, tmp_path: Path, run_cli: Cli, option: str
) -> None:
    (tmp_path / "1.patch").write_text(mail("lamp.c"))
    before = snapshot(lamp)
    ran = run_cli("verify", tmp_path / "1.patch", f"{option}=--output=owned")
    assert ran.status == 2
    assert ran.err.startswith("error: ")
    assert snapshot(lamp) == before
