"""The commands that perform or coach: run, serve, rehearse, demo."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coach.cli.choices import chosen_hearing, chosen_plan, chosen_room, chosen_settings
from coach.cli.printing import ConversationPrinter, print_trouble, warn
from coach.cli.terminal import ending_when_terminated

if TYPE_CHECKING:
    from coach.adapters.processes.child import Child
    from coach.adapters.service.manager import ServiceManager
    from coach.adapters.sound.server import SoundServer
    from coach.ports import Observed
    from coach.settings import Settings
    from coach.wiring.rehearsing import Rehearsals


def run(options: argparse.Namespace) -> int:
    from coach.adapters.service.manager import ServiceManager
    from coach.ports import WorldError

    service = ServiceManager()
    with ending_when_terminated():
        try:
            return _run_without_chatter(options, service)
        except WorldError as error:
            service.cannot_start(str(error))
            raise


def _run_without_chatter(options: argparse.Namespace, service: ServiceManager) -> int:
    from coach.adapters.sound.chatter import Chatter, chatter_file
    from coach.adapters.sound.server import SoundServer
    from coach.wiring.recognizers import begin_to_load

    settings = chosen_settings(options)
    # While these two child processes start, this process loads the modules of a live session.
    child, server = begin_to_load(settings.hearing), SoundServer(settings.devices)
    try:
        server.start()
        if options.verbose:
            return _run(options, settings, child, server, service, lambda: None)
        # This must come before PortAudio is loaded, because PortAudio looks for devices at once.
        with Chatter(chatter_file(), warn) as chatter:
            return _run(options, settings, child, server, service, chatter.start)
    finally:
        server.close()
        child.end()


def serve(options: argparse.Namespace) -> int:
    """Coaches a live session with the page, or only prints the page's address."""
    if options.new_token or options.qr:
        from coach.wiring.page import address, renew_token

        if options.new_token:
            renew_token()
        if options.qr:
            from coach.adapters.page.qr_code import in_terminal

            opened_by = address(chosen_settings(options).page)
            print(opened_by)
            if sys.stdout.isatty():
                print(in_terminal(opened_by))
            return 0
    return run(options)


def _run(
    options: argparse.Namespace,
    settings: Settings,
    child: Child,
    server: SoundServer,
    service: ServiceManager,
    started: Callable[[], None],
) -> int:
    """Coaches live, or performs the demonstration; calls `started` when the session has started."""
    from coach.events import SessionStarted
    from coach.ports import SoundError

    plan = chosen_plan(options, warn, settings.exercise)
    # Most of what a live session needs is loaded while the sound server answers.
    import coach.wiring.sessions  # noqa: F401

    _wait_for(server, settings.corner.stays)
    # This import loads PortAudio, which would wait for a sound server that hangs.
    from coach.wiring.links import links
    from coach.wiring.live import coach_live, why_not_live

    reason = why_not_live(settings)
    if reason is not None:
        from coach.wiring.engines import exercise

        # A mistake in the plan is reported first: it matters more than missing sound.
        plan.applied_to(exercise(plan.folder)[2])
        if not options.or_demo:
            raise SoundError(f"{reason}; or hear a demonstration: coach demo")
        print(f"No live sound here ({reason}). Performing a demonstration instead.")
        options.out = Path("coach-demo")
        return demo(options)
    wake_word = f"{settings.wake.word}, " if settings.wake.needed else ""
    print(
        f'Listening. Say "{wake_word}set up" or "{wake_word}start set"; "{wake_word}end workout" or Ctrl-C ends.',
        flush=True,
    )
    observer = ConversationPrinter() if options.show else print_trouble

    def begun(observed: Observed) -> None:
        if isinstance(observed, SessionStarted):
            started()

    observers = [begun, observer]
    preferences = {"counts": options.pace} if options.pace else {}
    links_ = [*links(settings, warn), service.link]
    coach_live(plan, settings, observers, warn, links_, child, options.keep_audio, preferences, service.alive, server)
    return 0


def _wait_for(server: SoundServer, patient: bool) -> None:
    """Waits for a sound server that hangs if the coach runs as a service (`patient`); else raises SoundError."""
    from coach.adapters.sound.server import HANGS
    from coach.ports import SoundError

    if server.answers():
        return
    if not patient:
        raise SoundError(HANGS)
    warn(HANGS)
    while not server.answers():
        pass


def rehearse(options: argparse.Namespace) -> int:
    if options.from_journal is not None:
        return _replay(options)
    if not options.files:
        print("coach rehearse: name a script, or a folder of scripts, or give --from-journal", file=sys.stderr)
        return 2
    from coach.adapters.files.sound import write_wav
    from coach.content.files import find_pack
    from coach.rehearsal.scripts.files import conversations
    from coach.rehearsal.scripts.transcript import timeline_table, transcript_text
    from coach.wiring.rehearsing import Rehearsals, write_picture, write_transcript

    files = conversations(options.files)
    wrong = _wrong_options(options, len(files))
    if wrong is not None:
        print(f"coach rehearse: {wrong}", file=sys.stderr)
        return 2
    room = chosen_room(options)
    if room and not options.audio:
        print(f"coach rehearse: --{next(iter(room))} needs --audio: text has no room", file=sys.stderr)
        return 2
    rehearsals = Rehearsals(options.audio, chosen_hearing(options), warn, find_pack(options.pack), room, options.voice)
    if options.update:
        return _update(rehearsals, files)
    failed = 0
    for file in files:
        script, played = rehearsals.perform(file, recording=options.record)
        if not options.quiet:
            print(f"# {script.story}")
            print(timeline_table(played.placed_lines) if options.timeline else transcript_text(played.entries))
        if options.wav and played.stereo is not None:
            write_wav(options.wav, played.stereo, rehearsals.rate)
        if options.transcript:
            write_transcript(options.transcript, file, script, played, recording=options.record)
        if options.picture:
            write_picture(options.picture, script, played, rehearsals.rate, options.begin or 0.0, options.end)
        if played.failure is not None:
            failed += 1
            # If the whole conversation is printed above, the failure alone is enough.
            print(f"coach: {played.failure_report if options.quiet else played.failure}", file=sys.stderr)
    if len(files) > 1:
        print(f"{len(files) - failed} of {len(files)} conversations as written")
    return 1 if failed else 0


def _replay(options: argparse.Namespace) -> int:
    """Writes a session of the journal as a script."""
    from coach.wiring.rehearsing import write_text
    from coach.wiring.replaying import replayed

    others = (options.files, options.audio, options.wav, options.record, options.update, options.timeline)
    if any(others) or options.picture:
        print("coach rehearse: --from-journal makes a script: perform that one, with these options", file=sys.stderr)
        return 2
    pack = None if options.pack == "leg_press" else options.pack
    text, missed = replayed(options.from_journal, pack, options.lifter)
    if options.transcript:
        write_text(options.transcript, text)
    else:
        print(text, end="")
    for line in missed:
        warn(line)
    return 0


def _wrong_options(options: argparse.Namespace, files: int) -> str | None:
    """Returns what is wrong with the options of a rehearsal, and the remedy; None if nothing is wrong."""
    from coach.rehearsal.scripts.files import BOTIUM_SUFFIX

    outputs = options.wav or options.transcript or options.picture
    if files > 1 and outputs:
        return "--wav, --transcript and --picture take one script"
    if options.transcript and options.transcript.name.lower().endswith(BOTIUM_SUFFIX):
        return "--transcript is written as YAML: give it another name"
    if options.wav and not options.audio:
        return "--wav needs --audio: text has no sound"
    if options.update and (options.record or outputs):
        return "--update rewrites the scripts themselves: leave the other outputs out"
    if options.picture and options.picture.suffix.lower() not in (".svg", ".png"):
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


def demo(options: argparse.Namespace) -> int:
    from coach.adapters.files.sound import write_wav
    from coach.rehearsal.scripts.transcript import transcript_text
    from coach.wiring.rehearsing import DEMO, Rehearsals, write_picture, write_text

    rehearsals = Rehearsals(True, chosen_hearing(options), warn, room=chosen_room(options), voice_name=options.voice)
    script, played = rehearsals.perform(DEMO, recording=False)
    wav, transcript = options.out / "conversation.wav", options.out / "transcript.txt"
    picture = options.out / "picture.svg"
    if played.stereo is None:
        raise AssertionError("audio mode gives sound")
    write_wav(wav, played.stereo, rehearsals.rate)
    write_text(transcript, f"{script.story}\n\n{transcript_text(played.entries)}")
    write_picture(picture, script, played, rehearsals.rate)
    minutes, seconds = divmod(round(played.seconds), 60)
    print(f"{minutes} min {seconds} s of coaching, heard by {rehearsals.engine}:")
    print(f"  to listen to (microphone left, coach right): {wav.resolve()}")
    print(f"  to read: {transcript.resolve()}")
    print(f"  to look at: {picture.resolve()}")
    if played.failure is not None:
        print(f"coach: {played.failure}", file=sys.stderr)
        return 1
    return 0
