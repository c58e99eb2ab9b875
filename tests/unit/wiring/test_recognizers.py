"""The table of recognisers: what is chosen, and what is said about a missing or damaged one."""

from __future__ import annotations

from pathlib import Path

import pytest

import coach
from coach.adapters.recognition.moonshine.model_files import NAME, finding
from coach.ports import HearingError
from coach.settings import AUTO, Hearing
from coach.wiring import models, recognizers
from lab.rigs.recognizers import usable


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine on which nothing was fetched and no model is named."""
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(models, "PROJECT", tmp_path)
    return tmp_path


@pytest.fixture
def set_up(fresh: Path) -> None:
    """The machine after set-up, which fetches the model."""
    real = Path(coach.__file__).parent.parent / "voice_models" / NAME
    assert finding(real) is None, finding(real)
    (fresh / "voice_models").mkdir()
    (fresh / "voice_models" / NAME).symlink_to(real)


def damaged_vosk_model(folder: Path) -> Path:
    model = folder / "voice_models/vosk-model-small-en-us-0.15"
    for part in ("am", "conf", "graph"):
        (model / part).mkdir(parents=True)
    return model


@pytest.mark.usefixtures("fresh")
class TestRecognizers:
    def test_names_are_of_the_table(self) -> None:
        assert recognizers.names() == [AUTO, *(row.name for row in recognizers.RECOGNIZERS)]
        assert recognizers.EMBEDDED in recognizers.names()

    def test_after_set_up_it_hears(self, set_up: None) -> None:
        row, _ = recognizers.choose(Hearing(), pytest.fail)
        assert row.name == recognizers.EMBEDDED
        assert [one.engine for one in usable()] == [recognizers.EMBEDDED]

    def test_without_any_model_the_remedy_is_one_line(self) -> None:
        with pytest.raises(HearingError, match=r"^no recogniser has a model here: run: coach models fetch$"):
            recognizers.choose(Hearing(), pytest.fail)
        with pytest.raises(HearingError, match=r"^no Moonshine model found: run `coach models fetch`, or name one"):
            recognizers.choose(Hearing(recognizers.EMBEDDED), pytest.fail)
        assert usable() == []

    def test_auto_passes_over_a_damaged_model_with_a_warning(self, fresh: Path, set_up: None) -> None:
        model = damaged_vosk_model(fresh)
        warnings: list[str] = []
        row, _ = recognizers.choose(Hearing(), warnings.append)
        assert [row.name] == [one.engine for one in usable()]
        (told,) = warnings
        assert told.startswith(f"no usable vosk model in {str(model)!r}: am/final.mdl: missing (and ")
        assert told.endswith(f"or run: coach models fetch vosk; until then {row.name} hears")

    def test_vosk_is_judged_by_moonshine_where_that_is_found(self, fresh: Path) -> None:
        vosk = next(row for row in recognizers.RECOGNIZERS if row.name == "vosk")
        assert recognizers.judge_of(vosk) is None
        model = fresh / "voice_models/moonshine-tiny-en"
        model.mkdir(parents=True)
        (model / "tokenizer.bin").write_bytes(b"")
        other, found = recognizers.judge_of(vosk) or pytest.fail("no judge")
        assert (other.name, found) == ("moonshine", model)
        assert recognizers.judge_of(other) is None

    def test_what_is_asked_for_by_name_must_be_whole(self, fresh: Path) -> None:
        with pytest.raises(HearingError, match=r"^no Vosk model found: run `coach models fetch vosk`"):
            recognizers.choose(Hearing("vosk"), pytest.fail)
        model = damaged_vosk_model(fresh)
        with pytest.raises(HearingError, match=r"^no usable vosk model"):
            recognizers.choose(Hearing("vosk"), pytest.fail)
        with pytest.raises(HearingError, match=r"^no usable vosk model"):
            recognizers.choose(Hearing(AUTO, model), pytest.fail)

    def test_a_missing_library_is_told_with_its_remedy(self, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        damaged_vosk_model(fresh)
        monkeypatch.setattr(recognizers, "find_spec", lambda name: None)
        with pytest.raises(HearingError, match=r"^the vosk package is missing: pip install vosk, or choose another"):
            recognizers.choose(Hearing(), pytest.fail)

    def test_where_moonshine_cannot_run_vosk_is_the_remedy(self, set_up: None, monkeypatch: pytest.MonkeyPatch) -> None:
        """onnxruntime has no wheel for 32-bit ARM: there the model is not used, and not fetched in vain."""
        for module in (recognizers, models):
            monkeypatch.setattr(module, "find_spec", lambda name: None)
        remedy = r"^the onnxruntime package is missing: .* 32-bit ARM, Vosk hears: coach models fetch vosk$"
        with pytest.raises(HearingError, match=remedy):
            recognizers.choose(Hearing(), pytest.fail)
        with pytest.raises(HearingError, match=remedy):
            models.MOONSHINE.fetch(lambda there, whole: None)

    def test_a_wrong_choice_is_one_line(self) -> None:
        with pytest.raises(HearingError, match=r"^no recogniser 'siri': choose of auto, "):
            recognizers.choose(Hearing("siri"), pytest.fail)


@pytest.mark.parametrize(
    "hearing", usable() or [Hearing(recognizers.EMBEDDED)], ids=lambda hearing: str(hearing.engine)
)
def test_a_row_says_what_its_recogniser_says(hearing: Hearing) -> None:
    """Every recogniser that can hear on this machine."""
    row, model = recognizers.choose(hearing, pytest.fail)
    hears = row.make(model, ("stop",), None)
    assert (hears.name, hears.rate) == (row.name, row.rate)
    hears.close()
