"""Clips are kept, found again, and never played broken."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.synthesis.clip_store import ClipStore
from coach.adapters.synthesis.joined_lines import JoinedLines
from coach.audio.onset import audible_onset
from coach.commands import Manner
from coach.ports import Clip, VoiceError

RATE = 22050


class Beeper:
    """The simplest engine: a beep as long as the text, shorter for a count. Remembers the requests."""

    rate = RATE

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked: list[str] = []

    def fingerprint(self, manner: Manner) -> str:
        return f"beeper {self.version} {manner.value}"

    def render(self, text: str, manner: Manner) -> Clip:
        self.asked.append(text)
        n = len(text) * (1000 if manner is Manner.SENTENCE else 500)
        return Clip((np.sin(np.arange(n) / 10) * 8000).astype(np.int16), RATE, n // 4)


def same(one: Clip, other: Clip) -> bool:
    return np.array_equal(one.pcm, other.pcm) and (one.rate, one.onset) == (other.rate, other.onset)


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.*"))


def test_a_line_is_rendered_once(tmp_path: Path) -> None:
    engine = Beeper()
    store = ClipStore(engine, tmp_path)
    first = store.render("push", Manner.COUNT)
    assert store.render("push", Manner.COUNT) is first
    assert same(first, Beeper().render("push", Manner.COUNT))
    assert engine.asked == ["push"]


def test_the_next_session_finds_it_and_leaves_the_engine_alone(tmp_path: Path) -> None:
    kept = ClipStore(Beeper(), tmp_path / "new" / "folder").render("four", Manner.COUNT)
    engine = Beeper()
    store = ClipStore(engine, tmp_path / "new" / "folder")
    assert same(store.render("four", Manner.COUNT), kept)
    assert engine.asked == []


def test_manners_and_engine_versions_do_not_share_clips(tmp_path: Path) -> None:
    store = ClipStore(Beeper(), tmp_path)
    assert not same(store.render("push", Manner.COUNT), store.render("push", Manner.SENTENCE))
    newer = Beeper("2")
    ClipStore(newer, tmp_path).render("push", Manner.COUNT)
    assert newer.asked == ["push"]


@pytest.mark.parametrize("keep", [0, 1, 16, 20, 24, 25, 200, -2, -1])
def test_a_truncated_file_is_rendered_anew_and_mended(tmp_path: Path, keep: int) -> None:
    whole = ClipStore(Beeper(), tmp_path).render("hold", Manner.COUNT)
    (path,) = files(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[:keep])
    engine = Beeper()
    assert same(ClipStore(engine, tmp_path).render("hold", Manner.COUNT), whole)
    assert engine.asked == ["hold"]
    assert path.read_bytes() == content


@pytest.mark.parametrize("place", [0, 15, 16, 20, 24, 1000, -1])
def test_one_changed_bit_is_noticed(tmp_path: Path, place: int) -> None:
    ClipStore(Beeper(), tmp_path).render("hold", Manner.COUNT)
    (path,) = files(tmp_path)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    engine = Beeper()
    ClipStore(engine, tmp_path).render("hold", Manner.COUNT)
    assert engine.asked == ["hold"]


def test_clips_cannot_be_changed_by_those_who_play_them(tmp_path: Path) -> None:
    for _ in ("rendered", "from disk"):
        clip = ClipStore(Beeper(), tmp_path).render("two", Manner.COUNT)
        with pytest.raises(ValueError, match="read-only"):
            clip.pcm[0] = 1


def test_an_unwritable_folder_is_told_once_and_the_set_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    messages: list[str] = []
    engine = Beeper()
    store = ClipStore(engine, tmp_path / "file" / "clips", messages.append)
    for text in ("two", "three", "two"):
        store.render(text, Manner.COUNT)
    assert engine.asked == ["two", "three"]
    assert len(messages) == 1
    assert "is not writable: Not a directory; " in messages[0]
    with pytest.raises(VoiceError) as error:
        store.check_writable()
    assert str(error.value) == messages[0]


def test_a_writable_folder_passes_and_stays_clean(tmp_path: Path) -> None:
    ClipStore(Beeper(), tmp_path / "clips").check_writable()
    assert files(tmp_path / "clips") == []


@contextmanager
def disk_full_at(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    messages: list[str] = []
    store = ClipStore(Beeper(), tmp_path, messages.append)
    with disk_full_at(300):
        clip = store.render("push", Manner.COUNT)
    assert same(clip, Beeper().render("push", Manner.COUNT))
    assert files(tmp_path) == []
    assert len(messages) == 1


def test_prepare_renders_what_is_missing_and_counts(tmp_path: Path) -> None:
    engine = Beeper()
    store = ClipStore(engine, tmp_path)
    store.render("two", Manner.COUNT)
    steps: list[tuple[int, int]] = []
    words = ["two", "three", "two", "four"]
    store.prepare(((word, Manner.COUNT) for word in words), progress=lambda *step: steps.append(step))
    assert engine.asked == ["two", "three", "four"]
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_prepare_can_be_stopped(tmp_path: Path) -> None:
    engine = Beeper()
    words = [(word, Manner.COUNT) for word in ("two", "three", "four")]
    ClipStore(engine, tmp_path).prepare(words, stop=lambda: len(engine.asked) == 2)
    assert engine.asked == ["two", "three"]


class Broken(Beeper):
    """An engine that cannot speak."""

    def render(self, text: str, manner: Manner) -> Clip:
        raise VoiceError("the voice is damaged: fetch it again")


def test_a_spare_speaks_once_the_engine_has_failed(tmp_path: Path) -> None:
    messages: list[str] = []
    spare = Beeper("spare")
    store = ClipStore(Broken(), tmp_path, messages.append, lambda: spare)
    for text in ("two", "three", "two"):
        assert same(store.render(text, Manner.COUNT), Beeper().render(text, Manner.COUNT))
    assert spare.asked == ["two", "three"]
    assert messages == ["the voice is damaged: fetch it again; until then another voice speaks"]
    # Clips of the spare engine are not taken for the engine's.
    mended = Beeper()
    ClipStore(mended, tmp_path).render("two", Manner.COUNT)
    assert mended.asked == ["two"]


def test_without_a_spare_the_fault_is_told(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="damaged"):
        ClipStore(Broken(), tmp_path).render("two", Manner.COUNT)


class TestJoinedLines:
    def test_a_line_is_joined_from_its_parts(self, tmp_path: Path) -> None:
        engine = Beeper()
        lines = JoinedLines(ClipStore(engine, tmp_path))
        clip = lines.render("Set one, ten reps. Brace.", Manner.SENTENCE)
        assert engine.asked == ["Set one,", "ten reps.", "Brace."]
        assert len(clip.pcm) == sum(map(len, engine.asked)) * 1000 + round(0.12 * RATE) + round(0.35 * RATE)
        assert clip.onset == audible_onset(clip.pcm, RATE)
        lines.render("Set two, ten reps. Brace.", Manner.SENTENCE)
        assert engine.asked[3:] == ["Set two,"]

    def test_a_count_is_one_part_and_keeps_its_pace(self, tmp_path: Path) -> None:
        engine = Beeper()
        lines = JoinedLines(ClipStore(engine, tmp_path))
        usual = lines.render("rep twenty, one", Manner.COUNT)
        lines.set_pace(70)
        assert lines.render("rep twenty, one", Manner.COUNT) is usual
        assert engine.asked == ["rep twenty, one"]

    def test_another_pace_needs_no_engine(self, tmp_path: Path) -> None:
        engine = Beeper()
        lines = JoinedLines(ClipStore(engine, tmp_path))
        usual = lines.render("Next?", Manner.SENTENCE)
        lines.set_pace(80)
        slow = lines.render("Next?", Manner.SENTENCE)
        assert len(slow.pcm) == pytest.approx(len(usual.pcm) / 0.8, abs=1)
        assert engine.asked == ["Next?"]
        lines.set_pace(100)
        assert same(lines.render("Next?", Manner.SENTENCE), usual)

    def test_it_is_known_what_needs_no_engine(self, tmp_path: Path) -> None:
        lines = JoinedLines(ClipStore(Beeper(), tmp_path))
        lines.prepare([("Set one, ten reps.", Manner.SENTENCE), ("two", Manner.COUNT)])
        assert lines.has("Set one, ten reps.", Manner.SENTENCE)
        assert lines.has("two", Manner.COUNT)
        assert not lines.has("Set one, nine reps.", Manner.SENTENCE)
