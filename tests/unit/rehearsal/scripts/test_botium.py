"""BotiumScript: what is read of it, what is refused with its line, and how the coach is compared with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.ports import ScriptError
from coach.rehearsal.performance import perform_text
from coach.rehearsal.scripts.botium import read_convo
from coach.rehearsal.scripts.script import Script, Step, StepKind
from coach.rehearsal.scripts.typed_text import spoken_words
from lab.rigs.talk import GRAMMAR, PACK, USUAL


def script_of(folder: Path, text: str) -> Script:
    file = folder / "talk.convo.txt"
    file.write_text(text, encoding="utf-8")
    return read_convo(file, USUAL)


def test_what_is_read(tmp_path: Path) -> None:
    script = script_of(
        tmp_path,
        "The name\r\nA description.\n\n#begin\nPAUSE 500\n\n#me\nSet load to 92.5 kg,\nplease!\n\n#bot\nNoted -\n\n"
        "it\u2019s 92.5\nPAUSE 1500\nPAUSE 500\n#bot\n#me \nTempo 4-1-2\n#bot\n!Stop\n#bot\n?Well.\n#bot\n!!Hey\n#end",
    )
    assert (script.story, script.plan, script.turn_by_turn, script.pack) == ("The name", USUAL, True, None)
    assert script.steps == (
        Step(8, StepKind.LIFTER, "set load to ninety two and a half kilos please", seconds=0.5),
        Step(12, StepKind.ANSWER, "noted it's ninety two and a half"),
        Step(17, StepKind.ANSWER),
        Step(19, StepKind.LIFTER, "tempo four one two", seconds=2.0),
        Step(21, StepKind.ANSWER, "stop", negated=True),
        Step(23, StepKind.ANSWER, "well", optional=True),
        Step(25, StepKind.ANSWER, "hey"),
    )


def test_numbers_reach_the_coach_as_they_were_typed(tmp_path: Path) -> None:
    def said(line: str) -> str:
        script = script_of(tmp_path, f"t\n\n#me\n{line}\n\n#bot\n")
        entries = perform_text(script, PACK, GRAMMAR, recording=False).entries
        return [entry.text for entry in entries if entry.who == "coach"][-1]

    assert "one hundred and two and a half kilos" in said("102,5 kg")
    assert "ninety seconds" in said("rest 90s")
    assert "ten reps" in said("10\u00a0reps")
    assert "five reps" not in said("-5 reps")


def test_without_a_name_it_is_the_files(tmp_path: Path) -> None:
    assert script_of(tmp_path, "#me\nstop\n").story == "talk"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Start set!", "start set"),
        ("  \u2018Don\u2019t\u2019 (quite) \u201cstop\u201d\u2026 ", "don't quite stop"),
        ("10 reps", "ten reps"),
        ("90kg", "ninety kilos"),
        ("4-1-2-0", "four one two zero"),
        ("105.5 lbs.", "one hundred and five and a half pounds"),
        ("102,5 kg", "one hundred and two and a half kilos"),
        ("1,000 reps.", "one thousand reps"),
        ("rest 90s, rest 90 s", "rest ninety seconds rest ninety seconds"),
        ("2min 1 min 1sec", "two minutes one minute one second"),
        ("1kg, 2 lbs, kg", "one kilo two pounds kilos"),
        ("rest 1:30 or 2:00", "rest one minute thirty seconds or two minutes"),
        ("-5 reps, \u22125 reps, \u20135 reps", "minus five reps minus five reps minus five reps"),
        ("8-10 reps, twelve-10", "eight ten reps twelve ten"),
        ("10\u00a0kg and 10\u202fkg", "ten kilos and ten kilos"),
        ("it's 5; the s stays", "it's five the s stays"),
        ("(2nd set) 0.5", "second set a half"),
        ("- 5 reps -", "five reps"),
    ],
)
def test_words_as_they_sound(text: str, words: str) -> None:
    assert " ".join(spoken_words(text)) == words


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1: the file: has no conversation: write sections that begin with #me and #bot"),
        ("Name\n#you\nhello", "2: #you: '#you' is no section of a conversation: use #me and #bot"),
        ("#include\nlogin", "1: #include: '#include' is no section of a conversation: write its sections here"),
        ("#me #private\nstop", "1: #me: channel '#private': there is one voice: take it out"),
        ("#me", "1: #me: says nothing: write what the lifter says"),
        (
            "#me\n1000000 reps",
            "2: #me: '1000000' is not a whole number, half or quarter from 0 to 999999: give one that is",
        ),
        (
            f"#me\n{'9' * 5000} reps",
            f"2: #me: '{'9' * 20}' is not a whole number, half or quarter from 0 to 999999: give one that is",
        ),
        ("#me\n1.000 kg", "2: #me: '1.000' may be thousands or a fraction: write it in words"),
        ("#me\n1 000 kg", "2: #me: '000' is no number as people say it: write it in words"),
        ("#me\n1.2.3 kg", "2: #me: '1.2.3' is no number as people say it: write it in words"),
        ("#me\n3x10", "2: #me: '3x10' cannot be said: write it in words"),
        ("#me\n10kgs5", "2: #me: '10kgs5' cannot be said: write it in words"),
        ("#me\n1e3 reps", "2: #me: '1e3' cannot be said: write it in words"),
        ("#me\nrest 90h", "2: #me: 'h' behind the number in '90h' is no unit: write it in words"),
        ("#me\ncafé", "2: #me: 'é' in 'café' cannot be said: write it in words"),
        ("#me\nUTT_HELLO", "2: #me: 'UTT_HELLO' is not read: write the words themselves: neither utterances nor"),
        ("#me\nBUTTON Go", "2: #me: 'BUTTON' is not read: take it out: the coach has a voice only"),
        ("#bot\n!INTENT Stop", "2: #bot: 'INTENT' is not read: take it out: the coach has a voice only"),
        ("#bot\nINCLUDE login", "2: #bot: 'INCLUDE' is not read: write its sections here"),
        ("#bot\nWAITFORBOT 5000", "2: #bot: 'WAITFORBOT' is not read: take it out: the coach is waited for"),
        (
            "#bot\nPAUSE long",
            "2: #bot: 'PAUSE' is not read: give milliseconds of three hours at most, such as PAUSE 3000",
        ),
        (f"#bot\nPAUSE {'9' * 500}", "2: #bot: 'PAUSE' is not read: give milliseconds of three hours at most, such"),
        ("#bot\nTEXT_CONTAINS_ANY a|b", "2: #bot: 'TEXT_CONTAINS_ANY' is not read: write the words, or TEXT_CONTAINS_"),
        ("#bot\nSet\nTEXT_CONTAINS_ALL one", "3: #bot: 'TEXT_CONTAINS_ALL' is not read: write the words, or TEXT_CON"),
        ("#me\nTEXT_CONTAINS_ALL one", "2: #me: 'TEXT_CONTAINS_ALL' is not read: write the words, or TEXT_CONTAINS_"),
        ("#bot\nfor $name", "2: #bot: 'for $name' has a variable of the scripting memory: write the words themselves"),
        ('#bot\n{"text": 1}', "2: #bot: '{\"text\": 1}' is data: write what is said"),
        ("#bot\nYes.\n!No.", "3: #bot: '!' in the middle of a section: begin another one with it"),
        ("#bot\n!", "2: #bot: '!' without words: write them"),
        ("#bot\n?!No.\n#bot", "2: #bot: both optional and negated: keep one of ? and !"),
        ("#bot\n?No.\n#me\nstop", "2: #bot: what may be left out is followed by nothing: write a #bot section below"),
        ("#begin\nhello\n#me\nstop", "1: #begin: text that nobody says: put it into #me or #bot, or take it out"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(ScriptError) as error:
        script_of(tmp_path, text)
    (line,) = str(error.value).splitlines()
    assert line.startswith(f"{tmp_path}/talk.convo.txt:{fault}")


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScriptError) as error:
        script_of(tmp_path, "#me\nUTT_A\n#bot\nMEDIA a.png\n#me\n$x\n")
    assert [line.split(":")[1] for line in str(error.value).splitlines()] == ["2", "4", "6"]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"nowhere.convo.txt:1: the file: cannot be read"):
        read_convo(tmp_path / "nowhere.convo.txt", USUAL)
    latin = tmp_path / "latin.convo.txt"
    latin.write_bytes(b"#me\n\xe9\n")
    with pytest.raises(ScriptError, match=r"latin.convo.txt:2: the file: is not UTF-8 at byte 4: save it as UTF-8"):
        read_convo(latin, USUAL)


# --- performed

START = "#me\nstart set\n"
GOES_WELL = {
    "nothing is asked about": f"{START}#me\nstop\n#me\nend workout\n",
    "a part of a sentence, in any case": f"#bot\nSAY SET UP\n{START}#bot\nten reps unrack\n",
    "sections share what is said in one go": f"{START}#bot\nSet one\n#bot\nSoft knees.\n#bot\nthree\n",
    "a section goes over several lines": f"{START}#bot\nknees. Three, two.\n#bot\nBrace\nPAUSE 4000\n"
    "#me\nstop\n#bot\nBring it up",
    "counts between are free": f"{START}#bot\n#bot\nBrace\n#bot\nlower lower\n",
    "a cue is named": f"{START}#bot\n#bot\nBrace\n#bot\nback flat\n#bot\nhold\n",
    "by an asserter": f"{START}#bot\nTEXT_CONTAINS_ANY_IC soft Knees\n#bot\n!TEXT_CONTAINS_ALL two sets\n",
    "any sentence but one": f"{START}#bot\n!set two\n",
    "what may be said is not": f"#bot\n?Good morning.\n#bot\nHamstring\n{START}",
    "what may be said is not, before a count": f"{START}#bot\n#bot\n?Well.\n#bot\ntwo\n",
    "what may be said is": f"#bot\n?Hamstring\n#bot\nI count\n{START}",
    "the lifter waits": f"{START}#bot\n\nPAUSE 5000\n#me\nstop\n#bot\nCatches in\n",
}


@pytest.mark.parametrize("text", GOES_WELL.values(), ids=GOES_WELL)
def test_it_goes_well(tmp_path: Path, text: str) -> None:
    played = perform_text(script_of(tmp_path, text), PACK, GRAMMAR)
    assert played.failure is None, played.failure_report


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (f"{START}#bot\nSet two\n", 4, "expected  set two\n  heard     set one ten reps"),
        (f"{START}#bot\nknees. Set two\n#me\nstop\n#bot\n", 4, "expected  set two\n  heard     big breath"),
        (f"{START}#bot\n!ten reps\n", 4, "expected the coach not to say 'ten reps'; at 5.392 it said 'Set one, ten"),
        (f"{START}#bot\n#bot\n!three\n", 5, "expected the coach not to say 'three'; at 13.014 it said 'three'"),
        ("#me\nend workout\n#bot\n#bot\n#bot\nMore\n", 6, "expected the coach to say 'more'; the session ended"),
        (f"{START}#bot\nSet one\n#bot\nTwelve\n", 6, "expected  twelve\n  heard     big breath"),
        ("#me\nhow deep\n#bot\nKnees\nPAUSE 300000\n#me\nstop\n#bot\nMore\n", 9, "expected  more\n"),
    ],
)
def test_it_fails(tmp_path: Path, text: str, line: int, told: str) -> None:
    failure = perform_text(script_of(tmp_path, text), PACK, GRAMMAR).failure
    assert failure is not None
    assert (failure.file, failure.line) == (str(tmp_path / "talk.convo.txt"), line)
    assert told in str(failure)


def test_the_end_of_a_turn_is_held_against_it(tmp_path: Path) -> None:
    text = f"{START}#bot\nSet one\n#me\nstop\n#bot\nCatches in\nPAUSE 20000\n#me\ncontinue\n"
    failure = perform_text(script_of(tmp_path, text), PACK, GRAMMAR).failure
    assert failure is not None
    assert (failure.line, failure.expected) == (11, "lifter 'continue'")
    assert "the coach said 'Say continue" in failure.happened
