"""How long words take."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from coach.commands import Manner
from coach.language.speaking_time import speaking_time

reproducibly = settings(derandomize=True, deadline=None, database=None)
texts = st.text("abcdefgh yz'.,?", max_size=60)


@reproducibly
@given(texts, st.sampled_from(Manner))
def test_a_text_takes_longer_than_its_onset_and_more_text_longer_still(text: str, manner: Manner) -> None:
    length = speaking_time(text, manner)
    assert 0 < length.onset < length.total
    longer = speaking_time(f"{text} and more", manner)
    assert longer.total > length.total
    assert length.after_onset == length.total - length.onset


def test_a_count_is_crisper_than_a_sentence_and_a_cue_than_a_count() -> None:
    times = [speaking_time("knees over feet", manner).total for manner in (Manner.SENTENCE, Manner.COUNT, Manner.CUE)]
    assert times == sorted(times, reverse=True)


def test_a_count_leaves_room_on_its_beat() -> None:
    for word in ("lower", "hold", "push", "two", "rep twenty seven"):
        assert speaking_time(word, Manner.COUNT).total < 1.0


def test_times_are_whole_milliseconds() -> None:
    for text in ("Put your feet high on the platform.", "Why? Because, well; so: there!"):
        total = speaking_time(text, Manner.SENTENCE).total
        assert total == round(total, 3)
