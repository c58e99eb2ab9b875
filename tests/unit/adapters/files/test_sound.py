"""Recordings of any kind: whatever a file holds, it is heard or refused in one line."""

from __future__ import annotations

import ctypes
import os
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from coach.adapters.files.sound import read_speech, sound_files
from coach.audio.resampling import Resampler
from coach.ports import SoundError

RATE = 16_000
SOUND = (np.sin(np.arange(RATE) * 0.2) * 8000).astype(np.int16)
"""One second of sound."""


def wav(path: Path, *, data: int | None = None, rate: int = RATE, kind: int = 1, body: bytes = b"") -> Path:
    """Write a WAV with this header: `data` bytes of sound, at `rate`, of this `kind` of samples."""
    body = body or SOUND.tobytes()
    wide = 4 if kind == 3 else 2
    head = struct.pack("<HHIIHH", kind, 1, rate, RATE * wide, wide, 8 * wide)
    length = len(body) if data is None else data
    path.write_bytes(
        b"RIFF"
        + struct.pack("<I", (36 + length) % 2**32)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + head
        + b"data"
        + struct.pack("<I", length)
        + body
    )
    return path


def told(path: Path, *, as_it_is: bool = False) -> str:
    with pytest.raises(SoundError) as error:
        read_speech(path, RATE, strict=as_it_is)
    text = str(error.value)
    assert "\n" not in text
    assert repr(str(path)) in text or path.name in text
    return text


@pytest.mark.parametrize("data", [2 * RATE + 44, 2 * RATE + 1, 2 * RATE - 100, 0xFFFF_FFFF, 0x7FFF_F000])
def test_a_length_that_is_a_little_wrong_or_unknown_costs_nothing(data: int, tmp_path: Path) -> None:
    heard = read_speech(wav(tmp_path / "a.wav", data=data), RATE)
    assert abs(len(heard) - RATE) <= 50
    assert np.array_equal(heard, SOUND[: len(heard)])


def test_a_last_sample_that_is_cut_costs_that_sample(tmp_path: Path) -> None:
    heard = read_speech(wav(tmp_path / "a.wav", data=2 * RATE, body=SOUND.tobytes()[:-1]), RATE)
    assert np.array_equal(heard, SOUND[:-1])


def test_a_header_that_promises_much_more_or_much_less_is_told(tmp_path: Path) -> None:
    assert "is cut short" in told(wav(tmp_path / "cut.wav", data=4 * RATE))
    assert "16000 bytes of sound more" in told(wav(tmp_path / "half.wav", data=RATE))
    # A recorder that was killed before it wrote the length.
    assert "more than its header tells" in told(wav(tmp_path / "none.wav", data=0))


def test_what_else_a_wav_may_hold_is_no_sound(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav")
    with path.open("ab") as file:
        file.write(b"LIST" + struct.pack("<I", 4000) + bytes(4000))
    assert np.array_equal(read_speech(path, RATE), SOUND)


@pytest.mark.parametrize("rate", [1, 100, 3999, 1_000_000, 0x7FFF_FFFF])
def test_a_rate_out_of_bounds_is_refused_at_once(rate: int, tmp_path: Path) -> None:
    assert f"has {rate} samples a second, or a damaged header" in told(wav(tmp_path / "a.wav", rate=rate))


def test_rates_and_channels_of_a_lifters_line_are_told_and_of_another_taken(tmp_path: Path) -> None:
    slow, stereo = wav(tmp_path / "slow.wav", rate=6000), tmp_path / "stereo.wav"
    soundfile.write(stereo, np.stack([SOUND, SOUND], axis=1), RATE)
    assert "record speech with 8000 or more" in told(slow, as_it_is=True)
    assert "has 2 channels: give one" in told(stereo, as_it_is=True)
    assert len(read_speech(slow, RATE, strict=False)) == pytest.approx(RATE * RATE / 6000, abs=2)
    assert np.array_equal(read_speech(stereo, RATE, strict=False), SOUND)


@pytest.mark.filterwarnings("error")
def test_samples_that_are_no_numbers_are_quiet(tmp_path: Path) -> None:
    floats = (SOUND / 32768).astype(np.float32)
    floats[:6] = [np.nan, np.inf, -np.inf, 1e38, -1e38, 5.0]
    # A signalling NaN, which raises "invalid" when it is used.
    body = struct.pack("<I", 0x7F80_0001) + floats.tobytes()[4:]
    heard = read_speech(wav(tmp_path / "a.wav", kind=3, body=body), RATE)
    assert list(heard[:6]) == [0, 32767, -32767, 32767, -32767, 32767]
    assert np.abs(heard[6:].astype(int) - SOUND[6:]).max() <= 1


@pytest.mark.parametrize("kind", ["GSM610", "G721_32", "NMS_ADPCM_16"])
def test_what_cannot_be_wound_back_is_told_with_the_remedy(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    try:
        soundfile.write(path, SOUND[:8000], 8000, subtype=kind, format="WAV")
    except soundfile.LibsndfileError:
        pytest.fail(f"this libsndfile does not write {kind}")
    assert "convert it (sox a.wav -e signed -b 16 plain.wav)" in told(path)


@pytest.mark.parametrize(("kind", "subtype"), [("MP3", "MPEG_LAYER_III"), ("CAF", "ALAC_16")])
def test_what_a_decoder_prints_is_not_on_the_screen(
    kind: str, subtype: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path, chance = tmp_path / "a.sound", np.random.default_rng(2)
    soundfile.write(path, SOUND, RATE, format=kind, subtype=subtype)
    whole = path.read_bytes()
    for _ in range(60):
        broken = bytearray(whole)
        for at in chance.integers(0, len(broken), 6):
            broken[at] = chance.integers(256)
        path.write_bytes(broken)
        try:
            read_speech(path, RATE)
        except SoundError as fault:
            assert "a.sound" in str(fault)
    ctypes.CDLL(None).fflush(None)
    assert capfd.readouterr() == ("", "")


def not_sound(text: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(text)
        return path

    return make


@pytest.mark.parametrize(
    "make",
    [
        not_sound(b"hello\n"),
        not_sound(b""),
        not_sound(b"RIFF"),
        not_sound(b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff"),
        not_sound(b"fLaC" + bytes(100)),
        not_sound(b"OggS" + bytes(1000)),
        not_sound(b"ID3" + bytes(1000)),
        not_sound(b"caff\0\1\0\0desc" + bytes(40)),
    ],
)
@pytest.mark.parametrize("name", ["a.wav", "a.raw", "a.mp3", "noise"])
def test_what_is_no_sound_is_told_whatever_its_name(make: Callable[[Path], Path], name: str, tmp_path: Path) -> None:
    told(make(tmp_path / name))


@pytest.mark.parametrize("name", [b"bad\xff.wav", b"a: b.wav", b"new\nline.wav", b"-n.wav", "größe.wav".encode()])
def test_a_name_may_have_any_bytes(name: bytes, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(name)
    assert np.array_equal(read_speech(wav(path), RATE), SOUND)
    assert sound_files(tmp_path) == [path]


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    assert "is a folder" in told(tmp_path)
    assert "check the name" in told(tmp_path / "nowhere.wav")
    assert "File name too long" in told(tmp_path / ("a" * 300))
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    told(tmp_path / "loop.wav")
    # In a folder a broken link is not passed over: somebody meant it to be heard.
    (tmp_path / "gone.WAV").symlink_to("nowhere")
    assert sound_files(tmp_path) == [tmp_path / "gone.WAV", tmp_path / "loop.wav"]


def test_a_pipe_is_heard(tmp_path: Path) -> None:
    content, pipe = wav(tmp_path / "a.wav").read_bytes(), tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    assert np.array_equal(read_speech(pipe, RATE), SOUND)
    writer.join()


def test_a_long_recording_is_read_in_pieces_as_at_once(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    long = (chance.standard_normal(44_100 * 7) * 3000).astype(np.int16)
    soundfile.write(tmp_path / "a.wav", long, 44_100)
    assert np.array_equal(read_speech(tmp_path / "a.wav", RATE), Resampler(44_100, RATE).whole(long))


def test_more_than_hours_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with path.open("wb") as file:
        file.write(wav(tmp_path / "b.wav", data=0x7000_0000, rate=4000).read_bytes()[:44])
        file.truncate(44 + 0x7000_0000)
    assert "longer than 4 hours: cut it into pieces" in told(path)
