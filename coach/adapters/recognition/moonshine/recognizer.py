"""Hears phrases with Moonshine tiny: cuts the sound into utterances and reads each utterance several times.

Law: what is heard depends on the samples and the vocabularies alone, never on how the samples were cut into blocks.
Everything happens on frames of 20 ms counted from the first sample.

An utterance is read on two occasions:
- While somebody speaks, every `look` seconds. Such a reading is called a look. A phrase that two looks in a row find,
  or that one look finds with high confidence, becomes a partial. "stop" acts on a partial.
- When the voice pauses, after `_PAUSE_S`. This reading decides the utterance if the pause lasts long enough to show
  that the speaker has finished. The fewer words can follow, the shorter this pause.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from coach.adapters.recognition.moonshine.model import RATE
from coach.adapters.recognition.moonshine.reader import Reader, Verdict, load_search
from coach.adapters.recognition.silero import SileroNetwork
from coach.audio.near_voice import NearVoice
from coach.audio.resampling import Resampler
from coach.audio.segmenter import Mark, Segmenter, UtteranceBounds
from coach.audio.speech_detector import SpeechDetector
from coach.language.phrases import Ending
from coach.language.same_meaning import SameMeaning
from coach.ports import Hypothesis, Pcm, Vocabulary

_FRAME = RATE // 50
"""Samples of one frame, 20 ms."""
LOOK_S = 0.2
"""Seconds between two looks while somebody speaks."""
_LONG_FACTOR = 3.0
"""Factor by which the time between looks grows once the utterance is longer than a look's window."""
_FAST_S = 0.06
"""Seconds of computing for a second of sound up to which a machine looks every `LOOK_S`; a desktop core takes 0.04.
A slower machine looks less often, in proportion, so that looks take at most a third of its time."""
_FIRST_LOOK_S = 0.3
"""Seconds of speech before the first look: "stop" takes 0.3 to 0.5 s."""
_LOOK_WINDOW_S = 2.0
"""A look at a longer utterance reads only its last seconds: a safety phrase is shorter."""
_PAUSE_S = 0.14
"""Seconds of silence behind the speech after which the utterance is read. With less silence, the model completes words
that are cut off."""
_END_S = 0.22
"""Seconds of silence that end an utterance whose words are a phrase that nothing can follow."""
_GO_ON_S, _GO_ON_WORD_S, _SHORT_WORDS, _GO_ON_MAX_S = 0.44, 0.07, 3, 0.72
"""Seconds of silence that end an utterance whose words may go on: `_GO_ON_S`, plus `_GO_ON_WORD_S` for every word
beyond `_SHORT_WORDS`, because people pause to think in long sentences; at most `_GO_ON_MAX_S`. If the phrase is not
complete, the segmenter's bound ends the utterance."""
_MARGIN_BEFORE, _MARGIN_BEHIND = 5, 3
"""Frames before and behind the speech in the reading that leaves out most of the room."""
_NEAR_BEFORE, _NEAR_BEHIND = 10, 7
"""Frames that are read before and behind the speech of a voice that stands out over others."""
_NEAR_BAR, _CROWD_BAR, _CROWD_LOOK_BAR = 0.6, 0.8, 0.65
"""Confidence that is needed while others talk: for a voice that stands out over others; for all other sound, because
others use the same words; and for a look. Of the phrases that a reading of 30 neural voices in talk
finds, these accept 94, 36 and 29 % of those that were said and 10, 0.4 and 0.3 % of those that were not. No lifter is
among those voices."""
_CROWD_S = 10.0
"""Seconds for which others are assumed to keep talking, after they talked while the near voice paused."""
_UNSURE_RANGE = (0.1, 0.9)
"""A phrase with a confidence in this range is read again. Below the range nothing live was said; above the range a
second reading changes nothing."""
_PACES = (0.92, 1.09)
"""Speeds of the further readings. With these readings, and with rivals by meaning, the clips of neural voices go from
85 % right and 8 % wrong to 87 and 4.5 (154 clips in pink noise, on a bike and in talk, each 10 dB softer), and on a
bike 5 dB softer from 83 and 10 to 82 and 5."""
_QUIET_FRAMES, _LEARN_EVERY = 10, 2
"""In silence the reader looks up phrases ahead: after `_QUIET_FRAMES` without speech, in every `_LEARN_EVERY`-th frame.
That takes 3 ms of each 40, until all phrases are looked up."""
_AGREED_BAR, _SINGLE_BAR = 0.6, 0.8
"""Confidence from which a phrase is reported while somebody speaks: if two looks agree, and for a single look. The
model completes words that are cut off: "my hips l..." may look like "my hips hurt"."""


@dataclass(slots=True)
class _Utterance:
    number: int
    first_frame: int
    """Number of the first frame in `sound`; frames are counted from the first sample of all."""
    onset_frame: int
    """Number of the first frame with speech."""
    sound: list[Pcm] = field(default_factory=list)
    words_began: int = 0
    """Number of the frame at which the words of the last reading begin."""
    last_look: int = 0
    """Number of the frame at which the utterance was read last."""
    last_found: str = ""
    """The phrase that was found last; empty: none."""
    reported: set[str] = field(default_factory=set)
    """Phrases that were reported as partials."""
    pause_verdict: Verdict | None = None
    """The verdict of the reading at the present pause; None while somebody speaks."""


def look_seconds(computing_seconds: float) -> float:
    """Seconds between two looks, on a machine that computes this long to read one second of sound."""
    return LOOK_S * max(1.0, computing_seconds / _FAST_S)


def load_ahead(model: Path, cache: Path) -> None:
    """Load into this process what a recogniser with this model needs."""
    load_search(model, cache)
    SileroNetwork()


class MoonshineRecognizer:
    """A `Recognizer`. `urgent` phrases are found even among other words."""

    name = "moonshine"
    rate = RATE

    def __init__(
        self,
        model: Path,
        *,
        urgent: Iterable[str] = (),
        same: SameMeaning | None = None,
        look: float | None = LOOK_S,
        learns: bool = False,
        cache: Path | None = None,
    ) -> None:
        """Load the model from its folder, 0.4 s; HearingError with the remedy.

        `same`: which phrases mean the same; None: phrases with the same content words.
        `look`: seconds between two looks; None: as often as this machine can, measured in the first silence.
        `learns`: use silence to look up what will be needed when somebody speaks. `cache`: folder for what was looked
        up.
        """
        urgent = tuple(urgent)
        self._reader: Reader | None = Reader(model, urgent, same, cache)
        self._learns, self._measured = learns, look is not None
        self._network = SileroNetwork()
        self._look_frames = max(1, round((look or LOOK_S) * RATE / _FRAME))
        self._looks_while_speaking = bool(urgent)
        self._listening = False
        self._clear_sound()

    def _clear_sound(self) -> None:
        self._network.reset()
        self._detector = SpeechDetector(self._network, _FRAME)
        self._segmenter = Segmenter(_FRAME / RATE, UtteranceBounds())
        self._near_voice = NearVoice(_FRAME / RATE)
        self._lead_frames: deque[Pcm] = deque(maxlen=self._segmenter.first_frames)
        self._remainder: Pcm = np.zeros(0, np.int16)
        self._frames = 0
        """Number of frames heard so far."""
        self._utterance: _Utterance | None = None
        self._crowded_until = 0
        """Frame number up to which others are assumed to talk, because they talked while the near voice paused."""
        self._utterance_count = 0

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:  # noqa: ARG002  the port's signature
        """None: Moonshine writes pieces of words, so it can write any word."""
        return ()

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only; an utterance under way is decided with them."""
        self._listening = bool(vocabulary.automaton.arcs)
        self._require_reader().listen_for(vocabulary)
        if self._utterance is not None:
            self._utterance.last_found = ""
            if self._utterance.pause_verdict is not None:
                self._utterance.pause_verdict = self._read(self._utterance)
        if not self._listening:
            self._utterance = None

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """Take the next samples, mono at 16 kHz, any number."""
        self._require_reader()
        sound = np.concatenate((self._remainder, pcm))
        whole = len(sound) - len(sound) % _FRAME
        self._remainder = sound[whole:]
        heard = (self._hear_frame(frame) for frame in sound[:whole].reshape(-1, _FRAME))
        return [hypothesis for hypothesis in heard if hypothesis is not None]

    def reset(self) -> None:
        """Forget all sound, but keep the vocabulary."""
        self._require_reader()
        self._clear_sound()

    def close(self) -> None:
        """Free the model; nothing can be heard any more."""
        if self._reader is not None:
            self._reader.close()
        self._reader = None
        self._utterance = None

    def _require_reader(self) -> Reader:
        if self._reader is None:
            raise RuntimeError("the recogniser is closed: make a new one")
        return self._reader

    def _hear_frame(self, frame: Pcm) -> Hypothesis | None:
        speech = self._detector.is_speech(frame)
        mark = self._segmenter.push(speech)
        self._frames += 1
        self._lead_frames.append(frame)
        if mark is Mark.BEGAN and self._listening:
            self._begin()
            return None
        utterance = self._utterance
        if mark is Mark.QUIET or utterance is None:
            if self._segmenter.silent_frames > _QUIET_FRAMES and self._frames % _LEARN_EVERY == 0:
                self._use_silence()
            return None
        utterance.sound.append(frame)
        self._near_voice.push(self._detector.level)
        if mark is not Mark.SPOKEN:
            return self._decide(utterance, mark)
        silence = self._silence()
        if not silence:
            utterance.pause_verdict = None
        elif utterance.pause_verdict is None and silence >= round(_PAUSE_S * RATE / _FRAME):
            if not self._segmenter.silent_frames:
                self._crowded_until = self._frames + round(_CROWD_S * RATE / _FRAME)
            return self._read_at_pause(utterance)
        elif utterance.pause_verdict is not None and self._is_over(utterance.pause_verdict, silence):
            return self._decide(utterance, self._segmenter.end())
        has_phrase = utterance.pause_verdict is not None and bool(utterance.pause_verdict.text)
        return self._look_if_due(utterance) if speech and not has_phrase else None

    def _silence(self) -> int:
        """Frames since the last speech, or since the last speech of a voice that stands out over others."""
        silence = self._segmenter.silent_frames
        near = self._near_voice.silent_frames
        return near if near > silence and self._near_begins() is not None else silence

    def _near_begins(self) -> int | None:
        return self._near_voice.find_onset(crowded=self._others_talk())

    def _use_silence(self) -> None:
        if not self._measured:
            self._measured = True
            self._look_frames = round(look_seconds(self._require_reader().computing_seconds()) * RATE / _FRAME)
        elif self._learns:
            self._require_reader().learn()

    def _begin(self) -> None:
        self._utterance_count += 1
        self._near_voice.begin()
        self._utterance = _Utterance(
            number=self._utterance_count,
            first_frame=self._frames - len(self._lead_frames),
            onset_frame=self._frames - self._segmenter.frames_since_onset,
            sound=list(self._lead_frames),
            last_look=self._frames
            - self._segmenter.frames_since_onset
            + round(_FIRST_LOOK_S * RATE / _FRAME)
            - self._look_frames,
        )

    def _look_if_due(self, utterance: _Utterance) -> Hypothesis | None:
        """Read an utterance under way, if a look is due; None: no phrase can be reported."""
        is_long = self._frames - utterance.onset_frame > _LOOK_WINDOW_S * RATE / _FRAME
        interval = self._look_frames * (_LONG_FACTOR if is_long else 1.0)
        if not self._looks_while_speaking or self._frames - utterance.last_look < interval:
            return None
        verdict = self._look_at(utterance)
        agreed = verdict.confidence >= (_AGREED_BAR if verdict.text == utterance.last_found else _SINGLE_BAR)
        utterance.last_found = verdict.text
        return self._partial(utterance, verdict) if agreed else None

    def _read_at_pause(self, utterance: _Utterance) -> Hypothesis | None:
        utterance.pause_verdict = verdict = self._read(utterance)
        utterance.last_found = verdict.text
        return self._partial(utterance, verdict)

    def _look_at(self, utterance: _Utterance) -> Verdict:
        utterance.last_look, utterance.words_began = self._frames, utterance.onset_frame
        frames = utterance.sound[-round(_LOOK_WINDOW_S * RATE / _FRAME) :]
        verdict = self._require_reader().read(np.concatenate(frames), self._spoken_seconds(utterance), goes_on=True)
        return self._require_confidence(verdict, _CROWD_LOOK_BAR if self._others_talk() else 0.0)

    def _read(self, utterance: _Utterance) -> Verdict:
        begins = self._near_begins()
        if begins is not None and (self._detector.others_talk or not self._segmenter.silent_frames):
            verdict = self._require_confidence(self._read_near(utterance, begins), _NEAR_BAR)
            utterance.words_began = self._frames - begins
            if verdict.text or not self._segmenter.silent_frames:
                return verdict
        utterance.words_began = utterance.onset_frame
        return self._require_confidence(self._read_carefully(utterance), _CROWD_BAR if self._others_talk() else 0.0)

    def _others_talk(self) -> bool:
        """Whether others talk: they may have said the words that were heard."""
        return self._detector.others_talk or self._frames < self._crowded_until

    @staticmethod
    def _require_confidence(verdict: Verdict, bar: float) -> Verdict:
        """The verdict unchanged, or refused if its confidence is below `bar` because others talk."""
        if not verdict.text or verdict.confidence >= bar:
            return verdict
        return replace(verdict, text="", nearest=verdict.text, reason="it is not clear enough, and others talk")

    def _read_carefully(self, utterance: _Utterance) -> Verdict:
        """The verdict about the utterance. If the first reading is not clear, the verdict is about the mean of four
        readings: of the sound as it is, of the speech with little of the room around it, and of the sound at a slower
        and a faster pace.

        Noise rarely disturbs all four readings alike: see `_PACES`. A slow machine leaves out the last two.
        """
        reader, spoken = self._require_reader(), self._spoken_seconds(utterance)
        utterance.last_look = self._frames
        sound = np.concatenate(utterance.sound)
        whole = reader.look(sound)
        verdict = reader.decide([whole], spoken)
        if not _UNSURE_RANGE[0] < verdict.confidence < _UNSURE_RANGE[1]:
            return verdict
        first = max(0, utterance.onset_frame - utterance.first_frame - _MARGIN_BEFORE)
        last = self._frames - self._segmenter.silent_frames - utterance.first_frame + _MARGIN_BEHIND
        speech = np.concatenate(utterance.sound[first:last])
        paces = _PACES if self._look_frames <= round(LOOK_S * RATE / _FRAME) else ()
        others = [speech, *(Resampler(RATE, round(RATE * pace)).whole(sound) for pace in paces)]
        every = [whole, *map(reader.look, others)]
        return reader.decide(every, spoken, alarmed=reader.is_urgent(verdict.text))

    def _read_near(self, utterance: _Utterance, begins: int) -> Verdict:
        """The verdict about the near voice; `begins`: number of frames from the newest back to its first loud frame."""
        utterance.last_look = self._frames
        frames = len(utterance.sound)
        first, last = frames - begins - _NEAR_BEFORE, frames - self._near_voice.silent_frames + _NEAR_BEHIND
        spoken = (begins - self._near_voice.silent_frames) * _FRAME / RATE
        return self._require_reader().read(np.concatenate(utterance.sound[max(0, first) : last]), spoken)

    def _spoken_seconds(self, utterance: _Utterance) -> float:
        """Seconds from the first to the last frame with speech of the utterance."""
        return (self._frames - self._segmenter.silent_frames - utterance.onset_frame) * _FRAME / RATE

    def _is_over(self, verdict: Verdict, silence: int) -> bool:
        """Whether this many frames of silence show that the speaker has finished."""
        lasts = silence * _FRAME / RATE
        match self._require_reader().ending(verdict.text):
            case Ending.WHOLE:
                return lasts >= _END_S
            case Ending.MAY_GO_ON:
                more = max(0, len(verdict.text.split()) - _SHORT_WORDS)
                return lasts >= min(_GO_ON_MAX_S, _GO_ON_S + _GO_ON_WORD_S * more)
            case Ending.WITHIN:
                return False

    def _partial(self, utterance: _Utterance, verdict: Verdict) -> Hypothesis | None:
        if not verdict.text or verdict.text in utterance.reported:
            return None
        utterance.reported.add(verdict.text)
        return self._hypothesis(utterance, verdict, final=False)

    def _decide(self, utterance: _Utterance, mark: Mark) -> Hypothesis:
        verdict = utterance.pause_verdict or self._read(utterance)
        self._utterance = None
        if verdict.text and (mark is Mark.CUT or not self._segmenter.silent_frames):
            # The end of this utterance must not be heard again in the next one.
            self._lead_frames.clear()
        return self._hypothesis(utterance, verdict, final=True)

    def _hypothesis(self, utterance: _Utterance, verdict: Verdict, *, final: bool) -> Hypothesis:
        frames = (utterance.words_began, self._frames - self._silence(), self._frames)
        began, ended, at = (frame * _FRAME / RATE for frame in frames)
        return verdict.hypothesis(utterance.number, began, ended, at, final=final)
