"""The command line in the process of a test."""

from __future__ import annotations

import pytest

from coach import cli


def error_line(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints that exits with 1."""
    assert cli.main(arguments) == 1
    printed = capsys.readouterr()
    line: str = printed.err.rstrip("\n")
    assert line.startswith("coach: ")
    assert "Traceback" not in printed.err + printed.out
    return line
