"""Reads commands files that are not ours: hassil's format as other programs write it, without our schema."""

from __future__ import annotations

from pathlib import Path

import yaml

from coach.language.grammar import Grammar
from coach.language.habits import POLITE
from coach.ports import ScriptError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_grammar(path: Path) -> Grammar:
    """The grammar of a commands file; ScriptError tells in one line why it cannot be used, and the remedy."""
    try:
        commands = yaml.load(path.read_text(encoding="utf-8"), _LOADER)
        if not isinstance(commands, dict):
            raise ValueError("holds no keys: give `language`, `intents` and what they need")
        return Grammar(commands, POLITE)
    except OSError as fault:
        raise ScriptError(f"cannot read {str(path)!r} ({fault.strerror}): check the name") from fault
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise ScriptError(f"{path}: is no YAML ({' '.join(str(fault).split())}): mend it there") from fault
    except (ValueError, TypeError, AttributeError, KeyError) as fault:
        raise ScriptError(f"{path}: {fault}") from fault
    except RecursionError as fault:
        raise ScriptError(f"{path}: brackets or rules are nested too deep: make them flatter") from fault
