"""The model out of a package: through the real pip, which finds a made-up package in a folder or on this machine."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from coach.adapters.recognition.moonshine.fetch import fetch
from coach.adapters.recognition.moonshine.model_files import NAME, ModelFile
from coach.ports import HearingError

CONTENT = {
    "encoder_model.ort": b"an encoder",
    "decoder_model_merged.ort": b"a decoder" * 1000,
    "tokenizer.bin": b"words",
}
FILES = tuple(ModelFile(name, len(told), hashlib.sha256(told).hexdigest()) for name, told in CONTENT.items())
WHEEL = "moonshine_voice-0.0.73-py3-none-manylinux_2_34_x86_64.whl"
INFO = "moonshine_voice-0.0.73.dist-info"


def write_wheel(folder: Path, content: dict[str, bytes], licence: str | None = "MIT") -> Path:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        wheel.writestr(f"{INFO}/METADATA", "Metadata-Version: 2.1\nName: moonshine-voice\nVersion: 0.0.73\n")
        wheel.writestr(
            f"{INFO}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-manylinux_2_34_x86_64\n"
        )
        wheel.writestr(f"{INFO}/RECORD", "")
        wheel.writestr("moonshine_voice/libmoonshine.so", b"an engine that is not used")
        if licence is not None:
            wheel.writestr(f"{INFO}/licenses/LICENSE", licence)
        for name, told in content.items():
            wheel.writestr(f"moonshine_voice/assets/tiny-en/{name}", told)
    return folder / WHEEL


@pytest.fixture(autouse=True)
def packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The only folder in which pip looks for packages."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "packages"))
    write_wheel(tmp_path / "packages", CONTENT)
    return tmp_path / "packages"


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "voice_models"


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_only_the_model_and_its_licence_are_kept(into: Path, packages: Path) -> None:
    model = fetch(into, files=FILES)
    assert model == into / NAME
    assert {path.name: path.read_bytes() for path in model.iterdir()} == CONTENT | {"LICENSE": b"MIT"}
    assert left_in(into) == [NAME]
    # A model that exists and is whole needs no package.
    (packages / WHEEL).unlink()
    assert fetch(into, files=FILES) == model


def test_a_damaged_model_is_replaced(into: Path) -> None:
    model = fetch(into, files=FILES)
    (model / "tokenizer.bin").write_bytes(b"sword")
    (model / "more").touch()
    assert fetch(into, files=FILES) == model
    assert (model / "tokenizer.bin").read_bytes() == b"words"
    assert left_in(into) == [NAME]
    assert not (model / "more").exists()


def test_a_package_that_cannot_be_had_is_one_line(into: Path, packages: Path) -> None:
    (packages / WHEEL).unlink()
    with pytest.raises(HearingError) as error:
        fetch(into, files=FILES)
    assert str(error.value) == (
        "pip cannot get moonshine-voice==0.0.73 (No matching distribution found for moonshine-voice==0.0.73): "
        "fetch again with a network, or name a folder with the package's wheel in PIP_FIND_LINKS"
    )
    assert left_in(into) == []


def test_without_a_network_it_is_said(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.delenv("PIP_FIND_LINKS")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{unused.getsockname()[1]}/simple")
        monkeypatch.setenv("PIP_RETRIES", "1")
        with pytest.raises(HearingError, match=r"^pip cannot get moonshine-voice==0\.0\.73 \(no connection\): fetch"):
            fetch(into, files=FILES)


@pytest.mark.parametrize(
    ("content", "licence", "told"),
    [
        (CONTENT | {"tokenizer.bin": b"sword"}, "MIT", "tokenizer.bin: not the published file"),
        (CONTENT | {"tokenizer.bin": b"word"}, "MIT", "tokenizer.bin: 4 bytes instead of 5"),
        (CONTENT | {"tokenizer.bin": b"words" * 2}, "MIT", "holds no tokenizer.bin as expected"),
        ({"tokenizer.bin": b"words"}, "MIT", "holds no encoder_model.ort as expected"),
        (CONTENT, None, "holds no LICENSE as expected"),
    ],
    ids=["foreign", "short", "long", "missing", "licence"],
)
def test_another_package_is_not_kept(
    into: Path, packages: Path, content: dict[str, bytes], licence: str | None, told: str
) -> None:
    write_wheel(packages, content, licence)
    with pytest.raises(HearingError) as error:
        fetch(into, files=FILES)
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert left_in(into) == []


def test_without_pip_the_remedy_is_told(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pip", None)
    with pytest.raises(HearingError, match=r"this Python lacks: run .+ -m ensurepip, then fetch again$"):
        fetch(into, files=FILES)
    assert not into.exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HearingError, match=r"^cannot write in .*file/voice_models' \(Not a directory\): give another"):
        fetch(tmp_path / "file" / "voice_models", files=FILES)


def test_what_a_killed_fetch_left_is_removed_by_a_later_one(into: Path) -> None:
    old, running = into / f".{NAME}.old", into / f".{NAME}.running"
    for folder in (old, running):
        (folder / "pip").mkdir(parents=True)
    os.utime(old, (0, 0))
    fetch(into, files=FILES)
    assert left_in(into) == [running.name, NAME]


class _Silent(BaseHTTPRequestHandler):
    """An index that names the wheel, but never sends the whole wheel."""

    asked: threading.Event
    gone: threading.Event

    def do_GET(self) -> None:
        self.send_response(200)
        if self.path.endswith(".whl"):
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            self.wfile.write(b"PK")
            self.wfile.flush()
            self.asked.set()
            self.gone.wait(60)
            return
        page = f'<!DOCTYPE html><html><body><a href="/{WHEEL}">{WHEEL}</a></body></html>'.encode()
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def silent() -> Iterator[ThreadingHTTPServer]:
    _Silent.asked, _Silent.gone = threading.Event(), threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        _Silent.gone.set()
        server.shutdown()


def test_ctrl_c_in_the_download_leaves_nothing(tmp_path: Path, silent: ThreadingHTTPServer) -> None:
    """Ctrl-C as typed on a terminal: it goes to the coach and to pip."""
    environment = {name: told for name, told in os.environ.items() if not name.startswith("PIP_")} | {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": f"http://127.0.0.1:{silent.server_address[1]}/simple",
        "XDG_DATA_HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
    }
    program = (
        "import sys; from pathlib import Path; from coach import cli; from coach.wiring import models\n"
        "models.PROJECT = Path('/nowhere'); sys.exit(cli.main(['models', 'fetch']))\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert _Silent.asked.wait(60)
    os.killpg(child.pid, signal.SIGINT)
    told = child.communicate(timeout=60)[1]
    assert child.returncode == 130
    assert told.splitlines()[-1] == "coach: ended"
    assert "Traceback" not in told
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "packages"] == []
    assert left_in(tmp_path / "coach/voice_models") == []
