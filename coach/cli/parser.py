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
    """The whole command line."""
    parser = argparse.ArgumentParser(prog="coach", description="An offline voice coach for lifters.")
    parser.add_argument("--version", action="version", version=f"coach {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    _add_run(commands)
    _add_show_plan(commands)
    _add_rehearse(commands)
    _add_demo(commands)
    _add_commands(commands)
    _add_check(commands)
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
    _command(commands, "diagram", inspection.diagram, "print the states of a workout as a Mermaid diagram")
    return parser


def _add_rehearse(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rehearse = _command(commands, "rehearse", sessions.rehearse, "perform scripted conversations in virtual time")
    rehearse.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="a script, or a folder without its subfolders"
    )
    rehearse.add_argument(
        "--from-journal",
        metavar="SESSION",
        help="write a script of a stored session instead, without dates and names, to send when something went wrong;"
        " SESSION is its number in `coach history` (1 is the latest) or the time it began; goes to --transcript OUT",
    )
    _add_lifter(rehearse)
    rehearse.add_argument(
        "--audio", action="store_true", help="use real speech, the real recogniser and the real voice"
    )
    rehearse.add_argument(
        "--wav", type=Path, metavar="OUT", help="with --audio: write the sound; left is the microphone, right the coach"
    )
    rehearse.add_argument(
        "--transcript", type=Path, metavar="OUT", help="write the lines with their times, in the notation of scripts"
    )
    rehearse.add_argument(
        "--record", action="store_true", help="keep only the lifter's lines, and note what the coach says now"
    )
    rehearse.add_argument(
        "--update", action="store_true", help="rewrite the coach's lines in scripts that fail; review the diff"
    )
    rehearse.add_argument(
        "--timeline", action="store_true", help="print when each line of the coach was planned and heard, and the gaps"
    )
    rehearse.add_argument(
        "--picture", type=Path, metavar="OUT", help="draw an .svg or .png: who was heard when, states, beats, stops"
    )
    rehearse.add_argument("--from", dest="begin", type=float, metavar="S", help="the picture begins at this second")
    rehearse.add_argument("--to", dest="end", type=float, metavar="S", help="and ends at this one")
    rehearse.add_argument("--quiet", action="store_true", help="print failures only")
    _add_pack(rehearse)
    _add_hearing(rehearse)
    _add_voice(rehearse)
    _add_room(rehearse)


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = _command(
        commands, "demo", sessions.demo, "perform the demonstration and leave it as WAV, transcript and picture"
    )
    demo.add_argument("--out", type=Path, default=Path("coach-demo"), metavar="FOLDER", help="default: coach-demo")
    _add_hearing(demo)
    _add_voice(demo)
    _add_room(demo)


def _add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    said = _command(commands, "commands", inspection.commands, "list what can be said to the coach")
    said.add_argument("--state", metavar="STATE", help="only what the coach obeys in this state, such as idle or set")
    said.add_argument("--alike", action="store_true", help="list phrases that sound alike but mean different things")
    _add_pack(said)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = _command(
        commands, "check", inspection.check, "list everything that is wrong with a pack, a script or a plan"
    )
    check.add_argument(
        "paths",
        nargs="*",
        default=["leg_press"],
        metavar="PACK|SCRIPT|PLAN",
        help="a folder with guidance.yaml (default: leg_press), a script, a plan, or a folder of scripts and plans",
    )
    _add_pack(check)
    check.add_argument("--model", type=Path, metavar="PATH", help="also list words that this model does not know")
    check.add_argument(
        "--schema",
        choices=["guidance", "commands", "script", "plan"],
        help="only print the JSON Schema of such files, for editors",
    )


def _add_doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    examine = _command(commands, "doctor", doctor.doctor, "check everything that the coach needs, and say what to do")
    _add_settings(examine)
    examine.add_argument("--json", action="store_true", help="print one JSON object")
    examine.add_argument("--no-sound", dest="aloud", action="store_false", help="say nothing aloud")
    examine.add_argument("--verbose", action="store_true", help="also print the messages of ALSA and PortAudio")


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = _command(commands, "run", sessions.run, "coach a live session with microphone and loudspeaker")
    _add_live(run)
    serve = _command(commands, "serve", sessions.serve, "coach a live session, and show it on a web page for a phone")
    page = serve.add_argument_group("page")
    page.add_argument(
        "--address", metavar="A", help="address to listen on; 0.0.0.0: the whole network, with a token (127.0.0.1)"
    )
    page.add_argument("--port", metavar="N", help="port to listen on; 0: any free port (8377)")
    page.add_argument("--qr", action="store_true", help="only print the address and its QR code")
    page.add_argument("--new-token", action="store_true", help="make a new token; the old one no longer opens the page")
    serve.set_defaults(page=True)
    _add_live(serve)


def _add_live(run: argparse.ArgumentParser) -> None:
    _add_pack(run, None)
    run.add_argument("--plan", type=Path, metavar="FILE", help="today's plan; `coach plan --help` describes the file")
    _add_plan(run)
    run.add_argument(
        "--pace", choices=["beat", "lifter"], help="who counts: the coach on the beat, or you say each repetition"
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
        help="record the microphone into this folder, one WAV file per session",
    )
    run.add_argument("--show", action="store_true", help="print what is said and heard, and what was not understood")
    run.add_argument("--verbose", action="store_true", help="also print the messages of ALSA and PortAudio")
    run.add_argument("--or-demo", action="store_true", help="without sound devices, perform the demonstration instead")


def _add_show_plan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    shown = _command(commands, "plan", plans.show, "show what would be trained now, as a table")
    shown.formatter_class = argparse.RawDescriptionHelpFormatter
    shown.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a plan (default: the exercise's, as you changed it)"
    )
    _add_pack(shown, None)
    _add_plan(shown)
    shown.add_argument("--json", action="store_true", help="one JSON object")
    shown.epilog = PLAN_FILES


def _add_show_settings(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    shown = _command(commands, "settings", settings.show, "show the settings in force, and where each comes from")
    _add_settings(shown)
    shown.add_argument(
        "--example", action="store_true", help="print a settings file with every setting, its purpose and its default"
    )
    shown.add_argument("--json", action="store_true", help="one JSON object")
    shown.epilog = (
        "An option of `coach run` wins over the environment, the environment over the file, the file over the profile."
    )


def _add_broker(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "the MQTT broker in the settings: test it, or remove what it keeps about a gym corner"
    parser = commands.add_parser("broker", help=text, description=text[0].upper() + text[1:] + ".")
    actions = parser.add_subparsers(metavar="check|clear", required=True)
    check = _command(actions, "check", broker.check, "connect once, and say whether anything is wrong")
    clear = _command(
        actions, "clear", broker.clear, "remove what the broker keeps about a gym corner that is gone or renamed"
    )
    clear.add_argument("--name", metavar="NAME", help="name of the gym corner (default: broker.name in the settings)")
    for command in (check, clear):
        _add_settings(command)


def _add_history(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    shown = _command(commands, "history", history.history, "show the last workouts, the newest first")
    shown.add_argument(
        "--last", type=history.positive_number, default=10, metavar="N", help="at most N workouts (default: 10)"
    )
    _add_choice(shown)
    shown.add_argument("--json", action="store_true", help="print a line with a JSON object for each workout")
    shown.epilog = (
        "Reps: (8) is a warm-up, 10/9 one side after the other, 10+5 a set with a break. Rest is taken/planned."
        " # is the number for `coach rehearse --from-journal`."
    )

    report = _command(commands, "report", history.report, "write a page about what was trained, to read and print")
    report.add_argument("--open", action="store_true", help="show it in the browser")
    report.add_argument(
        "--out", type=Path, default=Path("coach-report.html"), metavar="FILE", help="default: coach-report.html"
    )
    _add_choice(report)
    report.epilog = "The page is about one exercise: the one trained last, or --exercise. It prints on two sides of A4."

    export = _command(commands, "export", history.export, "write all that was trained to a file for other programs")
    export.formatter_class = argparse.RawDescriptionHelpFormatter
    export.add_argument("--format", choices=FORMATS, default=FORMATS[2], help="default: json")
    export.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")
    _add_lifter(export)
    _add_unit(export, "unit of the weights in Strong's format, which names none (default: kg)")
    export.epilog = FILE_FORMATS

    import_ = _command(
        commands, "import", history.import_file, "add what was trained elsewhere: all of a file or nothing"
    )
    import_.formatter_class = argparse.RawDescriptionHelpFormatter
    import_.add_argument("file", type=Path, metavar="FILE", help="written by Hevy, Strong or `coach export`")
    import_.add_argument("--format", choices=FORMATS, help="default: recognised by the file's columns")
    _add_lifter(import_)
    _add_unit(import_, "unit of weights if the file names none, as Strong's (default: kg)")
    import_.epilog = FILE_FORMATS


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", type=history.day, metavar="DATE", help="begun on this day or later: 2026-03-28")
    _add_lifter(parser)
    parser.add_argument("--exercise", metavar="NAME", help='all or part of its name, such as "leg press"')


def _add_lifter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lifter", type=history.lifter_name, metavar="NAME", help="a lifter in the setting corner.lifters, or guest"
    )


def _add_unit(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--unit", choices=["kg", "lb"], default="kg", help=text)


def _add_models(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "the models of the recognisers: fetch, list or verify them"
    parser = commands.add_parser("models", help=text, description=text[0].upper() + text[1:] + ".")
    models = parser.add_subparsers(metavar="fetch|list|verify", required=True)
    fetch = _command(models, "fetch", inspection.fetch_model, "download a model, check it, and keep it for the coach")
    fetch.formatter_class = argparse.RawDescriptionHelpFormatter
    fetch.add_argument("name", nargs="?", choices=[row.name for row in MODELS], default=MODELS[0].name)
    fetch.epilog = "\n".join(
        [*(f"{row.name:10} {row.about}" for row in MODELS), f"Without a name it is {MODELS[0].name}."]
    )
    _command(models, "list", inspection.list_models, "list the models that are found, with their folders")
    verify = _command(models, "verify", inspection.verify_models, "read every byte of a model, and say what is wrong")
    verify.add_argument("path", nargs="?", type=Path, metavar="FOLDER", help="default: all models that are found")


def _add_voices(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "list the coach's voices: those that are installed, and those that can be fetched"
    parser = commands.add_parser("voices", help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(call=speech.list_voices, renew=False)
    voices = parser.add_subparsers(metavar="list|fetch")
    listing = _command(voices, "list", speech.list_voices, text)
    listing.add_argument("--renew", action="store_true", help="download the list of Piper's voices again")
    fetch = _command(voices, "fetch", speech.fetch_voice, "download a voice of Piper, check it, and keep it")
    fetch.add_argument("name", metavar="NAME", help="such as en_GB-alba-medium")

    say = _command(commands, "say", speech.say, "say a text in the coach's voice")
    say.add_argument("text", nargs="+", metavar="TEXT")
    _add_voice(say)
    say.add_argument("--snr", type=float, metavar="DB", help="shape the voice for a room where noise is so much softer")
    say.add_argument("--wav", type=Path, metavar="OUT", help="write it to a file instead of saying it")
    say.add_argument("--output", metavar="DEVICE", help="loudspeaker: number or part of its name (see `coach doctor`)")


def _add_hear(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    hear = _command(commands, "hear", inspection.hear, "show what the coach would understand in recordings")
    hear.epilog = "for example: coach hear --commands coffee.yaml --json recordings/ more.flac"
    hear.add_argument("files", nargs="+", type=Path, metavar="WAV", help="WAV, FLAC or the like, or a folder of them")
    hear.add_argument(
        "--commands", type=Path, metavar="FILE", help="listen for the commands of this YAML file in hassil's format"
    )
    hear.add_argument("--state", metavar="STATE", help="listen for what the coach obeys in this state (default: idle)")
    hear.add_argument("--all", action="store_true", help="listen for all commands of the coach, whatever the state")
    hear.add_argument("--json", action="store_true", help="print a line with a JSON object for each utterance")
    hear.add_argument("--jobs", type=int, metavar="N", help="number of processes (default: one per core)")
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
        "--pack", default=default, metavar="FOLDER|NAME", help="the exercise (default: leg_press); see `coach check`"
    )


def _add_plan(parser: argparse.ArgumentParser) -> None:
    plan = parser.add_argument_group("plan (all of it can be changed by voice)")
    plan.add_argument("--reps", type=int, metavar="N", help="repetitions in a set")
    plan.add_argument("--sets", type=int, metavar="N", help="number of sets")
    plan.add_argument("--rest", type=int, metavar="SECONDS", help="rest between two sets")
    plan.add_argument("--tempo", metavar="A-B-C-D", help="seconds of lowering, pause, push, pause, such as 4-1-2-0")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    settings = parser.add_argument_group("settings (`coach settings` shows those in force)")
    settings.add_argument("--settings", type=Path, metavar="FILE", help="use this settings file, not the user's")
    settings.add_argument(
        "--set", action="append", metavar="NAME=VALUE", help="change a setting, such as voice.ceiling_db=-6; repeatable"
    )


def _add_hearing(parser: argparse.ArgumentParser, default: str | None = AUTO) -> None:
    hearing = parser.add_argument_group("hearing")
    hearing.add_argument(
        "--engine",
        metavar="NAME|ADDRESS",
        default=default,
        help=f"recogniser: {', '.join(recognizers.names())} (auto: the first that is installed and has its model); "
        "or a server that helps when the recogniser is not sure: wyoming://HOST:PORT",
    )
    hearing.add_argument("--model", type=Path, metavar="PATH", help="model folder, in place of the usual places")


def _add_voice(parser: argparse.ArgumentParser, default: str | None = AUTO) -> None:
    parser.add_argument(
        "--voice",
        metavar="NAME|ADDRESS",
        default=default,
        help="the coach's voice: a name in `coach voices`, such as espeak, or a server: wyoming://HOST:PORT?voice=NAME",
    )


def _add_devices(run: argparse.ArgumentParser) -> None:
    run.add_argument("--input", metavar="DEVICE", help="microphone: number or part of its name (see `coach doctor`)")
    run.add_argument("--output", metavar="DEVICE", help="loudspeaker: number or part of its name")
    run.add_argument(
        "--floor",
        metavar="DB|off",
        help="level of the inaudible hiss that keeps Bluetooth and USB loudspeakers awake, in dB of full scale (-80)",
    )
    run.add_argument("--no-sounds", dest="sounds", action="store_false", help="no small sounds where nothing is said")


def _add_room(parser: argparse.ArgumentParser) -> None:
    room = parser.add_argument_group("simulated room (these options replace values of a script's `room`)")
    room.add_argument("--snr", type=float, metavar="DB", help="noise is so much softer than the lifter (usual: 10)")
    room.add_argument("--noise", metavar="KIND|FILE", help="white, pink, babble, music, or a sound file, repeated")
    room.add_argument("--echo", type=float, metavar="DB", help="the coach at the microphone, against the lifter: -10")
    room.add_argument("--delay", type=float, metavar="MS", help="time from the coach's mixer to the microphone (120)")
    room.add_argument("--reverb", type=float, metavar="RT60", help="seconds until a sound is 60 dB softer (0)")
    room.add_argument("--seed", type=int, metavar="N", help="seed of everything random (1)")
