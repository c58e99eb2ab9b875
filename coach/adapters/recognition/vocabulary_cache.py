"""Compiled vocabularies on disk: compiling the commands of one state takes 0.3 s, reading them takes 0.03 s.

Law: a file is used only for the commands, habits and code that it was made from. A damaged file is compiled again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from coach import language
from coach.adapters.files.atomic_write import write_atomically
from coach.language.grammar import Grammar
from coach.ports import Automaton, Vocabulary

_NAME_DIGITS = 20
"""Number of hexadecimal digits in the names of files and folders."""


class VocabularyCache:
    """The vocabularies of one grammar: from memory, from disk, or compiled. Any thread may ask."""

    def __init__(self, grammar: Grammar, made_of: object, folder: Path) -> None:
        """`made_of`: everything that `grammar` was made from, with a `repr` that shows all of it.

        `folder`: the cache folder, which may be deleted.
        """
        self._grammar = grammar
        self._folder = folder / "vocabularies" / _digest(f"{made_of!r} {_code()}")
        self.vocabulary = lru_cache(maxsize=64)(self._find)

    def _find(self, intents: frozenset[str], after_wake_word: frozenset[str] = frozenset()) -> Vocabulary:
        """The vocabulary while these intents are live; `after_wake_word`: those that are live behind the wake word."""
        path = self._folder / f"{_digest(f'{sorted(intents)} {sorted(after_wake_word)}')}.npz"
        with contextlib.suppress(OSError, ValueError, TypeError, LookupError, EOFError, BadZipFile):
            return _read(path)
        found = self._grammar.vocabulary(intents, after_wake_word)
        # A cache that cannot be written only costs 0.3 s at the next start.
        with contextlib.suppress(OSError):
            self._write(path, found)
        return found

    def _write(self, path: Path, vocabulary: Vocabulary) -> None:
        if not self._folder.is_dir():
            # Files made from other commands, habits or code cannot be used any more.
            shutil.rmtree(self._folder.parent, ignore_errors=True)
            self._folder.mkdir(parents=True)
        words: dict[str, int] = {}
        graphs = [graph for graph in (vocabulary.automaton, vocabulary.phrases_only) if graph is not None]
        arcs = [
            [(here, there, words.setdefault(word, len(words))) for here, there, word in graph.arcs] for graph in graphs
        ]
        header = {
            "phrases": vocabulary.phrases,
            "words": list(words),
            "ends": [(graph.start, graph.end) for graph in graphs],
        }
        arrays: dict[str, Any] = {
            f"arcs{index}": np.array(rows, np.int32).reshape(-1, 3) for index, rows in enumerate(arcs)
        }
        text = np.frombuffer(json.dumps(header).encode(), np.uint8)
        write_atomically(path, lambda file: np.savez(file, told=text, **arrays))


def _read(path: Path) -> Vocabulary:
    """Read a file of `_write`. Its arrays take a tenth of the memory that text would take while it is read."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        header = json.loads(arrays["told"].tobytes())
        words = header["words"]
        graphs = [
            Automaton(start, end, tuple((here, there, words[word]) for here, there, word in arrays[name].tolist()))
            for name, (start, end) in zip(("arcs0", "arcs1"), header["ends"], strict=False)
        ]
    return Vocabulary(tuple(header["phrases"]), graphs[0], graphs[1] if len(graphs) > 1 else None)


def _code() -> list[tuple[str, int, int]]:
    """Name, size and time of every module that takes part in compiling."""
    folder = Path(str(language.__file__)).parent
    return [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in sorted(folder.glob("*.py"))]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_NAME_DIGITS]
