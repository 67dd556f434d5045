"""Who is named by a trailer, and who is the same person."""

import pytest

from patchgen.series.mail.identity import Identity
from patchgen.series.trailers.people import person, same_person


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("A U Thor <author@example.com>", "A U Thor", "author@example.com"),
        ('"Thor, A U" <author@example.com>', "Thor, A U", "author@example.com"),
        ("<author@example.com>", "", "author@example.com"),
        ("author@example.com", "", "author@example.com"),
        ("stable@vger.kernel.org # 5.2+", "", "stable@vger.kernel.org"),
        ("A <a@example.com> # v5: only patch <1@x>", "A", "a@example.com"),
        ("A U Thor (Example) <a@example.com>", "A U Thor (Example)", "a@example.com"),
        ("A U Thor", "A U Thor", ""),
        ("A U Thor <author at example.com>", "A U Thor", ""),
        ("A U Thor # by chance", "A U Thor", ""),
        ("", "", ""),
    ],
)
def test_a_value_is_taken_apart(value: str, name: str, address: str) -> None:
    assert person(value) == Identity(name, address)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A U Thor <a@example.com>", "B <A@Example.com>", True),
        ("A U Thor <a@example.com>", "A U Thor <other@example.org>", True),
        ("A U Thor <a+kernel@example.com>", "<a@example.com>", True),
        ("A U Thor <a@example.com>", "Thor, A. U. <b@example.com>", True),
        ("A U Thor (Example) <a@example.com>", "a u thor <b@example.com>", True),
        ("A U Thor via Relay <r@example.com>", "A U Thor <b@example.com>", True),
        ("Zoë Kovač <z@example.com>", "Zoe Kovac <k@example.com>", True),
        ("Stanislav Kowalski <s@example.com>", "Stanislav Kowalskij <k@example.com>", True),
        ("山田 太郎 <y@example.com>", "山田 太郎 <t@example.com>", True),
        ("山田 太郎 <y@example.com>", "山田 花子 <t@example.com>", False),
        ("Anna Berg <a@example.com>", "Hanna Burg <h@example.com>", False),
        ("Anna <a@example.com>", "Anno <b@example.com>", False),
        ("<a@example.com>", "<b@example.com>", False),
        ("relay@example.com <relay@example.com>", "relay@example.com <b@example.com>", False),
        ("", "", False),
    ],
)
def test_the_same_person_is_known_again(one: str, other: str, same: bool) -> None:
    assert same_person(person(one), person(other)) is same
    assert same_person(person(other), person(one)) is same
