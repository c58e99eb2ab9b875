"""The one place that picks implementations."""

from coach.wiring.engines import PROJECT, exercise, live_recognizer, recognizer, tried_recognizer, usual_lines, voice
from coach.wiring.live import coach_live, why_not_live
from coach.wiring.material import (
    Material,
    alike,
    check,
    cores,
    fetch_model,
    found_models,
    listener,
    setup_steps,
    verify_models,
)
from coach.wiring.rehearsing import (
    DEMO,
    VOICES,
    Rehearsals,
    clip_of,
    lifter_clips,
    simulated,
    slug,
    write_picture,
    write_text,
)

__all__ = [
    "DEMO",
    "PROJECT",
    "VOICES",
    "Material",
    "Rehearsals",
    "alike",
    "check",
    "clip_of",
    "coach_live",
    "cores",
    "exercise",
    "fetch_model",
    "found_models",
    "lifter_clips",
    "listener",
    "live_recognizer",
    "recognizer",
    "setup_steps",
    "simulated",
    "slug",
    "tried_recognizer",
    "usual_lines",
    "verify_models",
    "voice",
    "why_not_live",
    "write_picture",
    "write_text",
]
