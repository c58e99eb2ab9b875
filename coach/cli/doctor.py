"""The command `doctor`: checks what the coach needs, part by part. Exit code 1: the coach cannot work."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from typing import Any

from coach.cli.choices import chosen_settings
from coach.cli.printing import warn


def doctor(options: argparse.Namespace) -> int:
    from coach.adapters.sound.chatter import Chatter, chatter_file
    from coach.ports import ScriptError
    from coach.settings import Settings

    settings_findings: tuple[str, ...] = ()
    try:
        settings = chosen_settings(options)
    except ScriptError as error:
        settings, settings_findings = Settings(), tuple(str(error).splitlines())
    log = chatter_file()
    found: list[dict[str, Any]] = []
    with nullcontext() if options.verbose else Chatter(log, warn) as chatter:
        from coach.doctor import examine
        from coach.doctor.examination import Examination

        for name, finding in examine(Examination(settings, settings_findings, options.aloud, _report)):
            values = {"part": name, "status": finding.status.value, "told": finding.text}
            found.append({**values, "figures": {key: round(value, 3) for key, value in finding.figures.items()}})
            if not options.json:
                mark = finding.status.value
                print(f"{mark if mark == 'ok' else mark.upper():4} {finding.text}", flush=True)
    needs_fix = any(values_of_part["status"] == "fix" for values_of_part in found)
    if options.json:
        print(json.dumps({"coaches": not needs_fix, "found": found}, ensure_ascii=False))
    elif chatter is not None and chatter.lines:
        print(f"     {chatter.lines} lines that ALSA, PortAudio or JACK printed are in {log}")
    else:
        print(f"     what ALSA, PortAudio and JACK print goes to {log}")
    return 1 if needs_fix else 0


def _report(text: str) -> None:
    print(f"     {text}", file=sys.stderr, flush=True)
