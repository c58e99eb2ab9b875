"""What was trained, written for other programs and read back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

import pytest

from coach.formats import csv_table
from coach.formats.conversion import export, read
from coach.ports import DataError, StoredSession
from coach.records import FaultReported, RepDone, SessionBegan, SetEnded, WorkoutEnded
from coach.training.log import LoggedWorkout, workouts
from lab.rigs.sessions import MemoryArchive, any_sessions, random_training, session

KATHMANDU = timezone(timedelta(hours=5, minutes=45))
HEVY = """\
title,start_time,end_time,description,exercise_title,superset_id,exercise_notes,set_index,set_type,weight_kg,reps,distance_km,duration_seconds,rpe
Leg Day,"28 Mar 2025, 17:29","28 Mar 2025, 18:45",Good session,Leg Press (Machine),,Slow,0,warmup,60,12,,,
Leg Day,"28 Mar 2025, 17:29","28 Mar 2025, 18:45",Good session,Leg Press (Machine),,Slow,1,normal,120,10,,,8
Leg Day,"28 Mar 2025, 17:29","28 Mar 2025, 18:45",Good session,Leg Press (Machine),,Slow,2,failure,130.5,7,,,
Leg Day,"28 Mar 2025, 17:29","28 Mar 2025, 18:45",Good session,Leg Press (Machine),,Slow,3,dropset,100,4,,,9.5
Leg Day,"28 Mar 2025, 17:29","28 Mar 2025, 18:45",Good session,"Squat, (Barbell)",1,,0,normal,80,5,0.2,30,
Leg Day,"28 Mar 2025, 17:29","28 Mar 2025, 18:45",Good session,Leg Press (Machine),,,0,normal,90,5,,,
Pull Day,"1 Apr 2025, 07:02","1 Apr 2025, 07:40",,Pull Up,,,0,normal,,8,,,
"""
STRONG = """\
Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,RPE
2026-09-10 18:02:11,Evening Workout,1h 5m,Leg Press,W,95,10,,,
2026-09-10 18:02:11,Evening Workout,1h 5m,Leg Press,2,185,8,,,8
2026-09-10 18:02:11,Evening Workout,1h 5m,Leg Press,F,185,6,,,
2026-09-12 07:00:00,"Curls, light",50s,Bicep Curl,1,,12,,,
"""


def told(text: str, name: str | None = None) -> list[str]:
    with pytest.raises(DataError) as error:
        read(text, "sets.csv", name)
    return str(error.value).splitlines()


def logged(sessions: tuple[StoredSession, ...] | list[StoredSession]) -> list[LoggedWorkout]:
    return list(workouts(MemoryArchive(sessions).sessions()))


def as_held(workout: LoggedWorkout) -> object:
    """What a table of sets can hold of a workout: the sets, when it began, and how hard each set was."""
    failed = {said.set for said in workout.reports if said.kind == "stuck"}
    sets = [(done.parts, done.in_reserve, done.number in failed) for done in workout.sets]
    return workout.exercise, workout.began, workout.last_record_at, sets


@pytest.mark.parametrize("name", ["json", "csv"])
def test_the_journal_comes_back_whole(name: str) -> None:
    for number in range(150):
        sessions = any_sessions(Random(number))
        assert read(export(name, sessions), "x", name)[1].sessions == tuple(sessions), number


@pytest.mark.parametrize("name", ["hevy", "strong"])
def test_sets_come_back_as_they_were(name: str) -> None:
    for number in range(150):
        sessions = random_training(Random(number), KATHMANDU)
        found = read(export(name, sessions), "x", name, KATHMANDU)[1].sessions
        assert list(map(as_held, logged(found))) == list(map(as_held, logged(sessions))), number
        # What was imported is written again as it was read.
        assert export(name, MemoryArchive(found).sessions()) == export(name, sessions), number


@pytest.mark.parametrize("text", [HEVY, STRONG])
def test_files_of_other_programs_come_out_as_they_went_in(text: str) -> None:
    name, found = read(text, "x", None, UTC)
    assert export(name, MemoryArchive(found.sessions).sessions()) == text


def test_what_hevy_tells_is_what_was_trained() -> None:
    name, found = read(HEVY, "workouts.csv", None, ZoneInfo("Europe/Berlin"))
    assert (name, len(found.sessions), found.left_out, found.without_zone) == ("hevy", 4, 0, True)
    pull, again, squat, press = logged(found.sessions)
    assert press.first_session == "2025-03-28T17:29:00+01:00"
    assert (press.exercise, squat.exercise, again.exercise, pull.exercise) == (
        "leg_press",
        "Squat, (Barbell)",
        "leg_press",
        "Pull Up",
    )
    assert [
        (done.reps, [part.load and part.load.amount for part in done.parts], done.in_reserve) for done in press.sets
    ] == [(12, [60], None), (10, [120], 2), (11, [130.5, 100], 0)]
    assert pull.sets[0].load is None
    assert press.last_record_at - press.began == 76 * 60


def test_pounds_are_named_by_hevys_columns_and_by_the_user_for_strong() -> None:
    pounds = HEVY.replace("weight_kg", "weight_lbs").replace("distance_km", "distance_miles")
    (_, *_, press) = logged(read(pounds, "x", None, UTC)[1].sessions)
    assert str(press.sets[0].load) == "Load(amount=60.0, unit='lb')"
    (*_, evening) = logged(read(STRONG, "x", None, UTC, "lb")[1].sessions)
    assert str(evening.sets[0].load) == "Load(amount=95.0, unit='lb')"
    assert "26.308" in export("hevy", read(STRONG.replace(",95,", ",58,"), "x", None, UTC, "lb")[1].sessions)


def test_a_load_in_pounds_is_kilos_to_the_gram_there_and_pounds_again_here() -> None:
    made = session(datetime(2026, 1, 1, tzinfo=UTC), SetEnded(60.0, 1, 8, 135.0, "lb"))
    assert "61.23496995" in export("hevy", [made])
    assert ",135," in export("strong", [made], "lb")


def test_rows_without_repetitions_are_counted_and_left_out() -> None:
    rest = '2026-09-10 18:02:11,Evening Workout,1h 5m,Rest Timer,1,0,0,0,90,""\n'
    assert read(STRONG + rest, "x", None, UTC)[1].left_out == 1


def test_other_separators_and_line_ends_are_read() -> None:
    semicolons = "\ufeff" + STRONG.replace('"Curls, light"', "Curls").replace(",", ";").replace("\n", "\r\n")
    found = read(semicolons.replace("185;", "185,5;"), "x", None, UTC)[1]
    assert [done.load and done.load.amount for done in logged(found.sessions)[1].sets] == [95, 185.5, 185.5]
    assert len(read(HEVY.replace(", ", " ").replace(",", "\t"), "x", None, UTC)[1].sessions) == 4


def test_our_sets_tell_others_what_went_wrong() -> None:
    made = session(
        datetime(2026, 1, 1, 10, 0, 30, tzinfo=UTC),
        SessionBegan(0.0, "leg_press", 1, 8, 60, "4-1-2-0"),
        FaultReported(20.0, "BackLifted", 1, 2, "lowering"),
        SetEnded(60.0, 1, 8, 90.0, "kg", "4-1-2-0"),
        WorkoutEnded(65.0, 1, 8),
    )
    (row,) = csv.DictReader(io.StringIO(export("hevy", [made])))
    assert row["exercise_notes"] == "Tempo 4-1-2-0. Set 1, after rep 2: back lifted."
    assert (row["title"], row["start_time"], row["end_time"]) == (
        "Leg Press (Machine)",
        "1 Jan 2026, 10:00",
        "1 Jan 2026, 10:01",
    )


def test_every_fault_is_told_with_its_row_and_nothing_is_read() -> None:
    broken = HEVY.replace("28 Mar 2025, 17:29", "28 Mai 2025, 17:29", 1).replace(",120,10", ",12O,ten")
    broken = broken.replace("1 Apr 2025, 07:40", "1 Apr 2025, 06:40").replace("0.2,30,", "0.2,30,11")
    assert told(broken) == [
        "sets.csv: row 2: start_time: '28 Mai 2025, 17:29' is no time: "
        "write it like 28 Mar 2026, 17:29 or 2026-03-28 17:29:11",
        "sets.csv: row 3: weight_kg: '12O' is no number: give 0 to 10000",
        "sets.csv: row 3: reps: 'ten' is no number: give 0 to 10000",
        "sets.csv: row 6: rpe: '11' is no number: give 0 to 10",
        "sets.csv: row 8: end_time: '1 Apr 2025, 06:40' does not follow its start_time: mend one of them",
    ]


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("", None, "row 1: the columns are of none that is known: name it: --format hevy, strong, json, csv"),
        (
            "a,b\n",
            "hevy",
            "row 1: no column end_time, exercise_title, reps, set_type, start_time, title: is it of hevy?",
        ),
        (STRONG + '"x', None, "row 6: is no CSV (unexpected end of data): close its quotes"),
        (STRONG + "a" * 20 + "," * 20, None, "row 6: 21 cells under 10 columns: quote what holds a separator"),
        (STRONG.replace("Bicep Curl", "\x1b[31mred"), None, "has a control character: take it out"),
        (STRONG.replace("Bicep Curl", "x" * 10_001), None, "Exercise Name: 10001 characters: give at most 10000"),
        (STRONG.replace("Reps", "Date"), "strong", "no column Reps"),
        (STRONG.replace("Distance", "Date"), "strong", "column 'Date' stands twice: keep one of them"),
        ("session,kind,at,new\n2026-01-01T10:00:00+00:00,rep,1,x\n", None, "column 'new' is not known here"),
        ("session,kind,at\n2026-01-01T10:00:00,stop,1\n", None, "row 2: is no stop: it takes at (float), set (int)"),
        ("session,kind,at,set,rep\n2026-01-01T10:00:00,stop,1,1,1\n", None, "'2026-01-01T10:00:00' is no time"),
        ("session,kind,at,set,rep\n2026-01-01T10:00:00Z,stop,1,1,1e3\n", None, "is no stop"),
        ("{", None, "the file: is no JSON"),
        ('{"a":' * 99_999, None, "the file: is no JSON (nested too deep)"),
        ('{"coach": 2, "sessions": []}', None, "the file: is of a later version: update the coach"),
        ("[]", "json", "the file: is no history of the coach: make it with: coach export --format json"),
        ('{"coach": 1, "sessions": [3]}', None, "session 1: is no session"),
        (
            '{"coach": 1, "sessions": [{"began": "2026-01-01T10:00:00+00:00", "records": [{"kind": "mood"}]}]}',
            None,
            "session 1: record 1: kind 'mood' is not known here",
        ),
        (
            '{"coach": 1, "sessions": [{"began": "2026-01-01T10:00:00+00:00", "records": NaN}]}',
            None,
            "the file: is no JSON (NaN is no number)",
        ),
        (
            '{"coach": 1, "sessions": [{"began": "2026-01-01T10:00:00+00:00", "records": '
            '[{"kind": "stop", "at": 1e300, "set": 1, "rep": 1}]}]}',
            None,
            "at '1e+300' is out of bounds",
        ),
    ],
)
def test_what_cannot_be_read_is_a_line_with_the_remedy(text: str, name: str | None, line: str) -> None:
    lines = told(text, name)
    assert line in lines[0]
    assert all(one.startswith("sets.csv: ") for one in lines)


def test_a_thousand_faults_are_a_hundred_lines() -> None:
    lines = told(STRONG + "x,y,z,a,1,1,1,1,1,1\n" * 1000)
    assert len(lines) == 101
    assert lines[-1] == "sets.csv: and 1900 more faults: mend these first"


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "MAX_ROWS", 3)
    assert told(STRONG) == ["sets.csv: row 4: more than 3 rows: import it in parts"]


def test_a_time_is_that_of_the_machines_zone_unless_told() -> None:
    berlin = read(STRONG, "x", None, ZoneInfo("Europe/Berlin"))[1].sessions[0]
    assert berlin.began == "2026-09-10T18:02:11+02:00"
    here = read(STRONG, "x")[1].sessions[0]
    assert datetime.fromisoformat(here.began).replace(tzinfo=None) == datetime(2026, 9, 10, 18, 2, 11)


def test_json_is_plain() -> None:
    made = session(datetime(2026, 1, 1, tzinfo=UTC), RepDone(1.0, 1, 1))
    assert json.loads(export("json", [made])) == {
        "coach": 1,
        "sessions": [
            {"began": "2026-01-01T00:00:00+00:00", "records": [{"kind": "rep", "at": 1.0, "set": 1, "rep": 1}]}
        ],
    }
