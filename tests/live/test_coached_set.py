"""A whole short set, hands-free and with real devices: speech into the microphone, the coach out of the loudspeaker."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import numpy as np
import numpy.typing as npt
import pytest

from coach.commands import Manner, Say, Write
from coach.events import Event, Heard, HearingRestarted, MicrophoneFound, MicrophoneLost, SpeakerLost, SpeechFinished
from coach.ports import Observed, Pcm
from coach.records import StopSaid
from coach.settings import Corner, Devices, Hearing, Settings
from coach.snapshot import Snapshot
from coach.training.plan import Plan
from coach.training.tempo import Tempo
from coach.wiring import engines, live
from coach.wiring.plans import ChosenPlan
from coach.wiring.recognizers import EMBEDDED
from lab.rigs.sound_server import SPEAKER_RATE, Samples, SoundServer

pytestmark = pytest.mark.live

GREETING = "Hamstring leg press. I count, you push. Say set up, or start set."
QUIET = 200
"""Level below which a sample counts as quiet, of 32768; the loudspeaker is a digital null sink."""


class _Left(Exception):  # noqa: N818  it is no error
    """The test has seen enough."""


class LiveCoach:
    """`live.coach_live` in a thread, with everything that happens in its session."""

    def __init__(self, plan: Plan, settings: Settings = Settings(hearing=Hearing(EMBEDDED))) -> None:  # noqa: B008
        self._settings = settings
        self._leaving = False
        self.happened: list[Observed] = []
        self.complaints: list[str] = []
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._run, args=(plan,), daemon=True)
        self._thread.start()

    def _run(self, plan: Plan) -> None:
        try:
            live.coach_live(
                ChosenPlan(options={name: getattr(plan, name) for name in ("reps", "sets", "rest", "tempo")}),
                self._settings,
                [self._see],
                self.complaints.append,
            )
        except BaseException as fault:  # noqa: BLE001  reported by the test's own thread
            self._fault = fault

    def _see(self, happening: Observed) -> None:
        self.happened.append(happening)
        if self._leaving:
            raise _Left

    def leave(self) -> None:
        """End it with the next event, as Ctrl-C would."""
        self._leaving = True

    def left(self) -> bool:
        self._thread.join(0.01)
        return isinstance(self._fault, _Left)

    def heard(self, text: str) -> int:
        """How often it was said to its end."""
        lines = {one.line_number for one in self.happened if isinstance(one, Say) and one.text == text}
        return sum(
            isinstance(one, SpeechFinished) and one.line_number in lines and one.played == one.length
            for one in self.happened
        )

    def stops(self) -> list[int]:
        """Where in all that happened a stop was written down."""
        seen = enumerate(list(self.happened))
        return [number for number, one in seen if isinstance(one, Write) and isinstance(one.record, StopSaid)]

    def of(self, *kinds: type[Event]) -> list[Observed]:
        return [one for one in list(self.happened) if isinstance(one, kinds)]

    def now(self) -> Snapshot:
        return [one for one in self.happened if isinstance(one, Snapshot)][-1]

    def said(self, text: str) -> int:
        """How often the coach has begun to say this text."""
        return sum(isinstance(one, Say) and one.text == text for one in self.happened)

    def wait_for(self, holds: Callable[[], bool], what: str) -> None:
        SoundServer.wait_until(lambda: holds() or self._fault is not None, what)
        if self._fault is not None:
            raise self._fault

    def ended(self) -> bool:
        self._thread.join(0.01)
        return not self._thread.is_alive()


@pytest.fixture
def private_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the journal of a test apart from the lifter's. The tests of a session share rendered clips."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    yield


def _places(recording: Samples, clip: Pcm) -> npt.NDArray[np.intp]:
    """Samples at which exactly this clip begins in the recording: normalised correlation above 0.9."""
    size = 1 << (len(recording) + len(clip)).bit_length()
    sound = recording.astype(np.float64)
    pattern = clip.astype(np.float64)
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(pattern, size)), size)
    product = product[: len(sound) - len(clip)]
    total = np.concatenate([[0.0], np.cumsum(sound**2)])
    energy = (total[len(clip) :] - total[: -len(clip)])[: len(product)]
    alike = product / np.sqrt(np.maximum(energy, 1.0) * np.sum(pattern**2))
    above = np.flatnonzero(alike > 0.9)
    groups = np.split(above, np.flatnonzero(np.diff(above) > len(clip) // 2) + 1) if len(above) else []
    return np.array([group[np.argmax(alike[group])] for group in groups], dtype=np.intp)


def _coached_set(sound: SoundServer) -> tuple[LiveCoach, Samples]:
    """A coached set and what the loudspeaker played."""
    with sound.record_speaker() as recording:
        coach = LiveCoach(Plan(reps=2, sets=1, rest=30, tempo=Tempo.parse("2-1-2-0")))
        coach.wait_for(lambda: coach.said(GREETING) == 1, "greeting")
        sound.speak("start set")
        coach.wait_for(lambda: coach.said("rep two") == 1, "the set is counted")
        coach.wait_for(lambda: coach.said("Today, one set, two reps.") == 1, "the summary")
        sound.speak("end workout")
        coach.wait_for(coach.ended, "the session ends")
        return coach, recording.samples()


@pytest.mark.usefixtures("private_folders", "spoken_before")
def test_a_set_is_coached_hands_free(
    sound: SoundServer,
    capfd: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Greeting, start, counts on the beat, the summary, and the end; all of it by voice."""
    for _ in range(4):
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        capfd.readouterr()
        coach, played = _coached_set(sound)
        # A busy machine starves the sound server: samples are lost, and ALSA reports it. Such a set is done again.
        if "underrun" not in capfd.readouterr().err:
            break
    assert coach.complaints == []
    heard = [one.text for one in coach.happened if isinstance(one, Heard) and one.final]
    assert heard == ["start set", "end workout"]
    kinds = [one.record.kind for one in coach.happened if isinstance(one, Write)]
    assert kinds == ["began", "set_began", "rep", "rep", "set", "workout"]
    # Every count was really played, in order and a second apart, exact to the sample.
    clips = engines.voice(print)
    # The voice says a word the same way in every line: "one" is also in the introduction.
    introduction = next(one.text for one in coach.happened if isinstance(one, Say) and one.source == "set.intro")
    line = clips.render(introduction, Manner.SENTENCE).pcm
    [begins] = _places(played, line)
    played = played[begins + len(line) :]
    onsets = sorted(
        (int(place) + clip.onset, word)
        for word in ("three", "two", "one", "lower", "hold", "push", "rep one", "rep two")
        for clip in [clips.render(word, Manner.COUNT)]
        for place in _places(played, clip.pcm)
    )
    rep = ["lower", "two", "hold", "push"]
    expected = ["three", "two", "one", *rep, "rep one", *rep, "rep two"]
    assert [word for _, word in onsets] == expected
    gaps = np.diff([onset for onset, _ in onsets])
    # The big breath takes a beat of its own.
    assert [round(gap / SPEAKER_RATE, 6) for gap in gaps] == [1, 3, *[1] * (len(gaps) - 2)]


@pytest.mark.usefixtures("private_folders", "spoken_before")
def test_the_safety_word_silences_a_running_set(sound: SoundServer) -> None:
    """ "Stop" over the coach's voice: the counts end, the way out is said, then nothing until "continue"."""
    plan = Plan(reps=8, sets=1, rest=30, tempo=Tempo.parse("4-1-2-0"))
    with sound.record_speaker() as recording:
        coach = LiveCoach(plan)
        coach.wait_for(lambda: coach.said(GREETING) == 1, "greeting")
        sound.speak("start set", "rms")
        coach.wait_for(lambda: coach.said("rep one") == 1, "the first repetition is laid out")
        sound.speak("stop", "rms")
        coach.wait_for(lambda: coach.said("Bring it up slowly. Catches in.") == 1, "the coach stops")
        coach.wait_for(lambda: coach.stops() != [], "it is written down")
        stopped = coach.stops()[0]
        coach.wait_for(lambda: coach.said("Say continue, or finish.") == 1, "what may be done")
        counts = [one for one in coach.happened[stopped:] if isinstance(one, Say) and one.manner is not Manner.SENTENCE]
        assert counts == []
        sound.speak("continue", "rms")
        coach.wait_for(
            lambda: any(isinstance(one, Say) and one.text.startswith("From rep") for one in coach.happened), "resumed"
        )
        sound.speak("finish set", "rms")
        sound.speak("end workout", "rms")
        coach.wait_for(coach.ended, "the session ends")
        played = recording.samples()
    # Between the danger line and the next line: digital silence, four seconds long.
    clips = engines.voice(print)
    danger = clips.render("Bring it up slowly. Catches in.", Manner.SENTENCE)
    [begins] = _places(played, danger.pcm)
    after = played[begins + len(danger.pcm) :]
    assert np.max(np.abs(after[: round(3.5 * SPEAKER_RATE)].astype(np.int32))) <= QUIET


def _recognisers() -> list[int]:
    """Process ids of this process's children that hear."""
    tasks = Path("/proc/self/task").iterdir()
    children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return [child for child in children if b"recogniser" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.usefixtures("private_folders", "spoken_before")
def test_a_recogniser_that_is_killed_is_replaced_and_nothing_is_left_behind(sound: SoundServer) -> None:
    coach = LiveCoach(Plan(reps=2, sets=1, rest=30, tempo=Tempo.parse("2-1-2-0")))
    coach.wait_for(lambda: coach.said(GREETING) == 1, "greeting")
    [first] = _recognisers()
    os.kill(first, signal.SIGKILL)
    coach.wait_for(lambda: any(isinstance(one, HearingRestarted) for one in coach.happened), "it is told")
    [second] = _recognisers()
    sound.speak("end workout")
    coach.wait_for(coach.ended, "the session ends")
    assert second != first
    assert _recognisers() == []
    [told] = [one for one in coach.happened if isinstance(one, HearingRestarted)]
    assert (told.reason, told.speech_lost) == ("it was ended by SIGKILL", False)
    assert [one.text for one in coach.happened if isinstance(one, Heard) and one.final] == ["end workout"]


@pytest.mark.usefixtures("private_folders", "spoken_before")
def test_a_corner_begins_without_devices_and_its_set_is_paused_when_the_microphone_goes(sound: SoundServer) -> None:
    """The USB stick comes after the start, is pulled in the set, and comes back; nobody restarts anything."""

    def plug_in() -> str:
        return sound.plug_in("jabra", "Jabra Speak Mono", microphone=True)

    lost, back = (engines.exercise()[0].prompts[f"fault.microphone_{name}"].say[0] for name in ("lost", "back"))
    coach = LiveCoach(
        Plan(reps=8, sets=1, rest=30, tempo=Tempo.parse("4-1-2-0")),
        Settings(hearing=Hearing(EMBEDDED), devices=Devices("jabra", "box"), corner=Corner(stays=True)),
    )
    coach.wait_for(lambda: len(coach.of(SpeakerLost, MicrophoneLost)) == 2, "it begins without them")
    box = sound.plug_in("box", "Gym Box", microphone=False)
    coach.wait_for(lambda: coach.heard(lost) == 1, "it is said as soon as there is a loudspeaker")
    module = plug_in()
    coach.wait_for(lambda: coach.heard(back) == 1, "it hears")
    sound.speak("start set")
    coach.wait_for(lambda: coach.now().state.startswith("set."), "the set has begun")
    sound.unplug(module)
    coach.wait_for(lambda: coach.heard(lost) == 2, "the loss is said")
    assert coach.now().state in ("paused", "stopped", "correcting"), "nothing is counted"
    module = plug_in()
    coach.wait_for(lambda: isinstance(coach.of(MicrophoneLost, MicrophoneFound)[-1], MicrophoneFound), "it hears")
    coach.leave()
    sound.unplug(module)
    sound.wait_until(coach.left, "the session ends")
    sound.unplug(box)
