"""A lifter below a platform that does not move."""

from __future__ import annotations

from coach.records import GotStuck
from lab.rigs.talk import Talk


def test_no_word_but_that_it_is_over_leads_out_of_being_stuck() -> None:
    talk = Talk().in_set("set.pressing", 2)
    talk.hears("i'm stuck")
    at = talk.now
    for words in ("start set", "continue", "go", "stop", "okay", "next", "slower"):
        talk.wait(7)
        talk.hears(words)
        assert talk.state == "stuck", words
    assert talk.counts_since(at) == []
    talk.wait(10)
    talk.hears("yes")
    assert talk.state == "resting"
    assert len(talk.written(GotStuck)) == 1
