"""Model folders: found in order, faults named, fetched from a server on this machine."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from coach.adapters.files.download import Progress, RemoteFile
from coach.adapters.files.model_folders import folder_to_fetch_into, models_folder
from coach.adapters.recognition.vosk.fetch import fetch
from coach.adapters.recognition.vosk.model_files import NAME, find, list_models, require, verify
from coach.ports import HearingError
from lab.rigs.file_server import FileServer
from lab.rigs.tone import ToneLanguage, write_model

LANGUAGE = ToneLanguage.of(["stop", "go"])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "original" / NAME, LANGUAGE)


class TestFinding:
    @pytest.fixture
    def environ(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        return {}

    def test_nothing_is_found_where_nothing_is(self, environ: dict[str, str], tmp_path: Path) -> None:
        assert find(None, environ, tmp_path) is None
        assert find(None, environ, None) is None
        assert list_models(environ, tmp_path) == []

    def test_the_order_of_places(self, environ: dict[str, str], tmp_path: Path) -> None:
        environ |= {"VOSK_MODEL_PATH": str(tmp_path / "named")}
        places = ["home/.cache/vosk", "data/coach/voice_models", "project/voice_models", "named"]
        for place in places:
            latest = write_model(tmp_path / place / "vosk-model-small-en-tone", LANGUAGE)
            assert find(None, environ, tmp_path / "project") == latest
        listed = list_models(environ, tmp_path / "project")
        assert [one.path.parent for one in listed] == [tmp_path / place for place in reversed(places)]

    def test_the_variable_may_name_the_model_itself(self, environ: dict[str, str], model: Path) -> None:
        assert find(None, environ | {"VOSK_MODEL_PATH": str(model)}, None) == model

    def test_the_small_english_one_is_preferred(self, environ: dict[str, str], tmp_path: Path) -> None:
        folder = tmp_path / "voice_models"
        for name in ("vosk-model-de-0.21", "vosk-model-small-fr-0.22", "zz"):
            write_model(folder / name, LANGUAGE)
        assert find(None, environ, tmp_path) == folder / "zz"
        for name in ("vosk-model-en-us-0.22-lgraph", "vosk-model-small-en-in-0.4", NAME):
            write_model(folder / name, LANGUAGE)
            assert find(None, environ, tmp_path) == folder / name

    def test_a_broken_one_is_taken_only_when_there_is_no_other(self, environ: dict[str, str], tmp_path: Path) -> None:
        broken = write_model(tmp_path / "voice_models" / NAME, LANGUAGE)
        (broken / "graph/HCLr.fst").unlink()
        assert find(None, environ, tmp_path) == broken
        sound = write_model(models_folder() / NAME, LANGUAGE)
        assert find(None, environ, tmp_path) == sound
        states = [one.state for one in list_models(environ, tmp_path)]
        assert states == ["graph/HCLr.fst: missing", "good"]

    def test_half_unpacked_folders_are_not_models(self, environ: dict[str, str], tmp_path: Path) -> None:
        write_model(tmp_path / "voice_models" / f".{NAME}.new", LANGUAGE)
        assert find(None, environ, tmp_path) is None

    def test_a_named_model_is_taken_or_told(self, environ: dict[str, str], model: Path, tmp_path: Path) -> None:
        assert find(model, environ, None) == model
        (model / "conf/model.conf").unlink()
        for named, reason in ((model, r"conf/model\.conf: missing"), (tmp_path / "nowhere", "not a folder")):
            with pytest.raises(HearingError, match=rf"'{re.escape(str(named))}': {reason}; .*--model"):
                find(named, environ, None)

    @pytest.mark.usefixtures("environ")
    def test_models_go_to_the_project_or_to_the_user(self, tmp_path: Path) -> None:
        assert folder_to_fetch_into(tmp_path) == tmp_path / "data/coach/voice_models"
        (tmp_path / "voice_models").mkdir()
        assert folder_to_fetch_into(tmp_path) == tmp_path / "voice_models"

    def test_the_listing_tells_the_size(self, environ: dict[str, str], model: Path) -> None:
        (listed,) = list_models(environ | {"VOSK_MODEL_PATH": str(model)}, None)
        assert listed.name == NAME
        assert listed.size == sum(file.stat().st_size for file in model.rglob("*") if file.is_file())


def names_words(graph: Path, words: Sequence[str]) -> None:
    """Put the word list into the graph: OpenFst's symbol table follows the header, which has a flag for it."""
    table = struct.pack("<i", 2125658996)
    for text, key in [("words", None), *((word, key) for key, word in enumerate(["<eps>", *words, "[unk]"]))]:
        table += struct.pack("<i", len(text)) + text.encode()
        table += struct.pack("<qq", len(words) + 2, len(words) + 2) if key is None else struct.pack("<q", key)
    whole = graph.read_bytes()
    flags, end = 4 + 4 + len("vector") + 4 + len("standard") + 4, 4 + 4 + len("vector") + 4 + len("standard") + 40
    graph.write_bytes(whole[:flags] + struct.pack("<i", 2) + whole[flags + 4 : end] + table + whole[end:])


class TestVerifying:
    def test_a_whole_model_has_no_faults(self, model: Path) -> None:
        assert verify(model) == []
        require(model)

    @pytest.mark.parametrize(
        "name", ["am/final.mdl", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst", "graph/words.txt"]
    )
    def test_a_file_is_missing_empty_or_a_pointer(self, model: Path, name: str) -> None:
        (model / name).write_bytes(b"")
        assert verify(model) == [f"{name}: empty"]
        (model / name).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
        assert verify(model) == [f"{name}: a Git LFS pointer, not the file"]
        (model / name).unlink()
        assert verify(model) == [f"{name}: missing"]
        (model / name).mkdir()
        assert verify(model) == [f"{name}: cannot be read (Is a directory)"]

    @pytest.mark.parametrize("name", ["graph/HCLr.fst", "graph/Gr.fst", "graph/words.txt"])
    @pytest.mark.parametrize("rest", [0.05, 0.5, 0.99])
    def test_a_cut_file_is_seen(self, model: Path, name: str, rest: float) -> None:
        whole = (model / name).read_bytes()
        (model / name).write_bytes(whole[: max(1, int(len(whole) * rest))])
        assert verify(model) == [f"{name}: truncated or damaged"]

    @pytest.mark.parametrize("name", ["am/final.mdl", "graph/Gr.fst"])
    def test_another_kind_of_file_is_seen(self, model: Path, name: str) -> None:
        (model / name).write_bytes(b"<!DOCTYPE html><title>Not found</title>" * 9)
        assert verify(model) == [f"{name}: truncated or damaged"]

    def test_options_without_silence_phones_would_kill_the_process(self, model: Path) -> None:
        (model / "conf/model.conf").write_text("--beam=10\n--endpoint.silence-phones=\n")
        assert verify(model) == ["conf/model.conf: no --endpoint.silence-phones; it is not whole"]

    def test_a_graph_with_its_words_needs_no_list(self, model: Path) -> None:
        """Like the small models: their `Gr.fst` says that it holds output symbols."""
        (model / "graph/words.txt").unlink()
        assert verify(model) == ["graph/words.txt: missing"]
        names_words(model / "graph/Gr.fst", LANGUAGE.words)
        assert verify(model) == []

    @pytest.mark.parametrize("lines", [0, 1, 40, 56])
    def test_a_phone_without_a_place_would_kill_the_process(self, model: Path, lines: int) -> None:
        places = model / "graph/phones/word_boundary.int"
        kept = places.read_text("utf-8").splitlines(keepends=True)[:lines]
        places.write_text("".join(kept), encoding="utf-8")
        cut = f"graph/phones/word_boundary.int: ends with phone {lines} of 57; it is not whole"
        assert verify(model) == [cut]
        # The same phones in the form of the real models.
        phones = struct.pack("<58i", 57, *range(1, 58))
        (model / "am/final.mdl").write_bytes(b"\0B<TransitionModel> <Topology> \4" + phones + b"\4")
        assert verify(model) == [cut]

    def test_one_of_two_front_ends_is_needed(self, model: Path) -> None:
        (model / "conf/fbank.conf").rename(model / "conf/mfcc.conf")
        assert verify(model) == []
        (model / "conf/mfcc.conf").unlink()
        assert verify(model) == ["conf/mfcc.conf: missing"]

    def test_an_empty_disambig_file_is_right_and_no_file_is_not(self, model: Path) -> None:
        (model / "graph/disambig_tid.int").unlink()
        assert verify(model) == ["graph/disambig_tid.int: missing"]

    def test_a_static_graph_is_refused(self, model: Path) -> None:
        (model / "graph/HCLr.fst").rename(model / "graph/HCLG.fst")
        (fault,) = verify(model)
        assert "takes no grammar" in fault

    def test_an_ivector_folder_must_be_whole(self, model: Path) -> None:
        (model / "ivector").mkdir()
        (model / "ivector/final.ie").write_text("x")
        assert len(verify(model)) == 5

    def test_all_faults_are_counted_in_one_line(self, model: Path) -> None:
        shutil.rmtree(model / "graph")
        with pytest.raises(HearingError, match=r"HCLr\.fst: missing \(and 3 more\); .*coach models fetch") as error:
            require(model)
        assert "\n" not in str(error.value)


def archive(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return buffer.getvalue()


def model_files(model: Path) -> dict[str, bytes]:
    return {f"{NAME}/{file.relative_to(model)}": file.read_bytes() for file in model.rglob("*") if file.is_file()}


class Server(FileServer):
    """Serves one body, whatever path is requested."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body
        self.url = f"{self.address}models/{NAME}.zip"

    def body_of(self, path: str) -> bytes:
        return self.body

    @property
    def asked(self) -> list[str | None]:
        return [told for _, told in self.requests]

    def fetch(self, into: Path, size: int = 0, digest: str = "", progress: Progress = lambda *_: None) -> Path:
        digest = digest or hashlib.sha256(self.body).hexdigest()
        return fetch(into, RemoteFile(self.url, size or len(self.body), digest), progress)


@pytest.fixture
def server(model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Server(archive(model_files(model)))
    with server.running():
        yield server


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "data" / "voice_models"


def part_of(into: Path, content: bytes) -> Path:
    into.mkdir(parents=True)
    part = into / f"{NAME}.zip.part"
    part.write_bytes(content)
    return part


class TestFetching:
    def test_the_model_is_there_whole_and_nothing_else_is(self, server: Server, into: Path, model: Path) -> None:
        seen: list[tuple[int, int]] = []
        fetched = server.fetch(into, progress=lambda done, total: seen.append((done, total)))
        assert fetched == into / NAME
        assert [child.name for child in into.iterdir()] == [NAME]
        assert verify(fetched) == []
        for file in model.rglob("*"):
            if file.is_file():
                assert (fetched / file.relative_to(model)).read_bytes() == file.read_bytes()
        assert seen[0] == (0, len(server.body))
        assert seen[-1] == (len(server.body), len(server.body))

    def test_what_is_there_and_sound_is_not_fetched_again(self, server: Server, into: Path) -> None:
        server.fetch(into)
        server.fetch(into)
        assert server.asked == [None]

    def test_what_is_there_and_broken_is_replaced(self, server: Server, into: Path) -> None:
        fetched = server.fetch(into)
        words = fetched / "graph/words.txt"
        words.write_text("<eps> 0\n")  # Cut at the end of a line: only the sizes kept at fetching show it.
        assert verify(fetched) == ["graph/words.txt: not the 28 bytes that were fetched"]
        server.fetch(into)
        assert verify(fetched) == []
        assert [child.name for child in into.iterdir()] == [NAME]

    def test_it_goes_on_where_it_broke_off(self, server: Server, into: Path) -> None:
        server.cut = 1000
        with pytest.raises(HearingError, match=rf"broke off at 1000 of {len(server.body)} bytes: fetch again"):
            server.fetch(into)
        server.cut = None
        assert verify(server.fetch(into)) == []
        assert server.asked == [None, "bytes=1000-"]

    def test_a_server_without_ranges_sends_it_all_again(self, server: Server, into: Path) -> None:
        part_of(into, b"something else")
        server.ranges = False
        assert verify(server.fetch(into)) == []
        assert server.asked == ["bytes=14-"]

    def test_a_whole_part_needs_no_network(self, server: Server, into: Path) -> None:
        part_of(into, server.body)
        assert verify(server.fetch(into)) == []
        assert server.asked == []

    def test_a_part_that_is_too_long_is_thrown_away(self, server: Server, into: Path) -> None:
        part_of(into, server.body + b"more")
        assert verify(server.fetch(into)) == []
        assert server.asked == [None]

    def test_a_wrong_checksum_leaves_nothing(self, server: Server, into: Path) -> None:
        with pytest.raises(HearingError, match=r"came damaged \(SHA-256 .*fetch again"):
            server.fetch(into, digest="0" * 64)
        assert list(into.iterdir()) == []

    def test_another_file_at_the_address_is_not_downloaded(self, server: Server, into: Path) -> None:
        with pytest.raises(HearingError, match=f"is {len(server.body)} bytes there, 5 were expected"):
            server.fetch(into, size=5)
        assert list(into.iterdir()) == []

    def test_ctrl_c_keeps_the_part(self, server: Server, into: Path) -> None:
        def interrupt(done: int, total: int) -> None:
            if done:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            server.fetch(into, progress=interrupt)
        assert [child.name for child in into.iterdir()] == [f"{NAME}.zip.part"]

    def test_an_address_that_is_gone_is_told_by_its_number(self, server: Server, into: Path) -> None:
        server.status = 404
        with pytest.raises(HearingError, match=r"the server answers 404 Not Found\); .* by hand"):
            server.fetch(into)

    def test_no_server_at_all_is_told_with_the_remedy(self, server: Server, into: Path) -> None:
        # Port 9 (discard) is closed on this machine, as on any other today.
        with pytest.raises(HearingError, match=r"^no network: 127\.0\.0\.1:9 .* by hand and unpack it into '") as error:
            fetch(into, RemoteFile(f"http://127.0.0.1:9/{NAME}.zip", 5, ""))
        assert "\n" not in str(error.value)

    def test_a_full_disk_is_told_in_megabytes(self, server: Server, into: Path) -> None:
        into.mkdir(parents=True)
        (into / f"{NAME}.zip.part").symlink_to("/dev/full")
        with pytest.raises(HearingError, match=r"no space left in '.*': free 1 MB and fetch again"):
            server.fetch(into)

    def test_a_folder_that_cannot_be_made_is_told(self, server: Server, into: Path) -> None:
        into.parent.mkdir()
        into.write_text("a file")
        with pytest.raises(HearingError, match=r"cannot write in '.*give another folder"):
            server.fetch(into)


class TestUnpacking:
    """What an archive must not do, even with the right checksum."""

    @pytest.mark.parametrize("name", ["../evil", f"{NAME}/../../evil", "/evil", "C:/evil", "..\\evil"])
    def test_no_entry_leads_out_of_the_folder(self, server: Server, into: Path, model: Path, name: str) -> None:
        server.body = archive(model_files(model) | {name: b"evil"})
        with pytest.raises(HearingError, match="leads out of the model folder: nothing unpacked"):
            server.fetch(into)
        assert not (into / NAME).exists()
        assert not list(into.parent.rglob("*evil*"))

    def test_no_entry_is_a_link(self, server: Server, into: Path, model: Path) -> None:
        buffer = io.BytesIO(archive(model_files(model)))
        with zipfile.ZipFile(buffer, "a") as zipped:
            link = zipfile.ZipInfo(f"{NAME}/am/link")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            zipped.writestr(link, "/etc/passwd")
        server.body = buffer.getvalue()
        with pytest.raises(HearingError, match=r"'.*/am/link' is a link, not a file"):
            server.fetch(into)
        assert not (into / NAME).exists()

    def test_no_archive_is_a_bomb(self, server: Server, into: Path, model: Path) -> None:
        server.body = archive(model_files(model) | {f"{NAME}/zeros": bytes(20_000_000)})
        with pytest.raises(HearingError, match="more than 20 times its size"):
            server.fetch(into)
        assert [child.name for child in into.iterdir()] == [f"{NAME}.zip.part"]

    @pytest.mark.parametrize("body", [b"not a zip file at all", archive({"README": b"nothing else"})])
    def test_what_is_no_model_is_not_unpacked(self, server: Server, into: Path, body: bytes) -> None:
        server.body = body
        with pytest.raises(HearingError, match=r"is a damaged zip file|holds no usable model"):
            server.fetch(into)
        assert not (into / NAME).exists()
        assert not list(into.glob(".*"))
