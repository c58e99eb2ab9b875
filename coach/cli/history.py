"""The commands about what was trained: history, report, export, import."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from coach.cli.terminal import print_error

if TYPE_CHECKING:
    from coach.training.overview import WorkoutChoice

NOTHING_TRAINED = (
    "Nothing was trained yet: `coach run` coaches and keeps what you do, `coach import FILE` brings what you did."
)
NONE_CHOSEN = "No workout is like that: `coach history` shows the last ones."


def history(options: argparse.Namespace) -> int:
    from coach.cli.history_table import as_json, table_lines
    from coach.wiring import journal
    from coach.wiring.logged_workouts import logged_workouts

    kept = journal.history(options.lifter)
    found = list(workout_choice(options, options.last).of(logged_workouts(kept)))
    if options.json:
        for workout in found:
            print(json.dumps(as_json(workout), ensure_ascii=False))
    elif found:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        print("\n".join(table_lines(found, width)))
    else:
        print(NONE_CHOSEN if next(logged_workouts(kept), None) else NOTHING_TRAINED)
    return 0


def workout_choice(options: argparse.Namespace, last: int | None = None) -> WorkoutChoice:
    from coach.training.overview import WorkoutChoice

    return WorkoutChoice(last, None if options.since is None else options.since.timestamp(), options.exercise)


def report(options: argparse.Namespace) -> int:
    import webbrowser

    from coach.wiring.reporting import write_report

    if not write_report(options.out, workout_choice(options), options.lifter):
        print(NONE_CHOSEN if options.since or options.exercise else NOTHING_TRAINED)
        return 0
    print(options.out)
    if options.open and not webbrowser.open(options.out.resolve().as_uri()):
        print_error(f"coach: no browser was found: open {options.out} yourself")
        return 1
    return 0


def export(options: argparse.Namespace) -> int:
    from coach.adapters.files.output import write_file
    from coach.formats.conversion import export as written
    from coach.wiring import journal

    content = written(options.format, journal.history(options.lifter).sessions(), options.unit).encode()
    if options.out is not None:
        write_file(options.out, content, private=True)
    else:
        sys.stdout.flush()
        # Written as bytes: the export is UTF-8 in every encoding of the terminal.
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    return 0


def import_file(options: argparse.Namespace) -> int:
    from coach.wiring.importing import add_to_journal, read

    name, found = read(options.file, options.format, options.unit)
    if found.left_out:
        print_error(f"coach: rows without repetitions, such as cardio and rest timers, are left out: {found.left_out}")
    new = add_to_journal(found, options.lifter)
    old = len(found.sessions) - new
    print(f"{options.file} ({name}): {new} new, {old} there already")
    return 0


def lifter_name(text: str) -> str:
    """Checks a lifter's name in an option: letters only, as in the settings, so that it cannot be a path."""
    if re.fullmatch(r"[a-z]{3,20}", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a lifter: write small letters, as in corner.lifters")
    return text


def day(text: str) -> datetime:
    """Reads a day in an option; returns its beginning in this machine's time zone."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write it like 2026-03-28") from error


def positive_number(text: str) -> int:
    """Reads a number in an option: 1 or more."""
    if not text.isdecimal() or int(text[:9]) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: give 1 or more")
    return int(text[:9])
