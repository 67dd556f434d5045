"""One harness under atheris: ``python -m tests.fuzz.coverage HARNESS [libFuzzer's arguments]``."""

import sys

import atheris

with atheris.instrument_imports(include=["patchgen"]):
    from tests.fuzz.harnesses import survives


def main() -> None:
    """Hand over to libFuzzer, which does not come back."""
    name = sys.argv[1]

    def one_input(data: bytes) -> None:
        survives(name, data)

    atheris.Setup([sys.argv[0], *sys.argv[2:]], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
