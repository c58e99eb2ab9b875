"""Who is turned down by how much, and when."""

from __future__ import annotations

from collections.abc import Mapping

from coach.audio.ducking import HOLD_S, DuckingWindow, LoweredPlayers, Player, Volumes, lowered

LOUD, HALF = (65536, 65536), (40000, 42000)


class Server:
    """Players by their numbers."""

    def __init__(self, **players: Volumes) -> None:
        self.volumes: dict[int, Volumes] = {int(name[1:]): volumes for name, volumes in players.items()}
        self.ledger = LoweredPlayers()

    def level(self, decibels: float) -> Mapping[int, Volumes]:
        players = [Player(number, f"app {number % 10}", volumes) for number, volumes in self.volumes.items()]
        wanted = self.ledger.update(players, decibels)
        for number, volumes in wanted.items():
            # Servers round.
            self.volumes[number] = tuple(volume + 3 for volume in volumes)
            self.ledger.confirm(number, self.volumes[number])
        return wanted


def close(one: Volumes, other: Volumes) -> bool:
    return all(abs(a - b) <= 3 for a, b in zip(one, other, strict=True))


def test_a_step_is_reckoned_from_what_was_before_it_all() -> None:
    server = Server(p1=LOUD, p2=HALF)
    for decibels in (-3, -6, -9, -12, -12, -6):
        server.level(decibels)
        assert close(server.volumes[1], lowered(LOUD, decibels))
        assert close(server.volumes[2], lowered(HALF, decibels))
    server.level(0.0)
    assert close(server.volumes[1], LOUD)
    assert server.ledger.close() == ()
    assert server.ledger.players == ()


def test_who_begins_meanwhile_is_turned_down_and_gets_his_own_back() -> None:
    server = Server(p1=LOUD)
    server.level(-12)
    server.volumes[2] = HALF
    server.level(-12)
    assert close(server.volumes[2], lowered(HALF, -12))
    server.level(0.0)
    assert close(server.volumes[2], HALF)


def test_a_users_change_wins_until_the_coach_is_silent() -> None:
    server = Server(p1=LOUD, p2=LOUD)
    server.level(-12)
    server.volumes[1] = HALF
    assert list(server.level(-6)) == [2]
    server.level(0.0)
    server.ledger.close()
    assert server.volumes[1] == HALF
    server.level(-12)
    assert close(server.volumes[1], lowered(HALF, -12))


def test_the_next_song_that_was_given_the_lowered_volume_is_not_lowered_twice() -> None:
    """The server remembers a volume by the application, and gives it to the next stream."""
    server = Server(p1=LOUD)
    server.level(-12)
    server.volumes[11] = server.volumes.pop(1)
    server.level(-12)
    assert close(server.volumes[11], lowered(LOUD, -12))
    server.level(0.0)
    assert close(server.volumes[11], LOUD)
    assert server.ledger.close() == ()


def test_who_ended_while_it_was_down_is_told_so_that_its_remembered_volume_is_mended() -> None:
    server = Server(p1=LOUD)
    server.level(-12)
    down = server.volumes.pop(1)
    server.level(0.0)
    [gone] = server.ledger.close()
    assert (gone.identity, gone.usual_volumes, gone.volumes) == ("app 1", LOUD, down)


def test_a_number_that_a_new_server_gave_to_another_player_is_not_the_same() -> None:
    server = Server(p1=LOUD)
    server.level(-12)
    [lowered] = server.ledger.players
    assert server.ledger.update([Player(1, "another", HALF)], 0.0) == {}
    assert [one.identity for one in server.ledger.players] == ["another"]
    assert [one.number for one in server.ledger.close()] == [lowered.number]


def test_music_stays_down_between_sentences_and_through_a_set() -> None:
    window = DuckingWindow()
    assert not window.is_wanted(0.0, speaking=False, in_set=False)
    assert window.is_wanted(1.0, speaking=True, in_set=False)
    assert window.is_wanted(1.0 + HOLD_S - 0.1, speaking=False, in_set=False)
    assert not window.is_wanted(1.0 + HOLD_S + 0.1, speaking=False, in_set=False)
    assert all(window.is_wanted(10.0 + second, speaking=False, in_set=True) for second in range(60))
