"""The command `forget`: deletes everything that the coach keeps about the lifter."""

from __future__ import annotations

import argparse
import sys


def forget(options: argparse.Namespace) -> int:
    from coach.wiring import stored_files

    found = stored_files.personal_files()
    if not found:
        print("Nothing is kept.")
    for path in found:
        print(path)
    if found and not options.yes:
        if sys.stdin is None or not sys.stdin.isatty():
            print("coach forget: nobody can be asked here: add --yes", file=sys.stderr)
            return 2
        if not _agrees():
            print("Nothing was deleted.")
            return 0
    stored_files.forget(found)
    if found:
        print("All of it is deleted. Models and voices are still there.")
    return 0


def _agrees() -> bool:
    try:
        return input("Delete all of it, for good? Type yes: ").strip().lower() == "yes"
    except EOFError:
        print()
        return False
