"""The command line: parses, calls, prints. Exit 0: done; 1: the world or a file is at fault; 2: wrong usage."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coach import __version__
from coach.ports import WorldError

if TYPE_CHECKING:
    from coach.commands import Command
    from coach.events import Event, Heard
    from coach.settings import Hearing
    from coach.training.plan import Plan
    from coach.wiring import Rehearsals


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; faults of the world are one line on standard error."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.call(options)
    except WorldError as fault:
        print(f"coach: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ncoach: ended", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has enough of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coach", description="An offline voice coach for lifters.")
    parser.add_argument("--version", action="version", version=f"coach {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    run = _command(commands, "run", _run, "coach a live session with microphone and loudspeaker")
    _add_pack(run)
    _add_plan(run)
    _add_hearing(run)
    run.add_argument(
        "--profile",
        choices=["headphones", "speaker"],
        default="headphones",
        help='speaker: the microphone hears the coach and others, so commands begin with "coach" (default: headphones)',
    )
    run.add_argument("--input", metavar="DEVICE", help="microphone: number or part of its name (see `coach doctor`)")
    run.add_argument("--output", metavar="DEVICE", help="loudspeaker: number or part of its name")
    run.add_argument("--show", action="store_true", help="print what is said and heard, and what was not understood")
    run.add_argument("--or-demo", action="store_true", help="without sound devices, perform the demonstration instead")

    rehearse = _command(commands, "rehearse", _rehearse, "perform scripted conversations in virtual time")
    rehearse.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a script, or a folder of scripts")
    rehearse.add_argument(
        "--audio", action="store_true", help="real speech through the real recogniser and the real voice"
    )
    rehearse.add_argument(
        "--wav", type=Path, metavar="OUT", help="with --audio: the conversation, microphone left, coach right"
    )
    rehearse.add_argument(
        "--transcript", type=Path, metavar="OUT", help="the timed lines, in the notation of the scripts"
    )
    rehearse.add_argument(
        "--record", action="store_true", help="keep the lifter's lines only and note what the coach says"
    )
    rehearse.add_argument(
        "--update", action="store_true", help="rewrite the coach's lines of the scripts that fail, to read as a diff"
    )
    rehearse.add_argument(
        "--timeline", action="store_true", help="print the plan of speech: where each line was laid, and the gaps"
    )
    rehearse.add_argument(
        "--picture", type=Path, metavar="OUT", help="draw it as .svg or .png: who was heard when, states, beats, stops"
    )
    rehearse.add_argument("--from", dest="begin", type=float, metavar="S", help="the picture begins at this second")
    rehearse.add_argument("--to", dest="end", type=float, metavar="S", help="and ends at this one")
    rehearse.add_argument("--quiet", action="store_true", help="print failures only")
    _add_pack(rehearse)
    _add_hearing(rehearse)
    _add_room(rehearse)

    demo = _command(commands, "demo", _demo, "perform the demonstration and leave it as WAV, transcript and picture")
    demo.add_argument("--out", type=Path, default=Path("coach-demo"), metavar="FOLDER", help="default: coach-demo")
    _add_hearing(demo)
    _add_room(demo)

    said = _command(commands, "commands", _commands, "what can be said to the coach")
    said.add_argument("--state", metavar="STATE", help="only what is live in this state, such as idle or set")
    said.add_argument("--jsgf", action="store_true", help="as a JSGF grammar, for other programs")
    said.add_argument("--alike", action="store_true", help="phrases that sound alike and mean different things")
    _add_pack(said)

    check = _command(
        commands, "check", _check, "tell everything that is wrong with a pack or a script, with file, line and remedy"
    )
    check.add_argument(
        "paths",
        nargs="*",
        default=["leg_press"],
        metavar="PACK|SCRIPT",
        help="a folder with guidance.yaml (default: leg_press), a script, or a folder of scripts",
    )
    _add_pack(check)
    check.add_argument("--model", type=Path, metavar="PATH", help="a Vosk model folder: which words it lacks, too")
    check.add_argument(
        "--schema", choices=["guidance", "commands", "script"], help="print the JSON Schema of such a file, for editors"
    )

    _add_hear(commands)

    models = _command(commands, "models", _models, "Vosk models: fetch, list, verify")
    models.add_argument("what", choices=["fetch", "list", "verify"])
    models.add_argument("path", nargs="?", type=Path, help="verify: a model folder (default: all that are found)")

    _command(commands, "doctor", _doctor, "check sound, voice and recogniser, and say what to do")
    _command(commands, "diagram", _diagram, "the states of a workout as a Mermaid diagram")
    return parser


def _add_hear(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    hear = _command(commands, "hear", _hear, "what the coach would understand from recordings")
    hear.epilog = "for example: coach hear --commands coffee.yaml --json recordings/ more.flac"
    hear.add_argument("files", nargs="+", type=Path, metavar="WAV", help="WAV, FLAC or the like, or a folder of them")
    hear.add_argument(
        "--commands", type=Path, metavar="FILE", help="listen for these: any YAML file in hassil's format"
    )
    hear.add_argument("--state", metavar="STATE", help="what is live in this state of the coach (default: idle)")
    hear.add_argument("--all", action="store_true", help="all of the coach's commands, whatever the state")
    hear.add_argument("--json", action="store_true", help="a JSON object a line for each utterance")
    hear.add_argument("--jobs", type=int, metavar="N", help="processes (default: one a core)")
    _add_hearing(hear)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    call: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    command.set_defaults(call=call)
    return command


def _add_pack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pack",
        default="leg_press",
        metavar="FOLDER|NAME",
        help="the exercise (default: leg_press); see `coach check`",
    )


def _add_plan(parser: argparse.ArgumentParser) -> None:
    plan = parser.add_argument_group("plan (all of it can be changed by voice)")
    plan.add_argument("--reps", type=int, metavar="N", help="repetitions a set")
    plan.add_argument("--sets", type=int, metavar="N")
    plan.add_argument("--rest", type=int, metavar="SECONDS")
    plan.add_argument("--tempo", metavar="A-B-C-D", help="seconds of lowering, pause, push, pause, such as 4-1-2-0")


def _add_hearing(parser: argparse.ArgumentParser) -> None:
    hearing = parser.add_argument_group("hearing")
    hearing.add_argument(
        "--engine",
        choices=["auto", "vosk", "pocketsphinx"],
        default="auto",
        help="recogniser (default: vosk if a model is found)",
    )
    hearing.add_argument("--model", type=Path, metavar="PATH", help="a Vosk model folder")


def _add_room(parser: argparse.ArgumentParser) -> None:
    room = parser.add_argument_group("room (simulated, for the sound of a rehearsal; a script's own `room` gives way)")
    room.add_argument("--snr", type=float, metavar="DB", help="from the lifter's voice down to the noise (usual: 10)")
    room.add_argument("--noise", metavar="KIND|FILE", help="white, pink, babble, music, or a sound file, looped")
    room.add_argument("--echo", type=float, metavar="DB", help="the coach from a loudspeaker, against the lifter: -10")
    room.add_argument("--delay", type=float, metavar="MS", help="from the coach's mixer to the microphone (120)")
    room.add_argument("--reverb", type=float, metavar="RT60", help="seconds in which a sound dies away (0)")
    room.add_argument("--seed", type=int, metavar="N", help="of everything random (1)")


# Imports stand in the commands: `coach --help` answers at once, and a rehearsal needs no sound library.


def _run(options: argparse.Namespace) -> int:
    from coach import wiring
    from coach.content.loader import find_pack
    from coach.settings import Devices, Profile

    plan = _plan(options)
    reason = wiring.why_not_live()
    if reason is not None:
        if not options.or_demo:
            print(f"coach: {reason}; or hear a demonstration: coach demo", file=sys.stderr)
            return 1
        print(f"No live sound here ({reason}). Performing a demonstration instead.")
        options.out = Path("coach-demo")
        return _demo(options)
    profile = Profile(options.profile)
    first = "coach, " if profile is Profile.SPEAKER else ""
    print(f'Listening. Say "{first}set up" or "{first}start set"; "{first}end workout" or Ctrl-C ends.', flush=True)
    witness = _show() if options.show else _tell_faults
    devices = Devices(_device(options.input), _device(options.output))
    folder = find_pack(options.pack)
    wiring.coach_live(plan, _hearing(options), devices, profile, witness, _warn, folder)
    return 0


def _rehearse(options: argparse.Namespace) -> int:
    from coach import wiring
    from coach.adapters.sound_files import write_stereo
    from coach.content.loader import find_pack
    from coach.rehearsal.files import conversations
    from coach.rehearsal.transcript import read_aloud, timeline, write

    files = conversations(options.files)
    wrong = _wrong_outputs(options, len(files))
    if wrong is not None:
        print(f"coach rehearse: {wrong}", file=sys.stderr)
        return 2
    room = _room(options)
    if room and not options.audio:
        print(f"coach rehearse: --{next(iter(room))} needs --audio: text has no room", file=sys.stderr)
        return 2
    rehearsals = wiring.Rehearsals(options.audio, _hearing(options), _warn, find_pack(options.pack), room)
    if options.update:
        return _update(rehearsals, files)
    failed = 0
    for file in files:
        script, played = rehearsals.perform(file, recording=options.record)
        if not options.quiet:
            print(f"# {script.story}")
            print(timeline(played.placed) if options.timeline else read_aloud(played.entries))
        if options.wav and played.stereo is not None:
            write_stereo(options.wav, played.stereo, rehearsals.rate)
        if options.transcript:
            wiring.write_text(options.transcript, write(played.entries, script.head))
        if options.picture:
            wiring.write_picture(options.picture, script, played, rehearsals.rate, options.begin or 0.0, options.end)
        if played.failure is not None:
            failed += 1
            # With the whole conversation above it, the failure is enough.
            print(f"coach: {played.report if options.quiet else played.failure}", file=sys.stderr)
    if len(files) > 1:
        print(f"{len(files) - failed} of {len(files)} conversations as written")
    return 1 if failed else 0


def _wrong_outputs(options: argparse.Namespace, files: int) -> str | None:
    """What is wrong with the options of a rehearsal, and the remedy."""
    from coach.rehearsal.files import BOTIUM

    outputs = options.wav or options.transcript or options.picture
    if files > 1 and outputs:
        return "--wav, --transcript and --picture take one script"
    if options.wav and not options.audio:
        return "--wav needs --audio: text has no sound"
    if options.update and (options.record or outputs):
        return "--update rewrites the scripts themselves: leave the other outputs out"
    if options.picture and options.picture.suffix not in (".svg", ".png"):
        return f"--picture {str(options.picture)!r}: name it .svg or .png"
    part = (options.begin, options.end)
    if part != (None, None) and not options.picture:
        return "--from and --to are for --picture OUT"
    if not 0 <= (options.begin or 0.0) < (math.inf if options.end is None else options.end):
        return "--from S --to S: give seconds of the session, the earlier first"
    return None


def _update(rehearsals: Rehearsals, files: Sequence[Path]) -> int:
    for file in files:
        updated = rehearsals.update(file)
        if updated is None:
            continue
        changes, played = updated
        print(f"{file}: {changes}")
        if played.failure is not None:
            print(f"  still not as written: {played.failure}")
    return 0


def _demo(options: argparse.Namespace) -> int:
    from coach import wiring
    from coach.adapters.sound_files import write_stereo
    from coach.rehearsal.transcript import read_aloud

    rehearsals = wiring.Rehearsals(True, _hearing(options), _warn, room=_room(options))
    rehearsals.render_ahead(_progress("rendering the coach's voice"))
    script, played = rehearsals.perform(wiring.DEMO, recording=False)
    wav, transcript = options.out / "conversation.wav", options.out / "transcript.txt"
    picture = options.out / "picture.svg"
    if played.stereo is None:
        raise AssertionError("audio mode gives sound")
    write_stereo(wav, played.stereo, rehearsals.rate)
    wiring.write_text(transcript, f"{script.story}\n\n{read_aloud(played.entries)}")
    wiring.write_picture(picture, script, played, rehearsals.rate)
    minutes, seconds = divmod(round(played.seconds), 60)
    print(f"{minutes} min {seconds} s of coaching, heard by {rehearsals.engine}:")
    print(f"  to listen to (microphone left, coach right): {wav.resolve()}")
    print(f"  to read: {transcript.resolve()}")
    print(f"  to look at: {picture.resolve()}")
    if played.failure is not None:
        print(f"coach: {played.failure}", file=sys.stderr)
        return 1
    return 0


def _commands(options: argparse.Namespace) -> int:
    from coach import wiring
    from coach.content.loader import find_pack
    from coach.dialogue import policy, states

    pack, grammar, _ = wiring.exercise(find_pack(options.pack))
    intents = grammar.intents
    if options.state is not None:
        if options.state not in states.PARENTS:
            print(f"coach commands: no state {options.state!r}: {', '.join(states.PARENTS)}", file=sys.stderr)
            return 2
        intents = policy.live(pack, options.state, set_is_open=True, asked=False)
    if options.alike:
        for pair in wiring.alike(options.state):
            one, other = f"{pair.intent}: {pair.phrase}", f"{pair.other_intent}: {pair.other_phrase}"
            print(f"{pair.distance:.2f}  {one}  |  {other}")
        return 0
    if options.jsgf:
        print(grammar.vocabulary(intents).jsgf, end="")
        return 0
    for group in dict.fromkeys(pack.groups.values()):
        print(f"{group}:")
        for name in (name for name in pack.groups if pack.groups[name] == group and name in intents):
            print(f"  {name}: {', '.join(grammar.examples(name))}")
    return 0


def _check(options: argparse.Namespace) -> int:
    from coach import wiring
    from coach.content import schema
    from coach.content.json_schema import json_schema
    from coach.content.loader import find_pack
    from coach.ports import ScriptError
    from coach.rehearsal.script import SCRIPT

    if options.schema is not None:
        spec = {"guidance": schema.GUIDANCE, "commands": schema.COMMANDS, "script": SCRIPT}[options.schema]
        print(json.dumps(json_schema(spec, f"coach {options.schema}"), indent=2))
        return 0
    bad = False
    for path in options.paths:
        try:
            faults = _check_scripts(Path(path), options.pack)
            if faults is None:
                told = wiring.check(find_pack(path), options.model)
                faults = sum(not one.warning for one in told)
                for one in told:
                    print(one)
        except ScriptError as fault:
            print(fault)
            bad = True
            continue
        print(f"{path}: {f'{faults} faults' if faults > 1 else 'one fault' if faults else 'good'}")
        bad = bad or faults > 0
    return 1 if bad else 0


def _check_scripts(path: Path, pack: str) -> int | None:
    """Tells what is wrong with a script or a folder of them; returns how many faults, None if it is neither."""
    from coach import wiring
    from coach.content.loader import find_pack
    from coach.ports import ScriptError
    from coach.rehearsal.files import conversations, is_conversation
    from coach.settings import Hearing

    scripts = any(map(is_conversation, path.iterdir())) if path.is_dir() else is_conversation(path)
    if not scripts or (path / "guidance.yaml").is_file():
        return None
    rehearsals = wiring.Rehearsals(False, Hearing(), _warn, find_pack(pack))
    faults = 0
    for file in conversations([path]):
        try:
            told = rehearsals.check(file)
        except ScriptError as fault:
            print(fault)
            faults += len(str(fault).splitlines())
            continue
        for one in told:
            print(one)
        faults += sum(not one.warning for one in told)
    return faults


def _hear(options: argparse.Namespace) -> int:
    from coach import wiring
    from coach.adapters.sound_files import sound_files
    from coach.dialogue import states
    from coach.hearing import as_json, as_line, hear_all

    wrong = None
    if options.state is not None and options.state not in states.PARENTS:
        wrong = f"no state {options.state!r}: {', '.join(states.PARENTS)}"
    elif options.state is not None and (options.commands or options.all):
        wrong = "--state narrows the coach's own commands: leave it out with --commands or --all"
    elif options.jobs is not None and options.jobs < 1:
        wrong = f"--jobs {options.jobs}: give 1 or more"
    if wrong is not None:
        print(f"coach hear: {wrong}", file=sys.stderr)
        return 2
    state = None if options.all else options.state or states.IDLE
    build = partial(wiring.listener, wiring.Material(_hearing(options), options.commands, state))
    files = [file for path in options.files for file in sound_files(path)]
    told: dict[str, None] = {}
    failed = False
    for done, result in enumerate(hear_all(files, build, min(len(files), options.jobs or wiring.cores())), 1):
        for text in (*result.told, result.fault):
            if text and text not in told:
                _warn(text)
                told[text] = None
        for utterance in result.utterances:
            print((as_json if options.json else as_line)(result.file, utterance), flush=True)
        failed = failed or bool(result.fault)
        if not sys.stdout.isatty():
            _progress("hearing")(done, len(files))
    return 1 if failed else 0


def _models(options: argparse.Namespace) -> int:
    from coach import wiring

    match options.what:
        case "fetch":
            print(wiring.fetch_model(_progress("fetching the English Vosk model (40 MB, Apache-2.0)")))
        case "list":
            found = wiring.found_models()
            for model in found:
                print(f"{model.name}  {model.size / 1e6:.0f} MB  {model.state}  {model.path}")
            if not found:
                print("no Vosk model: `coach models fetch` gets one; until then PocketSphinx hears")
        case "verify":
            faults = wiring.verify_models(options.path)
            for path, fault in faults:
                print(f"{path}: {fault or 'good'}")
            return 1 if any(fault for _, fault in faults) else 0
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from coach import doctor, wiring

    sick = False
    for finding in doctor.examine(wiring.PROJECT, wiring.tried_recognizer):
        print(f"{'ok  ' if finding.good else 'FIX '} {finding.what}")
        sick = sick or not finding.good
    return 1 if sick else 0


def _diagram(_: argparse.Namespace) -> int:
    from coach import wiring
    from coach.dialogue.states import diagram

    print(diagram(wiring.setup_steps()), end="")
    return 0


def _plan(options: argparse.Namespace) -> Plan:
    from coach import wiring
    from coach.content.loader import find_pack
    from coach.ports import ScriptError
    from coach.training.tempo import Tempo

    _, _, plan = wiring.exercise(find_pack(options.pack))
    changes = {name: getattr(options, name) for name in ("reps", "sets", "rest") if getattr(options, name) is not None}
    try:
        if options.tempo is not None:
            changes["tempo"] = Tempo.parse(options.tempo)
        return replace(plan, **changes)
    except ValueError as fault:
        raise ScriptError(str(fault)) from fault


def _hearing(options: argparse.Namespace) -> Hearing:
    from coach.settings import Engine, Hearing

    return Hearing(Engine(options.engine), options.model)


def _room(options: argparse.Namespace) -> dict[str, float | str]:
    """What was given of the room."""
    names = ("snr", "noise", "echo", "delay", "reverb", "seed")
    return {name: getattr(options, name) for name in names if getattr(options, name, None) is not None}


def _device(name: str | None) -> int | str | None:
    return int(name) if name is not None and name.isdigit() else name


def _progress(what: str) -> Callable[[int, int], None]:
    """A bar on a terminal, nothing in a log."""
    if not sys.stderr.isatty():
        return lambda _done, _total: None

    def show(done: int, total: int) -> None:
        part = done / total if total else 1.0
        bar = "#" * round(part * 30)
        end = "\n" if done >= total else ""
        print(f"\r{what} [{bar:<30}] {part:4.0%}", end=end, file=sys.stderr, flush=True)

    return show


def _warn(text: str) -> None:
    print(f"coach: {text}", file=sys.stderr)


def _tell_faults(happened: Event | Command) -> None:
    """Prints what the world did to us; the coach says it too, where it can."""
    from coach.events import (
        HearingFailed,
        HearingRestarted,
        JournalFailed,
        MicrophoneLost,
        SpeakerLost,
        VoiceFailed,
    )

    lost = MicrophoneLost | SpeakerLost | HearingRestarted | HearingFailed | VoiceFailed | JournalFailed
    if isinstance(happened, lost):
        _warn(f"{type(happened).__name__}: {happened.reason}")


def _show() -> Callable[[Event | Command], None]:
    """Prints the conversation as it happens."""
    from coach.commands import Say
    from coach.events import Heard

    def show(happened: Event | Command) -> None:
        match happened:
            case Say():
                print(f"{happened.at:8.2f}  coach   {happened.text}", flush=True)
            case Heard():
                print(f"{happened.at:8.2f}  lifter  {heard_line(happened)}", flush=True)
            case _:
                _tell_faults(happened)

    return show


def heard_line(heard: Heard) -> str:
    """What `--show` prints of an utterance: the words, or what was nearest to it and why that was not believed."""
    if heard.text:
        return f"{heard.text}{'' if heard.final else ' ...'}  ({heard.confidence:.2f})"
    nearest = f"nearest {heard.guess!r}, " if heard.guess else ""
    return f"(not understood: {nearest}{heard.reason or 'no phrase fits well enough'})"
