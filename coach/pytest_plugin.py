"""A pytest plugin: it makes tests of the conversations in the folders that a project names.

    [tool.pytest.ini_options]
    coach_conversations = ["tests/conversations"]               # performed in text
    coach_audio_conversations = ["tests/conversations/aloud"]   # real speech through the real recogniser

Law: without such a folder the plugin costs nothing: it imports the coach only when it looks into a folder.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from coach.wiring.rehearsing import Rehearsals

TEXT, AUDIO = "coach_conversations", "coach_audio_conversations"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds settings, in which the project names its folders, and options for one run."""
    parser.addini(TEXT, "folders whose *.yaml, *.yml and *.convo.txt are conversations with the coach", "paths", [])
    parser.addini(AUDIO, "the same, performed in audio", "paths", [])
    parser.addini("coach_pack", "the exercise of conversations that name none: a folder, or a name", default="")
    parser.addini("coach_engine", "recognisers of audio conversations, as `coach run --engine` names them", "args", [])
    group = parser.getgroup("coach", "conversations with the coach")
    group.addoption("--coach-audio", action="store_true", help="perform every conversation in audio")
    group.addoption("--coach-engine", metavar="NAME,...", help="audio: once with each of these recognisers")
    group.addoption("--coach-voice", metavar="NAME,...", help="audio: once with each of these lifters")
    # With a blank in place of "=", pytest would take FOLDER for a folder of tests, and look for settings there.
    group.addoption("--coach-pack", metavar="FOLDER", help="the exercise of those that name none: --coach-pack=FOLDER")


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker (`-m "not coach_audio"` leaves out the long tests) and check the options."""
    config.addinivalue_line("markers", "coach_audio: a conversation performed in audio")
    config.stash[_LOADED] = {}
    for folder in _folders(config):
        if not folder.is_dir():
            raise pytest.UsageError(f"coach_conversations: no folder {str(folder)!r}: name one that is there")
    for option, known in (("coach_engine", _engines), ("coach_voice", _voices)):
        for name in _chosen(config, option):
            if name not in known():
                flag = f"--{option.replace('_', '-')}"
                raise pytest.UsageError(f"{flag}: no {name!r}: choose of {', '.join(known())}")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Reports folders without conversations: otherwise such a folder looks like one whose conversations pass."""
    return [f"coach: no conversations in {folder}" for folder in _folders(config) if not _conversations(folder)]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Ignores a link to a folder that contains the link: every conversation behind it is found elsewhere."""
    if not collection_path.is_symlink() or not collection_path.is_dir():
        return None
    loops = collection_path.parent.resolve().is_relative_to(collection_path.resolve())
    return True if loops and _named(collection_path, config) else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collects a conversation in one of the folders. Of nested folders the innermost decides how it is performed."""
    config = parent.config
    named = _named(file_path, config)
    if not named or not _is_conversation(file_path):
        return None
    _, mode = max(named, key=lambda each: len(each[0].parts))
    audio = mode == AUDIO or config.getoption("--coach-audio")
    return ConversationFile.from_parent(parent, path=file_path, audio=audio)


def _folders(config: pytest.Config) -> list[Path]:
    return [folder for mode in (TEXT, AUDIO) for folder in config.getini(mode)]


def _named(path: Path, config: pytest.Config) -> list[tuple[Path, str]]:
    """Returns the project's folders around a file, each with the mode in which its conversations are performed."""
    return [(folder, mode) for mode in (TEXT, AUDIO) for folder in config.getini(mode) if folder in path.parents]


def _conversations(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if _is_conversation(file)]


def _is_conversation(file: Path) -> bool:
    from coach.rehearsal.scripts.files import is_conversation

    return is_conversation(file)


class ConversationFile(pytest.File):
    """One conversation file: one test in text, or one test in audio for each recogniser and lifter."""

    def __init__(self, *, audio: bool, **others: object) -> None:
        super().__init__(**others)  # type: ignore[arg-type]
        self._audio = audio

    def collect(self) -> Iterator[Conversation]:
        """Makes no test of a plan file. A conversation is parsed only when it is performed."""
        from coach.content.plan_reading import is_plan

        if is_plan(self.path):
            return
        if not self._audio:
            yield Conversation.from_parent(self, name="text")
            return
        for engine in _chosen(self.config, "coach_engine") or [""]:
            for voice in _chosen(self.config, "coach_voice") or [""]:
                parameters = "-".join(filter(None, (engine, voice)))
                item = Conversation.from_parent(self, name=f"audio[{parameters}]" if parameters else "audio")
                item.engine, item.voice = engine, voice
                item.add_marker("coach_audio")
                yield item


class Conversation(pytest.Item):
    """One performance of a conversation. The marker `coach_audio`, set by anybody, makes it a performance in audio."""

    engine = ""
    voice = ""
    """Replaces the script's voice; empty: the script's own."""

    def setup(self) -> None:
        """Reads the script. A mistake in the file is an error of the test, not a failure of the coach."""
        from coach.ports import WorldError

        try:
            self._rehearsals = _rehearsals(self)
            self._script = self._rehearsals.read(self._shown())
        except WorldError as error:
            pytest.fail(str(error), pytrace=False)

    def runtest(self) -> None:
        """Performs the script as `coach rehearse` would."""
        from coach.ports import WorldError

        script = replace(self._script, voice=self.voice) if self.voice else self._script
        try:
            report = self._rehearsals.perform_script(script, recording=False).failure_report
        except WorldError as error:
            report = str(error)
        if report:
            pytest.fail(report, pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Returns the heading of a failure."""
        return self.path, None, f"{self.path.name}: {self.name}"

    def _shown(self) -> Path:
        """Returns the file as failures name it: relative to the folder where pytest was started, if it is inside."""
        start = self.config.invocation_params.dir
        return self.path.relative_to(start) if self.path.is_relative_to(start) else self.path


_LOADED = pytest.StashKey["dict[str, Rehearsals]"]()
"""Loaded rehearsals by recogniser; "text" for those without one."""


def _rehearsals(item: Conversation) -> Rehearsals:
    """Returns the rehearsals for this test. What is costly to load is loaded once."""
    from coach.content.files import find_pack
    from coach.settings import Hearing
    from coach.wiring.rehearsing import Rehearsals

    audio = item.get_closest_marker("coach_audio") is not None
    kind = item.engine or "auto" if audio else "text"
    loaded = item.config.stash[_LOADED]
    if kind not in loaded:
        pack = item.config.getoption("--coach-pack")
        place = Path()
        if pack is None:
            pack, place = item.config.getini("coach_pack") or "leg_press", item.config.rootpath
        hearing = Hearing(kind) if audio else Hearing()
        loaded[kind] = Rehearsals(audio, hearing, _warn, find_pack(pack, place))
    return loaded[kind]


def _warn(text: str) -> None:
    warnings.warn(pytest.PytestWarning(f"coach: {text}"), stacklevel=2)


def _chosen(config: pytest.Config, option: str) -> list[str]:
    """Returns the values of an option: those of this run, else those of the project."""
    given = config.getoption(f"--{option.replace('_', '-')}")
    if given is not None:
        return list(filter(None, given.split(",")))
    return list(config.getini(option)) if option == "coach_engine" else []


def _engines() -> list[str]:
    from coach.wiring import recognizers

    return recognizers.names()


def _voices() -> list[str]:
    from coach.rehearsal.scripts.script import VOICES

    return list(VOICES)
