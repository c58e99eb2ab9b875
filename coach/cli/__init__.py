"""The command line: parses, calls, prints. Exit 0: done; 1: the world or a file is at fault; 2: wrong usage.

Law: imports stand in the commands: `coach --help` answers at once, and a rehearsal needs no sound library.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from coach.cli.parser import parser
from coach.ports import WorldError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; faults of the world are one line on standard error."""
    options = parser().parse_args(arguments)
    try:
        code: int = options.call(options)
    except WorldError as fault:
        print(f"coach: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ncoach: ended", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has enough of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code
