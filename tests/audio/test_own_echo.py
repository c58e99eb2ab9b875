"""The coach in a room with an open loudspeaker: it ignores itself, and hears the lifter."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach import cli
from coach.rehearsal.performance import Performance
from coach.rehearsal.scripts.transcript import LIFTER
from coach.settings import Hearing, Room
from coach.wiring import rehearsing
from coach.wiring.recognizers import EMBEDDED
from lab.benchmarks.echo import Job, perform

pytestmark = pytest.mark.audio

HEAD = "story: x\nplan: {reps: 2, sets: 1}\nroom: {echo: -10, delay: 150, reverb: 0.4}\nscript:\n"
INTO_THE_SET = """\
  - coach: Hamstring leg press. I count, you push. Say set up, or start set.
  - lifter: start set
  - coach: Set one, two reps. Unrack, soft knees.
  - counts: three, two
  - coach: Big breath. Brace.
"""
TO_ITS_END = """\
  - counts: one, lower, two, three, four, hold, push, rep one
  - counts: lower, two, three, four, hold, push, rep two
  - coach: That was the last rep.
  - coach: Catches in.
  - coach: Today, one set, two reps.
  - coach: Say end workout, or start set for one more.
  - silent: 2
"""
STOPPED = """\
  - counts: one, lower, two
  - {lifter: stop, after: 0.5}
  - counts: three
  - coach: Bring it up slowly. Catches in.
  - state: stopped
  - coach: Say continue, or finish.
  - silent: 3
"""


@pytest.fixture(scope="module")
def rehearsals() -> rehearsing.Rehearsals:
    return rehearsing.Rehearsals(True, Hearing(EMBEDDED), pytest.fail)


def performed(rehearsals: rehearsing.Rehearsals, path: Path, script: str, voice: str = "slt") -> Performance:
    path.write_text(f"voice: {voice}\n" + HEAD + INTO_THE_SET + script)
    return rehearsals.perform(path, recording=False)[1]


def test_a_set_is_counted_to_its_end_though_the_coach_hears_itself(
    rehearsals: rehearsing.Rehearsals, tmp_path: Path
) -> None:
    played = performed(rehearsals, tmp_path / "set.yaml", TO_ITS_END)
    assert played.failure is None, str(played.failure)
    assert [entry.text for entry in played.entries if entry.who == LIFTER and entry.text][:1] == ["start set"]


def test_stop_over_the_counting_stops_it(rehearsals: rehearsing.Rehearsals, tmp_path: Path) -> None:
    played = performed(rehearsals, tmp_path / "stop.yaml", STOPPED)
    assert played.failure is None, str(played.failure)


def test_two_minutes_of_its_own_voice_set_nothing_off() -> None:
    """A short version of the benchmark's hour. With the profile for headphones the coach would answer itself within a
    minute.
    """
    own = perform(Job(Hearing(EMBEDDED), Room(echo=-10, delay=150, reverb=0.4), True, 120.0))
    assert own.acted == []
    assert own.replies == 0
    assert own.speaking > 50
    naive = perform(Job(Hearing(EMBEDDED), Room(echo=-10, delay=150, reverb=0.4), False, 60.0))
    assert naive.acted or naive.replies


def test_a_room_can_be_given_on_the_command_line(tmp_path: Path) -> None:
    script, wav = tmp_path / "set.yaml", tmp_path / "set.wav"
    script.write_text("story: x\nplan: {reps: 2, sets: 1}\nscript:\n" + INTO_THE_SET)
    arguments = ["rehearse", "--audio", "--engine", EMBEDDED, "--quiet", str(script), "--wav", str(wav)]
    room = ["--echo", "-10", "--delay", "150", "--reverb", "0.4", "--noise", "babble", "--snr", "25"]
    assert cli.main([*arguments, *room, "--seed", "2"]) == 0
    first = wav.read_bytes()
    assert cli.main([*arguments, *room, "--seed", "2"]) == 0
    assert wav.read_bytes() == first
    assert cli.main([*arguments, *room, "--seed", "3"]) == 0
    assert wav.read_bytes() != first
