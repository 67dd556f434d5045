"""How a program ended, from its status."""

import signal


def killed_by(status: int) -> str | None:
    """In words, which signal ended a program; a shell's and bubblewrap's way to say it, too."""
    if 0 <= status <= 128:
        return None
    number = status - 128 if status > 128 else -status
    try:
        return f"was killed by {signal.Signals(number).name}"
    except ValueError:
        return f"ended with status {status}"
