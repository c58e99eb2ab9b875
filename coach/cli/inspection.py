"""The commands about what is said, heard and installed: commands, check, hear, models, diagram."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path

from coach.cli.choices import chosen_hearing
from coach.cli.printing import progress, warn


def commands(options: argparse.Namespace) -> int:
    from coach.content.files import find_pack
    from coach.dialogue import policy
    from coach.dialogue.states import State
    from coach.wiring.engines import exercise
    from coach.wiring.inspection import sounding_alike

    pack, grammar, _ = exercise(find_pack(options.pack))
    intents = grammar.intents
    if options.state is not None:
        if options.state not in list(State):
            print(f"coach commands: no state {options.state!r}: {', '.join(State)}", file=sys.stderr)
            return 2
        intents = policy.ever_live(pack, State(options.state), question_waits=False)
    if options.alike:
        state = State(options.state) if options.state else None
        for pair in sounding_alike(state, find_pack(options.pack)):
            first, second = f"{pair.intent}: {pair.phrase}", f"{pair.other_intent}: {pair.other_phrase}"
            print(f"{pair.distance:.2f}  {first}  |  {second}")
        return 0
    for group in dict.fromkeys(pack.groups.values()):
        print(f"{group}:")
        for name in (name for name in pack.groups if pack.groups[name] == group and name in intents):
            print(f"  {name}: {', '.join(grammar.examples(name))}")
    return 0


def check(options: argparse.Namespace) -> int:
    from coach.content import schema
    from coach.content.files import find_pack
    from coach.content.json_schema import json_schema
    from coach.content.plan_schema import PLAN
    from coach.dialogue.intents import INTENTS
    from coach.ports import ScriptError
    from coach.rehearsal.scripts.script import SCRIPT
    from coach.wiring.inspection import check

    if options.schema is not None:
        specs = {"guidance": schema.GUIDANCE, "commands": schema.commands_spec(INTENTS), "script": SCRIPT, "plan": PLAN}
        print(json.dumps(json_schema(specs[options.schema], f"coach {options.schema}"), indent=2))
        return 0
    failed = False
    for path in options.paths:
        try:
            errors = _check_scripts(Path(path), options.pack)
            if errors is None:
                findings = check(find_pack(path), options.model, warn)
                errors = sum(not finding.warning for finding in findings)
                for finding in findings:
                    print(finding)
        except ScriptError as error:
            print(error)
            failed = True
            continue
        print(f"{path}: {f'{errors} faults' if errors > 1 else 'one fault' if errors else 'good'}")
        failed = failed or errors > 0
    return 1 if failed else 0


def _check_scripts(path: Path, pack: str) -> int | None:
    """Prints the findings about a script, a plan, or a folder of them; returns how many are errors.

    None: the path has neither scripts nor plans.
    """
    from coach.content.files import find_pack, guidance_files
    from coach.content.plan_reading import check_plan, is_plan
    from coach.ports import ScriptError
    from coach.rehearsal.scripts.files import is_conversation
    from coach.settings import Hearing
    from coach.wiring.rehearsing import Rehearsals

    scripts = any(map(is_conversation, path.iterdir())) if path.is_dir() else is_conversation(path)
    if not scripts or guidance_files(path):
        return None
    rehearsals = Rehearsals(False, Hearing(), warn, find_pack(pack))
    errors = 0
    files = sorted(file for file in path.iterdir() if not file.is_dir()) if path.is_dir() else [path]
    for file in filter(is_conversation, files):
        try:
            findings = check_plan(file) if is_plan(file) else rehearsals.check(file)
        except ScriptError as error:
            print(error)
            errors += len(str(error).splitlines())
            continue
        for finding in findings:
            print(finding)
        errors += sum(not finding.warning for finding in findings)
    return errors


def hear(options: argparse.Namespace) -> int:
    from coach.adapters.files.sound import sound_files
    from coach.dialogue.states import State
    from coach.hearing import as_json, as_line, hear_all
    from coach.wiring.inspection import HearingTask, cores, listener

    wrong = None
    if options.state is not None and options.state not in list(State):
        wrong = f"no state {options.state!r}: {', '.join(State)}"
    elif options.state is not None and (options.commands or options.all):
        wrong = "--state narrows the coach's own commands: leave it out with --commands or --all"
    elif options.jobs is not None and options.jobs < 1:
        wrong = f"--jobs {options.jobs}: give 1 or more"
    if wrong is not None:
        print(f"coach hear: {wrong}", file=sys.stderr)
        return 2
    state = None if options.all else State(options.state or State.IDLE)
    build = partial(listener, HearingTask(chosen_hearing(options), options.commands, state))
    files = [file for path in options.files for file in sound_files(path)]
    printed: dict[str, None] = {}
    failed = False
    for done, result in enumerate(hear_all(files, build, min(len(files), options.jobs or cores())), 1):
        for text in (*result.messages, result.failure):
            if text and text not in printed:
                warn(text)
                printed[text] = None
        for utterance in result.utterances:
            print((as_json if options.json else as_line)(result.file, utterance), flush=True)
        failed = failed or bool(result.failure)
        if not sys.stdout.isatty():
            progress("hearing")(done, len(files))
    return 1 if failed else 0


def fetch_model(options: argparse.Namespace) -> int:
    from coach.wiring.models import MODELS

    row = next(row for row in MODELS if row.name == options.name)
    print(row.fetch(progress(f"fetching {row.name}")))
    return 0


def list_models(_: argparse.Namespace) -> int:
    from coach.wiring.models import MODELS

    for row in MODELS:
        found = row.listed()
        for model in found:
            print(f"{model.name}  {model.size / 1e6:.0f} MB  {model.state}  {model.path}")
        if not found:
            print(f"{row.name}: none found; `coach models fetch {row.name}` gets {row.about}")
    return 0


def verify_models(options: argparse.Namespace) -> int:
    from coach.wiring.inspection import verify_models

    results = verify_models(options.path)
    for path, problem in results:
        print(f"{path}: {problem or 'good'}")
    if not results:
        print("no model found: run: coach models fetch")
    return 1 if not results or any(problem for _, problem in results) else 0


def diagram(_: argparse.Namespace) -> int:
    from coach.dialogue.states import diagram
    from coach.wiring.inspection import setup_steps

    print(diagram(setup_steps()), end="")
    return 0
