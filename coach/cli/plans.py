"""The command `plan`: shows what would be trained now."""

from __future__ import annotations

import argparse
import json

from coach.cli.choices import chosen_plan
from coach.cli.printing import warn


def show(options: argparse.Namespace) -> int:
    from coach.cli.plan_table import as_json, lines
    from coach.wiring import journal
    from coach.wiring.plans import today

    options.plan = options.file
    plan = today(chosen_plan(options, warn), journal.history(), warn)
    if options.json:
        print(json.dumps(as_json(plan, options.file), ensure_ascii=False))
    else:
        print("\n".join(lines(plan, options.file)))
    return 0
