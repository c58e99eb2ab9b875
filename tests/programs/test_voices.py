"""Voices listed, fetched from a server on this machine, damaged, and spoken with: the real command line and Piper."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.synthesis.piper import voices as piper_voices
from coach.adapters.synthesis.piper.catalogue import catalogue, fetch, licence
from coach.adapters.synthesis.piper.voices import BUNDLED, PiperVoice
from coach.ports import VoiceError
from lab.rigs.file_server import FileServer

ALBA = "en_GB-alba-medium"
CARD = "# Model card for alba (medium)\n\n* Language: en_GB\n\n## Dataset\n\n* URL: somewhere\n* License: CC BY 4.0\n"


class Server(FileServer):
    """Serves voices in the layout of Piper's own server."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__()
        self.files = files
        self.asked = self.requests

    def body_of(self, path: str) -> bytes | None:
        return self.files.get(path)


def joe() -> PiperVoice:
    return next(voice for voice in piper_voices.installed(None) if voice.name == BUNDLED)


def entry(name: str, family: str, contents: dict[str, bytes]) -> dict[str, object]:
    """An entry of voices.json."""
    country = {"en": "Great Britain", "de": "Germany"}[family]
    language = {"en": "English", "de": "German"}[family]
    return {
        "key": name,
        "language": {"family": family, "name_english": language, "country_english": country},
        "files": {
            path: {"size_bytes": len(content), "md5_digest": hashlib.md5(content).hexdigest()}
            for path, content in contents.items()
        },
    }


@pytest.fixture(scope="module")
def published() -> dict[str, bytes]:
    """Two published voices: the coach's own voice under another name, and a voice of another language."""
    below = "en/en_GB/alba/medium"
    alba = {
        f"{below}/{ALBA}.onnx": joe().model.read_bytes(),
        f"{below}/{ALBA}.onnx.json": joe().settings.read_bytes(),
        f"{below}/MODEL_CARD": CARD.encode(),
    }
    thorsten = {"de/thorsten.onnx": b"", "de/MODEL_CARD": b""}
    listed = {ALBA: entry(ALBA, "en", alba), "de_DE-thorsten-low": entry("de_DE-thorsten-low", "de", thorsten)}
    return {"voices.json": json.dumps(listed).encode(), **alba}


@pytest.fixture
def server(published: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Server(dict(published))
    with server.running():
        yield server


Coach = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def coach(server: Server, tmp_path: Path) -> Coach:
    """The command line, on a machine where nothing was fetched, with the server in Piper's place."""
    environment = {
        **os.environ,
        "COACH_VOICES": server.address,
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        script = (
            "import sys; from pathlib import Path; from coach.wiring import voices; from coach.cli import main; "
            "voices.PROJECT = Path(sys.argv.pop(1)); sys.exit(main(sys.argv[1:]))"
        )
        return subprocess.run(
            [sys.executable, "-c", script, str(tmp_path), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_a_voice_is_listed_fetched_and_spoken_with(coach: Coach, server: Server, tmp_path: Path) -> None:
    listed = coach("voices")
    assert listed.returncode == 0, listed.stderr
    here, _, others = listed.stdout.partition("\nCan be fetched with `coach voices fetch NAME`:\n")
    assert [line.split()[0] for line in here.splitlines()] == [BUNDLED, "espeak"]
    assert "English (United States)" in here
    assert "CC0; trained further from lessac" in here
    assert others.split() == [ALBA, "English", "(Great", "Britain)", "63", "MB", "CC", "BY", "4.0"]
    fetched = coach("voices", "fetch", ALBA)
    assert fetched.returncode == 0, fetched.stderr
    assert Path(fetched.stdout.strip()) == tmp_path / "data" / "coach" / "voice_models" / f"piper-{ALBA}"
    assert ALBA in coach("voices").stdout.partition("\nTo be had")[0]
    said = coach("say", "Knees", "soft.", "--voice", ALBA, "--wav", str(tmp_path / "said.wav"))
    assert (said.returncode, said.stderr) == (0, "")
    with wave.open(str(tmp_path / "said.wav")) as file:
        assert (file.getframerate(), file.getnchannels()) == (22050, 1)
        assert file.getnframes() > 0.5 * 22050
    # The list was kept: it is not fetched a second time.
    assert [path for path, _ in server.asked].count("voices.json") == 1


def test_a_line_is_shaped_for_a_room(coach: Coach, tmp_path: Path) -> None:
    for name, snr in (("plain", []), ("quiet", ["--snr", "40"]), ("loud", ["--snr", "0"])):
        assert coach("say", "Knees soft.", *snr, "--wav", str(tmp_path / name)).stderr == ""
    plain, quiet, loud = ((tmp_path / name).read_bytes() for name in ("plain", "quiet", "loud"))
    assert plain == quiet
    assert len(loud) == len(plain)
    assert loud != plain


def test_without_a_network_what_is_installed_is_told(coach: Coach, server: Server) -> None:
    server.files.clear()
    told = coach("voices")
    assert told.returncode == 1
    assert BUNDLED in told.stdout
    assert told.stderr.startswith("\nwhat can be fetched is not known: no network: 127.0.0.1")
    assert coach("voices", "fetch", ALBA).stderr.count("\n") == 1


def test_an_unknown_voice_is_one_line(coach: Coach, tmp_path: Path) -> None:
    told = coach("say", "Ready.", "--voice", "hal", "--wav", str(tmp_path / "said.wav"))
    assert told.returncode == 1
    assert told.stderr == (
        f"coach: no voice 'hal': choose of auto, {BUNDLED}, espeak, or fetch one of those that coach voices lists, "
        "or name a server: wyoming://HOST:PORT\n"
    )
    assert coach("voices", "fetch", "hal").stderr == (
        "coach: Piper has no public English voice 'hal': coach voices lists them\n"
    )


def _cut(model: Path) -> None:
    model.write_bytes(model.read_bytes()[:1000])


def _another(model: Path) -> None:
    content = bytearray(model.read_bytes())
    content[30_000_000:30_000_100] = bytes(100)
    model.write_bytes(content)


def _gone(model: Path) -> None:
    model.with_name(f"{model.name}.json").unlink()


@pytest.mark.parametrize("damage", [_cut, _another, _gone])
def test_espeak_speaks_for_a_damaged_voice(
    coach: Coach, server: Server, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    (voice,) = catalogue(server.address, tmp_path / "cache" / "coach")
    model = fetch(voice, server.address, tmp_path / "data" / "coach" / "voice_models") / f"{ALBA}.onnx"
    damage(model)
    for name in ("one", "other"):
        said = coach("say", "Ready.", "--voice", ALBA, "--wav", str(tmp_path / f"{name}.wav"))
        assert said.returncode == 0
        assert said.stderr.startswith(f"coach: the voice {ALBA} is damaged (")
        assert "fetch it again: coach voices fetch" in said.stderr
        assert said.stderr.count("\n") == 1
    with wave.open(str(tmp_path / "one.wav")) as file:
        assert np.frombuffer(file.readframes(file.getnframes()), "<i2").any()
    # Files that are whole are not fetched again.
    server.asked.clear()
    assert coach("voices", "fetch", ALBA).returncode == 0
    assert [path.rpartition("/")[2] for path, _ in server.asked] == [f"{ALBA}.onnx{'.json' if damage is _gone else ''}"]
    assert coach("say", "Ready.", "--voice", ALBA, "--wav", str(tmp_path / "mended.wav")).stderr == ""


class TestFetching:
    def test_it_goes_on_where_it_broke_off(self, server: Server, tmp_path: Path) -> None:
        (voice,) = catalogue(server.address, tmp_path)
        server.cut = 5_000_000
        with pytest.raises(VoiceError, match=r"broke off at 5000000 of 63201294 bytes: fetch again to go on"):
            fetch(voice, server.address, tmp_path)
        # A half download does not count as a voice.
        assert [one.name for one in piper_voices.installed(tmp_path.parent)] == [BUNDLED]
        server.cut = None
        seen: list[tuple[int, int]] = []
        folder = fetch(voice, server.address, tmp_path, lambda done, total: seen.append((done, total)))
        assert server.asked[-1] == (f"en/en_GB/alba/medium/{ALBA}.onnx", "bytes=5000000-")
        assert seen[-1] == (voice.size, voice.size)
        assert sorted(path.name for path in folder.iterdir()) == sorted(
            [f"{ALBA}.onnx", f"{ALBA}.onnx.json", "MODEL_CARD", "MD5SUMS"]
        )
        assert piper_voices.verify(PiperVoice(ALBA, folder / f"{ALBA}.onnx")) is None

    def test_what_came_damaged_is_not_kept(self, server: Server, tmp_path: Path) -> None:
        (voice,) = catalogue(server.address, tmp_path)
        server.files[f"en/en_GB/alba/medium/{ALBA}.onnx.json"] = b" " * len(joe().settings.read_bytes())
        with pytest.raises(VoiceError, match=r"onnx.json came damaged \(MD5 .*: fetch again$"):
            fetch(voice, server.address, tmp_path)
        assert not list(tmp_path.rglob("*.json.part"))

    @pytest.mark.parametrize(
        "listed", [b"", b"[]", b'{"en_US-x-low": {}}', b'{"../en": {"language": {"family": "en"}}}']
    )
    def test_a_list_of_another_kind_is_one_line(self, server: Server, tmp_path: Path, listed: bytes) -> None:
        server.files["voices.json"] = listed
        with pytest.raises(VoiceError, match=r"voices.json is no list of Piper's voices: put a voice's files into"):
            catalogue(server.address, tmp_path)

    def test_a_damaged_kept_list_is_asked_for_anew(self, server: Server, tmp_path: Path) -> None:
        whole = catalogue(server.address, tmp_path)
        (kept,) = tmp_path.iterdir()
        kept.write_text("[{}]")
        assert catalogue(server.address, tmp_path) == whole
        assert catalogue(server.address, tmp_path) == whole
        assert [path for path, _ in server.asked].count("voices.json") == 2


@pytest.mark.parametrize(
    ("card", "told"),
    [
        (CARD, "CC BY 4.0"),
        (
            "* License: CC0\n\n## Training\n\nFinetuned from U.S. English lessac voice (medium quality).",
            "CC0; trained further from lessac",
        ),
        ("* Licence: See URL", "See URL"),
        ("nothing", "not told: read its MODEL_CARD"),
    ],
)
def test_the_licence_is_read_off_the_card(card: str, told: str) -> None:
    assert licence(card) == told
