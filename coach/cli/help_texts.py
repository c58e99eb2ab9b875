"""Texts below the options of `coach plan --help` and `coach export --help`."""

from __future__ import annotations

PLAN_FILES = """\
A plan is a YAML file. Every line may be left out; then the exercise's value holds.

    exercise: leg_press      # a name or a folder
    reps: 10
    sets: 3
    load: 80 kg              # or lb; quarters too: 41.25 kg
    rest: 2 min              # or 120, or 2:00
    tempo: 4-1-2-0           # seconds of lowering, pause, push, pause
    warm up: usual           # or [{reps: 8, load: 40 kg}, {reps: 4, load: 60 kg, rest: 60}]
    one side: left first     # or right first
    switch: 10               # seconds from one side to the other
    last set: drop           # or rest-pause
    machine: {empty: 20 kg, plates: [20, 10, 5, 2.5]}

Where the sets differ, list them:

    sets:
      - {reps: 10, times: 2}
      - {kind: drop, reps: 8, load: 70 kg, then: [{reps: 4, load: 55 kg, break: 20}]}

`coach check FILE` lists what is wrong with it, `coach run --plan FILE` trains it,
`coach check --schema plan` prints its schema for editors. What you change by voice
holds next time too, until you edit the file. The coach never writes to the file."""

FILE_FORMATS = """\
hevy    a row for each set; weights in kg, times to the minute
strong  a row for each set; weights in --unit, times to the second, durations to
        the minute
json    every record of every session: nothing is lost
csv     the same, one record in a row

Times in hevy and strong have no time zone. Export writes the local time of the
place where you trained. Import takes the times for local times of this computer
(TZ). Importing a file again adds nothing."""
