"""What a gym sets off when nobody talks to the coach, and what hearing costs as the vocabulary grows.

Law: an action is what the conversation would act on; a vocabulary of N phrases is N times three words, drawn with a
seed from the recogniser's dictionary.
"""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from coach.adapters.dictionary import known_words
from coach.adapters.sound_files import read_speech
from coach.audio.noises import Tap, babble, music
from coach.content.schema import Group
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.language.grammar import Grammar
from coach.ports import Pcm
from coach.rehearsal.script import VOICES
from coach.settings import Hearing
from coach.wiring import engines, rehearsing
from coach.wiring.recognizers import EMBEDDED
from scripts.benchmarks.hearing import RATE, Follower, levelled, lines, peak_memory

_HOUR_S = 3600.0
_QUICK_S = 300.0
_LEVEL = 0.06 * 32768 / 10 ** (10 / 20)
"""10 dB below a lifter's words."""
_BLOCK = RATE // 50
_SIZES = (50, 500, 5000)
_ENGINE = Hearing(EMBEDDED)


def main(quick: bool = False) -> None:
    """Measure and print."""
    seconds = _QUICK_S if quick else _HOUR_S
    kinds = [(kind, state) for kind in ("babble", "music") for state in (State.IDLE, State.SET)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        crowds = [pool.submit(_crowd, kind, state, seconds) for kind, state in kinds]
        costs = [pool.submit(_cost, size) for size in _SIZES]
        print(f"{seconds / 60:.0f} min each, 10 dB below a lifter's words; bar: 1 action an hour, 0 on safety words")
        for running in (*crowds, *costs):
            print(running.result(), flush=True)


def _crowd(kind: str, state: State, seconds: float) -> str:
    """Actions set off by noise alone."""
    pack, grammar, _ = engines.exercise()
    live = policy.live(pack, state, set_is_open=False, asked=False)
    hears = engines.recognizer(_ENGINE, pack, grammar, print)
    hears.listen_for(grammar.vocabulary(live))
    chance = np.random.default_rng(7)
    sound = Tap(babble(chance, RATE, _talk()) if kind == "babble" else music(chance, RATE))
    follower = Follower(pack, grammar, live, state)
    acted: list[str] = []
    began = time.thread_time()
    for _ in range(round(seconds * 50)):
        block = np.clip(np.rint(sound.take(_BLOCK) * _LEVEL), -32768, 32767).astype(np.int16)
        acted += [intent.name for intent in follower.acted(hears.hear(block))]
    busy = time.thread_time() - began
    grave = sum(pack.groups[name] == Group.SAFETY for name in acted)
    hourly = len(acted) * 3600 / seconds
    return (
        f"{kind:>8}, {state:<5} {len(acted):3} actions ({hourly:.0f} an hour), {grave} on safety words; "
        f"{100 * busy / seconds:.1f} % of a core with making the noise"
    )


def _talk() -> list[Pcm]:
    return [
        read_speech(rehearsing.VOICES / f"{who}-{rehearsing.slug(said)}.flac", RATE)
        for who in VOICES
        for said in lines("others.txt")
    ]


def _cost(size: int) -> str:
    """Loading, decoding and memory with so many phrases, over four voices' commands with 1 s between."""
    words = sorted(word for word in known_words() if word.isalpha() and len(word) > 2)
    chance = np.random.default_rng(size)
    phrases = [" ".join(chance.choice(words, 3)) for _ in range(size)]
    grammar = Grammar({"language": "en", "intents": {"Any": {"data": [{"sentences": phrases}]}}})
    began = time.thread_time()
    vocabulary = grammar.vocabulary(grammar.intents)
    compiled = time.thread_time() - began
    pack, own, _ = engines.exercise()
    hears = engines.recognizer(_ENGINE, pack, own, print)
    began = time.thread_time()
    hears.listen_for(vocabulary)
    loaded = time.thread_time() - began
    gap = np.zeros(RATE, np.int16)
    sound = np.concatenate(
        [
            part
            for who in VOICES
            for said in lines("commands.txt")[:12]
            for part in (levelled(read_speech(rehearsing.VOICES / f"{who}-{rehearsing.slug(said)}.flac", RATE)), gap)
        ]
    )
    began = time.thread_time()
    for at in range(0, len(sound), _BLOCK):
        hears.hear(sound[at : at + _BLOCK])
    share = 100 * (time.thread_time() - began) / (len(sound) / RATE)
    return (
        f"{size:>8} phrases: compiled in {compiled:.2f} s, loaded in {loaded:.2f} s, {share:.1f} % of a core, "
        f"{peak_memory():.0f} MB"
    )
