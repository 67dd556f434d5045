"""Charsets as git converts them: strictly, to UTF-8, or not at all.

git asks iconv, which knows names that Python does not, and the other way round; a name counts only
where glibc and Python agree on it, so nothing is read here that git could not read.
"""

import re

_LATIN = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "13", "14", "15", "16")
_NAMES = {
    "ascii us-ascii ansi_x3.4-1968 iso646-us": "ascii",
    "latin1 latin-1 l1 cp819": "iso8859-1",
    "gb2312 euc-cn": "gb2312",
    "gbk cp936 ms936 windows-936": "gbk",
    "gb18030": "gb18030",
    "big5": "big5",
    "big5-hkscs": "big5hkscs",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "shift_jis shift-jis sjis": "shift_jis",
    "cp932 windows-31j": "cp932",
    "euc-kr ks_c_5601-1987": "euc_kr",
    "iso-2022-kr": "iso2022_kr",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "tis-620": "tis_620",
    "utf-7": "utf_7",
    "utf-8 utf8": "utf-8",
}
_CODECS = {name: codec for names, codec in _NAMES.items() for name in names.split()}
_CODECS |= {
    f"{way}-{part}": f"iso8859-{part}" for way in ("iso-8859", "iso8859") for part in _LATIN
}
_CODECS |= {f"{way}{page}": f"cp{page}" for way in ("windows-", "cp") for page in range(1250, 1259)}
_CODECS |= {f"{way}{page}": f"cp{page}" for way in ("cp", "ibm") for page in (437, 850, 852, 866)}
_NO_NAME = re.compile(r"[^A-Za-z0-9_./:,-]")
_UTF_8 = re.compile(r"utf-?8", re.IGNORECASE)


def charset_name(text: str) -> str:
    """A charset's name as glibc's iconv reads it: without marks that no name has."""
    return _NO_NAME.sub("", text)


def is_utf8(charset: str) -> bool:
    """Whether git takes the name for UTF-8, as ``is_encoding_utf8()`` in its utf8.c does."""
    return _UTF_8.fullmatch(charset) is not None


def is_known(charset: str) -> bool:
    """Whether text in this charset can be converted; no charset at all leaves it as it is."""
    return not charset or is_utf8(charset) or charset_name(charset).lower() in _CODECS


def is_ascii_superset(charset: str) -> bool:
    """Whether ASCII means the same in it: true for all that is known but what shifts."""
    return is_known(charset) and not charset_name(charset).lower().startswith(("iso-2022", "utf-7"))


def to_utf8(data: bytes, charset: str) -> bytes | None:
    """``data`` in UTF-8, or None where git says "cannot convert".

    Bytes without a charset, and those that are said to be UTF-8, are not looked at.
    """
    if not charset or is_utf8(charset):
        return data
    codec = _CODECS.get(charset_name(charset).lower())
    if codec is None:
        return None
    try:
        return data.decode(codec).encode()
    except UnicodeError:
        return None


def with_latin1_guessed(data: bytes) -> bytes:
    """``data`` as a commit holds it: bytes that are no UTF-8 are taken for Latin-1.

    That is ``verify_utf8()`` in git's commit.c, which is put to message and author.
    """
    found = bytearray()
    while True:
        try:
            data.decode()
        except UnicodeDecodeError as error:
            found += data[: error.start]
            found += data[error.start : error.start + 1].decode("latin-1").encode()
            data = data[error.start + 1 :]
        else:
            return bytes(found + data)
