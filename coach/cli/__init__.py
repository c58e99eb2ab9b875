"""The command line: parses, calls, prints. Exit codes: 0 done, 1 something wrong in the world or a file, 2 wrong usage,
130 Ctrl-C, 143 SIGTERM.

Law: imports are inside the commands: `coach --help` answers at once, and a rehearsal needs no sound library.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.cli import terminal


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; a fault of the world is one line on standard error."""
    terminal.prepare_streams()
    code = 1
    try:
        code = _run(arguments)
    except terminal.Terminated:
        terminal.print_error("coach: ended")
        code = 143
    except KeyboardInterrupt:
        terminal.print_interrupt()
        code = 130
    except BrokenPipeError:
        # The program that read our output has closed it.
        terminal.flush_output()
    except OSError as error:
        terminal.flush_output()
        where = f"{error.filename!r}" if error.filename is not None else "the output"
        terminal.print_error(f"coach: {where} cannot be used ({error.strerror or error}): give another")
    return code


def _run(arguments: Sequence[str] | None) -> int:
    # Imported here, so that Ctrl-C prints one line even while these modules load.
    from coach.cli.parser import parser
    from coach.ports import WorldError

    try:
        options = parser().parse_args(arguments)
        code: int = options.call(options)
    except WorldError as error:
        terminal.print_error(f"coach: {error}")
        return 1
    finally:
        unprinted = terminal.flush_output()
        if unprinted is not None:
            raise unprinted
    return code
