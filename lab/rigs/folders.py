"""The folders of the checkout that tests and lab read."""

from __future__ import annotations

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CONVERSATIONS = CHECKOUT / "tests" / "conversations"
PLANS = CHECKOUT / "tests" / "plans"
PACKS = CHECKOUT / "tests" / "packs"
CALF_RAISE = PACKS / "calf_raise"
LEG_CURL = PACKS / "leg_curl"
