"""``python -m patchgen``"""

import sys

from patchgen.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
