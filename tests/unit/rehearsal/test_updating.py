"""An update changes the coach's lines of a script and nothing else; the updated script performs as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach import cli
from coach.ports import ScriptError
from coach.rehearsal.performance import perform_text
from coach.rehearsal.scripts.comments import comments_of
from coach.rehearsal.scripts.script import read_script
from coach.rehearsal.updating import Changes, update
from lab.rigs.folders import CONVERSATIONS
from lab.rigs.talk import GRAMMAR, PACK, USUAL

BACK = (CONVERSATIONS / "back_lifted.yaml").read_text(encoding="utf-8")
MICROPHONE = (CONVERSATIONS / "faults" / "microphone.yaml").read_text(encoding="utf-8")


def updated(folder: Path, text: str) -> Changes:
    """The changes of an update; the script must then perform as written, and a second update must change nothing."""
    first = changes_of(folder, text)
    file = folder / "talk.yaml"
    file.write_text(first.text, encoding="utf-8")
    played = perform_text(read_script(file, USUAL), PACK, GRAMMAR)
    assert played.failure is None, str(played.failure)
    assert changes_of(folder, first.text).text == first.text
    return first


def changes_of(folder: Path, text: str) -> Changes:
    file = folder / "talk.yaml"
    file.write_text(text, encoding="utf-8")
    script = read_script(file, USUAL)
    followed = perform_text(script, PACK, GRAMMAR, following=True).follower
    assert followed is not None
    return update(text, script, followed)


@pytest.mark.parametrize("text", [BACK, MICROPHONE], ids=["timed", "untimed"])
def test_a_script_that_goes_as_written_stays(tmp_path: Path, text: str) -> None:
    changes = updated(tmp_path, text)
    assert changes.text == text
    assert str(changes) == "nothing to change"


@pytest.mark.parametrize("text", [BACK, MICROPHONE], ids=["timed", "untimed"])
def test_old_words_become_the_words_of_now(tmp_path: Path, text: str) -> None:
    head, end, rest = text.partition("That was the last rep.")
    old = re.sub(r'(coach: "?)[A-Z][a-z ]+,? ', r"\1Quite other words and ", head) + end + rest
    assert old != text
    changes = updated(tmp_path, old)
    assert changes.text == text
    # If many neighbouring lines differ, a changed line may count as one that is gone and one that is new.
    assert (changes.words > 3, changes.added - changes.removed, changes.added <= 1, changes.diverges_at) == (
        True,
        0,
        True,
        None,
    )


@pytest.mark.parametrize("begin", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("text", [BACK, MICROPHONE], ids=["timed", "untimed"])
def test_line_ends_stay(tmp_path: Path, text: str, begin: str) -> None:
    text = begin + text.replace("\n", "\r\n")
    old = re.sub(r'(coach: "?)[A-Z][a-z ]+,? ', r"\1Quite other words and ", text)
    lines = old.splitlines(keepends=True)
    gone = next(number for number, line in enumerate(lines) if "coach:" in line and number > 8)
    changes = changes_of(tmp_path, "".join([*lines[:gone], *lines[gone + 1 :]]).removesuffix("\r\n"))
    assert changes.words > 3
    assert changes.added - changes.removed == 1
    assert changes.text.startswith(begin)
    assert changes.text.count("\n") == changes.text.count("\r\n") == text.count("\n")


def test_lines_that_end_otherwise_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "talk.yaml"
    file.write_bytes(MICROPHONE.replace("\n", "\r").encode())
    script = read_script(file, USUAL)
    followed = perform_text(script, PACK, GRAMMAR, following=True).follower
    assert followed is not None
    with pytest.raises(ScriptError, match="save it with LF, then update"):
        update(file.read_bytes().decode(), script, followed)


def test_what_one_of_the_parsers_refuses_is_told(tmp_path: Path) -> None:
    """libyaml accepts a tab among words, PyYAML's own parser does not."""
    file = tmp_path / "talk.yaml"
    text = "story: x\nscript:\n  - lifter: end workout\n  - coach: Good\tbye.\n"
    file.write_text(text)
    script = read_script(file, USUAL)
    followed = perform_text(script, PACK, GRAMMAR, following=True).follower
    assert followed is not None
    assert len(comments_of(text, script).before) == 0
    with pytest.raises(ScriptError, match=r"line 4 is not YAML: .*, then update"):
        update(text, script, followed)


def test_old_times_become_the_times_of_now(tmp_path: Path) -> None:
    old = re.sub(r"at: (\d+)\.(\d)", r"at: \1.9", re.sub(r"cut: \d.\d", "cut: 1.9", BACK))
    # The lifter speaks at the times of the script.
    lifter = {line.split("lifter")[1]: line for line in BACK.splitlines() if "lifter:" in line}
    old = "\n".join(lifter[line.split("lifter")[1]] if "lifter:" in line else line for line in old.splitlines()) + "\n"
    changes = updated(tmp_path, old)
    assert changes.text == BACK
    assert (changes.words, changes.times > 20, changes.diverges_at) == (0, True, None)


def test_a_cue_that_is_new_or_gone_is_put_in_or_taken_out(tmp_path: Path) -> None:
    old = BACK.replace('  - {at: 25.588, coach: "Breathe in"}\n', "").replace(
        '  - {at: 17.068, counts: "one, lower"}\n',
        '  - {at: 17.068, counts: "one, lower"}\n  - {at: 18.278, coach: "Squeeze the bar"}\n',
    )
    assert len(old) > len(BACK)
    changes = updated(tmp_path, old)
    assert changes.text == BACK
    assert changes.diverges_at is None, "cues come and go"
    assert str(changes) == "1 reworded, 1 retimed, 1 added, 1 removed"[len("1 reworded, 1 retimed, ") :]


def test_counts_that_a_cue_parts_are_parted(tmp_path: Path) -> None:
    parted = 'lower"}\n  - {at: 51.644, coach: "Back flat"}\n  - {at: 52.124, counts: "two, three'
    assert parted in BACK
    assert updated(tmp_path, BACK.replace(parted, "lower, two, three")).text == BACK


def test_comments_order_and_quotes_stay(tmp_path: Path) -> None:
    told = "  # How to go on.\n  - coach: 'Say go.'  # a question?\n"
    text = MICROPHONE.replace("  - coach: Continue or finish?\n", told)
    assert updated(tmp_path, text).text == text.replace("'Say go.'", "'Continue or finish?'")


def test_a_step_of_several_lines_keeps_them(tmp_path: Path) -> None:
    three = '  - {at: 26.068, counts: "two, three", cut: 0.150}\n'
    hold = '  - {at: 19.068, counts: "two, three, four, hold, push, rep one, lower"}\n'
    assert three in BACK
    assert hold in BACK
    old = BACK.replace(three, "  - at: 25.978  # about\n    counts: two, three\n    cut: 0.3\n")
    old = old.replace(
        hold, "  - at: 19.068  # so\n    cut: 0.200\n    counts: two, three, four, hold, push, rep one, lower\n"
    )
    changes = updated(tmp_path, old)
    assert "  - at: 26.068  # about\n    counts: two, three\n    cut: 0.150\n" in changes.text
    assert "  - at: 19.068  # so\n    counts: two, three, four, hold, push, rep one, lower\n" in changes.text


def test_a_file_may_end_without_a_new_line(tmp_path: Path) -> None:
    text = (
        f'story: x\nscript:\n  - coach: "{PACK.prompts["greeting"].say[0]}"\n  - lifter: set up\n  - says: setup.load'
    )
    assert changes_of(tmp_path, text).text == text
    changes = updated(tmp_path, text.replace("  - says: setup.load", "  - coach: Old.\n  - coach: Older."))
    assert changes.text == text.replace("says: setup.load", f"coach: {PACK.setup[0].line.say[0]}\n")


def test_a_line_spoken_over_is_renamed_with_it(tmp_path: Path) -> None:
    text = (
        "story: x\nscript:\n  - coach: Hello.\n  - {lifter: set up, while: Hello., after: 0.5}\n  - says: setup.load\n"
    )
    new = PACK.prompts["greeting"].say[0]
    assert updated(tmp_path, text).text == text.replace("coach: Hello.", f"coach: {new}").replace(
        "while: Hello.", f'while: "{new}"'
    )


def test_an_id_that_is_said_no_more_becomes_the_one_that_is(tmp_path: Path) -> None:
    """An id that the pack no longer has is replaced. An id that the pack still has may come later in the script, so the
    line is written with its words.
    """
    changes = updated(tmp_path, MICROPHONE.replace("says: set.intro", "says: set.opening"))
    assert changes.text == MICROPHONE
    assert str(changes) == "1 reworded"
    changes = updated(tmp_path, MICROPHONE.replace("says: greeting", "says: goodbye"))
    greeting = PACK.prompts["greeting"].say[0]
    assert changes.text == MICROPHONE.replace("says: greeting", f"coach: {greeting}")
    assert str(changes).startswith("1 added, 1 removed; from line 4 ")


def test_another_course_is_told(tmp_path: Path) -> None:
    """The script lacks a sentence and names another state: the sentence is added, the state is left to the reviewer."""
    text = MICROPHONE.replace("  - coach: Continue or finish?\n", "").replace("state: paused", "state: stopped")
    changes = changes_of(tmp_path, text)
    assert changes.text == MICROPHONE.replace("state: paused", "state: stopped")
    assert str(changes).endswith("1 added; from line 20 on the conversation took another course")


def test_steps_in_one_line_are_refused(tmp_path: Path) -> None:
    text = "story: x\nscript: [{coach: Hello.}, {lifter: set up, at: 6}]\n"
    with pytest.raises(ScriptError, match="several steps stand in one line: give each a line of its own"):
        changes_of(tmp_path, text)


def test_only_what_fails_is_rewritten_and_what_was_done_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, old, odd = (tmp_path / f"{name}.yaml" for name in ("good", "old", "odd"))
    good.write_text(f"# mine\n{MICROPHONE}", encoding="utf-8")
    old.write_text(BACK.replace("Push up slowly, and brace.", "Push."), encoding="utf-8")
    odd.write_text(MICROPHONE.replace("state: paused", "state: idle"), encoding="utf-8")
    touched = good.stat().st_mtime_ns
    assert cli.main(["rehearse", "--update", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"{odd}: nothing to change"
    assert told[1].startswith(f"  still not as written: {odd}:15: expected state 'idle'; it is 'paused'")
    assert told[2:] == [f"{old}: 1 reworded"]
    assert (good.stat().st_mtime_ns, old.read_text(encoding="utf-8")) == (touched, BACK)


def test_an_update_leaves_the_other_outputs_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rehearse", "--update", "--record", str(CONVERSATIONS / "stop.yaml")]) == 2
    assert "--update rewrites the scripts themselves" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
