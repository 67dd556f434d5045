"""Run the harnesses for a while: ``python -m tests.fuzz SECONDS [HARNESS…]``.

Every harness gets its share of the time, half of it with inputs from the grammars, half with
those that atheris finds, if it is installed. What breaks something is left in ``out/fuzz``.
"""

import argparse
import importlib.util
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

from tests.fuzz.grammar import GRAMMARS, damaged
from tests.fuzz.harnesses import BIGGEST, HARNESSES, HOME, SLOWEST, seeded, survives

_FROM_GRAMMAR = """
import sys
from tests.fuzz.__main__ import from_grammar
sys.exit(from_grammar(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
"""


def made(name: str, number: int) -> bytes:
    """The input with this number for a harness."""
    source = seeded(f"{name} {number}")
    return damaged(source, GRAMMARS[name](source))


def from_grammar(name: str, seconds: float, start: int) -> int:
    """Feed a harness from its grammar; 1 when an input broke it."""
    resource.setrlimit(resource.RLIMIT_AS, (4 * BIGGEST * 1024,) * 2)
    end, number, broken = time.monotonic() + seconds, start, 0
    while time.monotonic() < end:
        broken += not survives(name, made(name, number))
        number += 1
    fullest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    inputs = f"{number - start} inputs from the grammar, from {start} on"
    print(f"{name}: {inputs}: {broken} broke it, {fullest} MiB", flush=True)
    return int(broken > 0)


def by_coverage(name: str, seconds: float) -> int:
    """Let atheris look for inputs, from a corpus that it keeps; 1 when it ended early."""
    corpus = HOME / f"corpus-{name}"
    corpus.mkdir(exist_ok=True)
    for number in range(200):
        (corpus / f"grammar-{number}").write_bytes(made(name, number))
    return _module(
        "tests.fuzz.coverage", name, str(corpus), "-max_len=8192",
        f"-rss_limit_mb={BIGGEST // 1024}",
        f"-max_total_time={int(seconds)}", f"-timeout={int(2 * SLOWEST)}",
        f"-artifact_prefix={HOME}/broke-{name}-", "-print_final_stats=1", "-verbosity=0",
    )  # fmt: skip


def _module(*argv: str) -> int:
    return int(subprocess.run([sys.executable, "-m", *argv], check=False).returncode != 0)


def fuzz(names: Sequence[str], seconds: float, start: int) -> bool:
    """Give each harness its share; whether all of them held out.

    Each runs in a process of its own, so that the memory it takes is its own.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    guided = importlib.util.find_spec("atheris") is not None
    if not guided:
        print("atheris is not installed: grammars only")
    share = seconds / len(names) / (2 if guided else 1)
    broken = 0
    for name in names:
        argv = (sys.executable, "-c", _FROM_GRAMMAR, name, str(share), str(start))
        broken += subprocess.run(argv, check=False).returncode != 0
        if guided:
            broken += by_coverage(name, share)
    return not broken and not any(HOME.glob("broke-*"))


def main() -> int:
    """Fuzz for as long as asked; 1 when anything broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("seconds", type=float)
    parser.add_argument("harness", nargs="*", help=f"of {', '.join(HARNESSES)}; default: all")
    parser.add_argument("--start", type=int, default=0, help="the first number for the grammars")
    asked = parser.parse_args()
    return int(not fuzz(asked.harness or [*HARNESSES], asked.seconds, asked.start))


if __name__ == "__main__":
    sys.exit(main())
