"""The commands about the coach's own voice: voices, say."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from coach.cli.printing import progress, warn

if TYPE_CHECKING:
    from coach.wiring.voices import ListedVoice


def list_voices(options: argparse.Namespace) -> int:
    from coach.ports import VoiceError
    from coach.wiring import voices

    for voice in voices.installed():
        print(f"{_voice_line(voice)}  {voice.state}")
    try:
        others = voices.fetchable(renew=options.renew)
    except VoiceError as error:
        print(f"\nwhat can be fetched is not known: {error}", file=sys.stderr)
        return 1
    print("\nCan be fetched with `coach voices fetch NAME`:")
    for voice in others:
        print(_voice_line(voice))
    return 0


def fetch_voice(options: argparse.Namespace) -> int:
    from coach.wiring import voices

    print(voices.fetch(options.name, progress(f"fetching {options.name}")))
    return 0


def _voice_line(voice: ListedVoice) -> str:
    size = f"{voice.size / 1e6:.0f} MB" if voice.size else "-"
    return f"{voice.name:36} {voice.language:24} {size:>7}  {voice.licence}"


def say(options: argparse.Namespace) -> int:
    from coach.adapters.files.sound import write_wav
    from coach.audio.shaping import clip_for_room, step_for
    from coach.commands import Manner
    from coach.settings import parse_device
    from coach.wiring.engines import voice
    from coach.wiring.speaking import speak

    text = " ".join(options.text)
    if not any(map(str.isalnum, text)):
        print(f"coach say: nothing to say in {text!r}", file=sys.stderr)
        return 2
    lines = voice(warn, options.voice)
    clip = lines.render(text, Manner.SENTENCE)
    if options.snr is not None:
        clip = clip_for_room(clip, step_for(options.snr))
    if options.wav:
        write_wav(options.wav, clip.pcm, clip.rate)
    else:
        speak(clip, parse_device(options.output))
    return 0
