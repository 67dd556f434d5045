"""Settings taken out of TOML, with errors that say where and what."""

from typing import Any

from patchgen.errors import TemplateError, suggestion


class Table:
    """A TOML table from which every key is taken exactly once.

    ``place`` is what it is called in messages.
    """

    def __init__(self, place: str, content: Any) -> None:
        if not isinstance(content, dict):
            raise TemplateError(f"{place} is no table", "write name = value lines below it")
        self.place = place
        self._content = dict(content)
        self._asked: list[str] = []

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        """The value of a key, ``default`` without it. Raises TemplateError if it is another kind.

        Without a default the key must be there.
        """
        self._asked.append(key)
        value = self._content.pop(key, default)
        if value is None:
            raise TemplateError(f'{self.place}: "{key}" is missing', "every series needs it")
        if not isinstance(value, kind):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            raise TemplateError(
                f'{self.place}: "{key}" is a {type(value).__name__}',
                f"make it a {' or '.join(one.__name__ for one in kinds)}",
            )
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty without the key. Raises TemplateError if it is none."""
        values = self.take(key, list, [])
        if not all(isinstance(value, str) for value in values):
            raise TemplateError(f'{self.place}: "{key}" holds more than strings', "quote them")
        return tuple(values)

    def finish(self) -> None:
        """Raise TemplateError for a key that nobody has taken."""
        for key in self._content:
            raise TemplateError(f'{self.place}: unknown key "{key}"', suggestion(key, self._asked))
