"""The options of every command."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from coach import __version__
from coach.cli import broker, doctor, history, inspection, plans, privacy, sessions, settings, speech
from coach.cli.help_texts import FILE_FORMATS, PLAN_FILES
from coach.formats import FORMATS
from coach.settings import AUTO, Profile
from coach.wiring import recognizers
from coach.wiring.models import MODELS


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coach", description="An offline voice coach for lifters.")
    parser.add_argument("--version", action="version", version=f"coach {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    _add_run(commands)
    _add_show_plan(commands)

    rehearse = _command(commands, "rehearse", sessions.rehearse, "perform scripted conversations in virtual time")
    rehearse.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a script, or a folder of scripts")
    rehearse.add_argument(
        "--from-journal",
        metavar="SESSION",
        help="instead of a script: make one of a session that was kept, without dates and names, to send when something"
        " went wrong; by its number in `coach history` (1 is the latest) or its beginning; into --transcript OUT",
    )
    _add_lifter(rehearse)
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
    _add_voice(rehearse)
    _add_room(rehearse)

    demo = _command(
        commands, "demo", sessions.demo, "perform the demonstration and leave it as WAV, transcript and picture"
    )
    demo.add_argument("--out", type=Path, default=Path("coach-demo"), metavar="FOLDER", help="default: coach-demo")
    _add_hearing(demo)
    _add_voice(demo)
    _add_room(demo)

    said = _command(commands, "commands", inspection.commands, "what can be said to the coach")
    said.add_argument("--state", metavar="STATE", help="only what is live in this state, such as idle or set")
    said.add_argument("--alike", action="store_true", help="phrases that sound alike and mean different things")
    _add_pack(said)

    check = _command(
        commands,
        "check",
        inspection.check,
        "tell everything that is wrong with a pack, a script or a plan",
    )
    check.add_argument(
        "paths",
        nargs="*",
        default=["leg_press"],
        metavar="PACK|SCRIPT|PLAN",
        help="a folder with guidance.yaml (default: leg_press), a script, a plan, or a folder of scripts and plans",
    )
    _add_pack(check)
    check.add_argument("--model", type=Path, metavar="PATH", help="a model folder: which words it lacks, too")
    check.add_argument(
        "--schema",
        choices=["guidance", "commands", "script", "plan"],
        help="print the JSON Schema of such a file, for editors",
    )

    _add_hear(commands)

    _add_history(commands)
    _add_models(commands)
    _add_voices(commands)

    _add_show_settings(commands)
    _add_broker(commands)

    _add_doctor(commands)
    forget = _command(
        commands, "forget", privacy.forget, "delete what was trained, recordings and rendered lines, after asking"
    )
    forget.add_argument("--yes", action="store_true", help="do not ask")
    _command(commands, "diagram", inspection.diagram, "the states of a workout as a Mermaid diagram")
    return parser


def _add_doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    examine = _command(commands, "doctor", doctor.doctor, "check all the coach needs, and say what to do")
    _add_settings(examine)
    examine.add_argument("--json", action="store_true", help="one JSON object")
    examine.add_argument("--no-sound", dest="aloud", action="store_false", help="nothing is said aloud")
    examine.add_argument("--verbose", action="store_true", help="print what ALSA and PortAudio say by themselves, too")


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = _command(commands, "run", sessions.run, "coach a live session with microphone and loudspeaker")
    _add_live(run)
    serve = _command(commands, "serve", sessions.serve, "the same, with a page to glance at, for a phone")
    page = serve.add_argument_group("page")
    page.add_argument(
        "--address", metavar="A", help="where it listens: 0.0.0.0 for the whole network, with a token (127.0.0.1)"
    )
    page.add_argument("--port", metavar="N", help="0: any that is free (8377)")
    page.add_argument("--qr", action="store_true", help="print the address and its QR code, and coach nobody")
    page.add_argument("--new-token", action="store_true", help="make a new token: whoever has the old one is shut out")
    serve.set_defaults(page=True)
    _add_live(serve)


def _add_live(run: argparse.ArgumentParser) -> None:
    _add_pack(run, None)
    run.add_argument("--plan", type=Path, metavar="FILE", help="the plan of today: see `coach plan --help`")
    _add_plan(run)
    run.add_argument(
        "--pace", choices=["beat", "lifter"], help="who counts: the coach by the beat, or you say each repetition"
    )
    _add_hearing(run, None)
    run.add_argument(
        "--profile",
        choices=[profile.value for profile in Profile],
        help='speaker: the microphone hears the coach and others, so commands begin with "coach" (default: headphones)',
    )
    _add_voice(run, None)
    _add_devices(run)
    _add_settings(run)
    run.add_argument(
        "--keep-audio",
        type=Path,
        metavar="DIR",
        help="keep the sound of the microphone in this folder, a WAV a session",
    )
    run.add_argument("--show", action="store_true", help="print what is said and heard, and what was not understood")
    run.add_argument("--verbose", action="store_true", help="print what ALSA and PortAudio say by themselves, too")
    run.add_argument("--or-demo", action="store_true", help="without sound devices, perform the demonstration instead")


def _add_show_plan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    shown = _command(commands, "plan", plans.show, "what would be trained now, as one writes it on paper")
    shown.formatter_class = argparse.RawDescriptionHelpFormatter
    shown.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a plan (default: the exercise's, as you wanted it last)"
    )
    _add_pack(shown, None)
    _add_plan(shown)
    shown.add_argument("--json", action="store_true", help="one JSON object")
    shown.epilog = PLAN_FILES


def _add_show_settings(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    shown = _command(commands, "settings", settings.show, "the settings that hold, and where each comes from")
    _add_settings(shown)
    shown.add_argument(
        "--example", action="store_true", help="print a file with every setting, what it is for and what is usual"
    )
    shown.add_argument("--json", action="store_true", help="one JSON object")
    shown.epilog = (
        "An option of `coach run` wins over the environment, the environment over the file, the file over the profile."
    )


def _add_broker(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "the MQTT broker of the settings: try it, or take away what it keeps of a corner"
    parser = commands.add_parser("broker", help=text, description=text[0].upper() + text[1:] + ".")
    actions = parser.add_subparsers(metavar="check|clear", required=True)
    check = _command(actions, "check", broker.check, "connect once, and say what is wrong")
    clear = _command(
        actions, "clear", broker.clear, "take away all it keeps of a corner that is gone, or has a new name"
    )
    clear.add_argument("--name", metavar="NAME", help="the corner (default: broker.name of the settings)")
    for command in (check, clear):
        _add_settings(command)


def _add_history(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    shown = _command(commands, "history", history.history, "what was trained: the last workouts, the newest first")
    shown.add_argument(
        "--last", type=history.positive_number, default=10, metavar="N", help="only so many (default: 10)"
    )
    _add_choice(shown)
    shown.add_argument("--json", action="store_true", help="a JSON object a line for each workout")
    shown.epilog = (
        "Reps: (8) is a warm-up, 10/9 one side after the other, 10+5 a set with a break. Rest is taken/planned."
        " # is the number for `coach rehearse --from-journal`."
    )

    report = _command(commands, "report", history.report, "a page of what was trained, to look at and to print")
    report.add_argument("--open", action="store_true", help="show it in the browser")
    report.add_argument(
        "--out", type=Path, default=Path("coach-report.html"), metavar="FILE", help="default: coach-report.html"
    )
    _add_choice(report)
    report.epilog = (
        "One file for one exercise, the one trained last or --exercise: two sides of A4, nothing is fetched."
    )

    export = _command(commands, "export", history.export, "write all that was trained for another program, or to keep")
    export.formatter_class = argparse.RawDescriptionHelpFormatter
    export.add_argument("--format", choices=FORMATS, default=FORMATS[2], help="default: json")
    export.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")
    _add_lifter(export)
    _add_unit(export, "of the weights in Strong's file, which names none (default: kg)")
    export.epilog = FILE_FORMATS

    import_ = _command(
        commands, "import", history.import_file, "take in what was trained elsewhere; all of it or nothing"
    )
    import_.formatter_class = argparse.RawDescriptionHelpFormatter
    import_.add_argument("file", type=Path, metavar="FILE", help="of Hevy, of Strong, or of `coach export`")
    import_.add_argument("--format", choices=FORMATS, help="default: told by the file's columns")
    _add_lifter(import_)
    _add_unit(import_, "of weights whose file names none, as Strong's (default: kg)")
    import_.epilog = FILE_FORMATS


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", type=history.day, metavar="DATE", help="begun on this day or later: 2026-03-28")
    _add_lifter(parser)
    parser.add_argument("--exercise", metavar="NAME", help='name or part of it, such as "leg press"')


def _add_lifter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lifter", type=history.lifter_name, metavar="NAME", help="of the gym corner: one of corner.lifters, or guest"
    )


def _add_unit(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--unit", choices=["kg", "lb"], default="kg", help=text)


def _add_models(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "what recognisers hear with: fetch, list or verify models"
    parser = commands.add_parser("models", help=text, description=text[0].upper() + text[1:] + ".")
    models = parser.add_subparsers(metavar="fetch|list|verify", required=True)
    fetch = _command(models, "fetch", inspection.fetch_model, "download a model, check it, and keep it for the coach")
    fetch.formatter_class = argparse.RawDescriptionHelpFormatter
    fetch.add_argument("name", nargs="?", choices=[row.name for row in MODELS], default=MODELS[0].name)
    fetch.epilog = "\n".join(
        [*(f"{row.name:10} {row.about}" for row in MODELS), f"Without a name it is {MODELS[0].name}."]
    )
    _command(models, "list", inspection.list_models, "the models that are found, and where")
    verify = _command(models, "verify", inspection.verify_models, "read every byte of a model, and say what is wrong")
    verify.add_argument("path", nargs="?", type=Path, metavar="FOLDER", help="default: all that are found")


def _add_voices(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "the coach's voices: those that are installed, and those that can be fetched"
    parser = commands.add_parser("voices", help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(call=speech.list_voices, renew=False)
    voices = parser.add_subparsers(metavar="list|fetch")
    listing = _command(voices, "list", speech.list_voices, text)
    listing.add_argument("--renew", action="store_true", help="ask for the list of Piper's voices anew")
    fetch = _command(voices, "fetch", speech.fetch_voice, "download a voice of Piper, check it, and keep it")
    fetch.add_argument("name", metavar="NAME", help="such as en_GB-alba-medium")

    say = _command(commands, "say", speech.say, "say a text as the coach would")
    say.add_argument("text", nargs="+", metavar="TEXT")
    _add_voice(say)
    say.add_argument(
        "--snr", type=float, metavar="DB", help="shaped as for a room whose noise lies so far below the voice"
    )
    say.add_argument("--wav", type=Path, metavar="OUT", help="write it to a file instead of saying it")
    say.add_argument("--output", metavar="DEVICE", help="loudspeaker: number or part of its name (see `coach doctor`)")


def _add_hear(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    hear = _command(commands, "hear", inspection.hear, "what the coach would understand from recordings")
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


def _add_pack(parser: argparse.ArgumentParser, default: str | None = "leg_press") -> None:
    parser.add_argument(
        "--pack",
        default=default,
        metavar="FOLDER|NAME",
        help="the exercise (default: leg_press); see `coach check`",
    )


def _add_plan(parser: argparse.ArgumentParser) -> None:
    plan = parser.add_argument_group("plan (all of it can be changed by voice)")
    plan.add_argument("--reps", type=int, metavar="N", help="repetitions a set")
    plan.add_argument("--sets", type=int, metavar="N")
    plan.add_argument("--rest", type=int, metavar="SECONDS")
    plan.add_argument("--tempo", metavar="A-B-C-D", help="seconds of lowering, pause, push, pause, such as 4-1-2-0")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    settings = parser.add_argument_group("settings (`coach settings` shows what holds)")
    settings.add_argument("--settings", type=Path, metavar="FILE", help="another file than the user's")
    settings.add_argument(
        "--set", action="append", metavar="NAME=VALUE", help="one setting, such as voice.ceiling_db=-6; again for more"
    )


def _add_hearing(parser: argparse.ArgumentParser, default: str | None = AUTO) -> None:
    hearing = parser.add_argument_group("hearing")
    hearing.add_argument(
        "--engine",
        metavar="NAME|ADDRESS",
        default=default,
        help=f"recogniser: {', '.join(recognizers.names())} (auto: the first that is here and has its model); or a "
        "server that helps where that is not sure: wyoming://HOST:PORT",
    )
    hearing.add_argument("--model", type=Path, metavar="PATH", help="a model folder, instead of the usual places")


def _add_voice(parser: argparse.ArgumentParser, default: str | None = AUTO) -> None:
    parser.add_argument(
        "--voice",
        metavar="NAME|ADDRESS",
        default=default,
        help="the coach's: one that `coach voices` lists, such as espeak; or a server's: wyoming://HOST:PORT?voice=NAME",
    )


def _add_devices(run: argparse.ArgumentParser) -> None:
    run.add_argument("--input", metavar="DEVICE", help="microphone: number or part of its name (see `coach doctor`)")
    run.add_argument("--output", metavar="DEVICE", help="loudspeaker: number or part of its name")
    run.add_argument(
        "--floor",
        metavar="DB|off",
        help="level of the inaudible hiss that keeps Bluetooth and USB sinks awake, against full scale (default: -80)",
    )
    run.add_argument("--no-sounds", dest="sounds", action="store_false", help="no small sounds where nothing is said")


def _add_room(parser: argparse.ArgumentParser) -> None:
    room = parser.add_argument_group("room (simulated, for the sound of a rehearsal; a script's own `room` gives way)")
    room.add_argument("--snr", type=float, metavar="DB", help="from the lifter's voice down to the noise (usual: 10)")
    room.add_argument("--noise", metavar="KIND|FILE", help="white, pink, babble, music, or a sound file, looped")
    room.add_argument("--echo", type=float, metavar="DB", help="the coach from a loudspeaker, against the lifter: -10")
    room.add_argument("--delay", type=float, metavar="MS", help="from the coach's mixer to the microphone (120)")
    room.add_argument("--reverb", type=float, metavar="RT60", help="seconds in which a sound dies away (0)")
    room.add_argument("--seed", type=int, metavar="N", help="of everything random (1)")
