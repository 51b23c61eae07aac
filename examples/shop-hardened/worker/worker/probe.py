"""Exit code 0 while the worker has heard from the queue within the last minute."""

import sys
import time

from worker.main import ALIVE


def main() -> int:
    try:
        age = time.time() - ALIVE.stat().st_mtime
    except FileNotFoundError:
        return 1
    return 0 if age < 60 else 1


if __name__ == "__main__":
    sys.exit(main())
