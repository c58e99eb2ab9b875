"""The process that talks to the sound server (PulseAudio, PipeWire): the only file that knows `pulsectl`.

The process reports where the server has put the coach's streams, moves streams, and turns other players down and up.

Law: the process ends when the coach ends, also when the coach is killed, and restores the volume of every player first.
If this process was killed, too, a file holds the volumes that were not restored, and the next guard restores them.

It is a process of its own, because a call to a server that hangs never returns, and because volumes must be restored
after a `kill -9` of the coach. It uses `pulsectl` and not `pactl`: one connection reports changes, reads and sets
volumes, and corrects the volumes that the server remembers. `pactl` needs a process for each of these, its JSON is
broken in languages with a decimal comma (PulseAudio 16), and it cannot correct remembered volumes.

The protocol is lines of JSON. Standard input takes {"duck": decibels} and {"move": [kind, stream, device]}. Standard
output gives a report after each change (`placement.py` reads it), and four times a second, while the server answers,
a line with only the time.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TextIO

from coach.audio.ducking import LoweredPlayer, LoweredPlayers, Player, Volumes, lies_between, lowered, same_volumes

try:
    import pulsectl
except (ImportError, OSError):
    # Without libpulse no program on this machine uses a sound server.
    pulsectl = None

ALIVE_S = 0.25
"""Seconds between two signs that the server answers."""
_WAIT_S = 0.1
"""Longest wait for an event of the server. A command that arrives just before a wait begins is delayed this long."""
_STEP_S = 0.03
"""Seconds between two steps of the level of other players."""
_DOWN_DB = 3.0
"""Decibels of a step down: 12 dB in 0.12 s, before the first word is over."""
_UP_DB = 0.8
"""Decibels of a step up: 12 dB in half a second, which nobody notices."""
_RETRY_S = 0.5
"""Seconds between two attempts to connect."""
_END_S = 20.0
"""Longest wait for a hanging server, after the coach has ended."""
_NO_CLIENT = 0xFFFFFFFF
"""Client number of a stream that the server itself made."""

Command = dict[str, Any]
"""A line of standard input."""


class Guard:
    """Keeps one connection to the server, and connects again whenever it breaks. Reports what the server has, moves the
    coach's streams and turns other players down, as the coach asks.
    """

    def __init__(self, coach: int, folder: Path | None) -> None:
        """`coach`: process number of the coach. `folder`: for files with volumes that were not restored."""
        self._coach = str(coach)
        self._folder = folder
        self._file = folder / f"coach-ducked-{os.getpid()}.json" if folder is not None else None
        """File with the volumes that are lowered now; it exists only while some are."""
        self._opened: TextIO | None = None
        self._saved: object = ()
        """What identifies the content of the file."""
        self._commands: SimpleQueue[Command | None] = SimpleQueue()
        self._lowered = LoweredPlayers()
        self._level = self._target = 0.0
        """Level of other players now, and the level they should get, in decibels; 0: unchanged."""
        self._ending = self._changed = False
        self._last_report: object = None
        self._alive_at = 0.0
        """When the server answered last, on the monotonic clock."""
        self._pulse: Any = None
        """The connection; None: there is none."""

    def run(self) -> None:
        """Serve until the coach ends."""
        signal.signal(signal.SIGTERM, lambda *_: self._end())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        Thread(target=self._read, daemon=True).start()
        while not self._ending:
            if pulsectl is not None:
                self._connect()
            if not self._ending:
                self._wait()

    def _connect(self) -> None:
        """Connect and serve. Returns when no server is found, or when the connection breaks."""
        try:
            # Without a time-out: pulsectl always waits until a time-out is over, even if the server answers at once.
            with pulsectl.Pulse("coach", connect=False) as self._pulse:
                self._pulse.connect()
                self._serve()
        except pulsectl.PulseError:
            self._last_report = None
        finally:
            self._pulse = None

    def _wait(self) -> None:
        """Wait for a command while no server is reachable."""
        self._send({"server": None}, time.monotonic())
        with contextlib.suppress(Empty):
            self._obey(self._commands.get(timeout=_RETRY_S))

    def _end(self) -> None:
        self._commands.put(None)
        self._wake()

    def _wake(self) -> None:
        pulse = self._pulse
        if pulse is not None:
            with contextlib.suppress(AttributeError, pulsectl.PulseError):
                pulse.event_listen_stop()

    def _read(self) -> None:
        for line in sys.stdin:
            self._commands.put(json.loads(line))
            self._wake()
        self._end()
        time.sleep(_END_S)
        os._exit(1)

    def _obey(self, command: Command | None) -> None:
        if command is None:
            self._ending, self._target = True, 0.0
        elif "duck" in command:
            self._target = float(command["duck"])
        elif "move" in command and self._pulse is not None:
            kind, number, device = command["move"]
            move = self._pulse.sink_input_move if kind == "sink" else self._pulse.source_output_move
            self._attempt(move, number, device)

    def _serve(self) -> None:
        self._restore_leftovers()

        def on_change(_: Any) -> None:
            self._changed = True
            raise pulsectl.PulseLoopStop

        self._pulse.event_mask_set("sink", "source", "sink_input", "source_output", "server")
        self._pulse.event_callback_set(on_change)
        self._last_report, self._changed = None, True
        while True:
            while not self._commands.empty():
                self._obey(self._commands.get())
            if self._changed:
                self._changed = False
                self._report()
            elif time.monotonic() - self._alive_at > ALIVE_S:
                self._alive_at = time.monotonic()
                self._pulse.server_info()
                self._send({}, self._alive_at)
            self._step()
            if self._ending:
                return
            self._pulse.event_listen(_WAIT_S if self._level == self._target else _STEP_S)

    def _report(self) -> None:
        at = time.monotonic()
        info = self._pulse.server_info()
        report: dict[str, object] = {
            "server": info.server_name,
            "sink": info.default_sink_name,
            "source": info.default_source_name,
            "sinks": [[sink.index, sink.name, sink.description, ""] for sink in self._pulse.sink_list()],
            "sources": [
                [source.index, source.name, source.description, source.monitor_of_sink_name or ""]
                for source in self._pulse.source_list()
            ],
            "playing": [
                [stream.index, stream.sink] for stream in self._pulse.sink_input_list() if self._is_ours(stream)
            ],
            "recording": [
                [stream.index, stream.source] for stream in self._pulse.source_output_list() if self._is_ours(stream)
            ],
        }
        self._alive_at = time.monotonic()
        self._send(report if report != self._last_report else {}, at)
        self._last_report = report

    def _is_ours(self, stream: Any) -> bool:
        return bool(stream.proplist.get("application.process.id") == self._coach)

    def _send(self, message: dict[str, object], at: float) -> None:
        """Write one line. `at`: time of the message on the monotonic clock, which all processes share."""
        try:
            sys.stdout.write(json.dumps({**message, "at": at}) + "\n")
            sys.stdout.flush()
        except OSError:
            self._end()

    # Other players

    def _step(self) -> None:
        """Change the level by one step. Players that have just begun get the present level, too."""
        if self._level == self._target == 0.0:
            return
        if self._ending:
            self._level = self._target
        elif self._target < self._level:
            self._level = max(self._target, self._level - _DOWN_DB)
        else:
            self._level = min(self._target, self._level + _UP_DB)
        new_volumes = self._lowered.update(list(self._players()), self._level)
        self._save(self._lowered.players)
        for number, volumes in new_volumes.items():
            if self._set_volume(number, volumes):
                self._lowered.confirm(number, self._volumes_of(number, volumes))
        if self._level == 0.0:
            self._restore_remembered(self._lowered.close())
            self._save(())

    def _players(self) -> Iterator[Player]:
        for stream in self._pulse.sink_input_list():
            # A stream that the server itself made may be the coach's own voice behind an echo canceller.
            is_player = stream.client != _NO_CLIENT or stream.driver == "module-loopback.c"
            if is_player and not self._is_ours(stream) and "node.link-group" not in stream.proplist:
                identity = stream.proplist.get("module-stream-restore.id", "")
                yield Player(stream.index, identity, _from_pulse(stream.volume))

    def _set_volume(self, number: int, volumes: Volumes) -> bool:
        return self._attempt(self._pulse.sink_input_volume_set, number, _to_pulse(volumes))

    def _volumes_of(self, number: int, wanted: Volumes) -> Volumes:
        """The volumes that the server has set; it may round them. `wanted`: those that it should have set."""
        try:
            return _from_pulse(self._pulse.sink_input_info(number).volume)
        except (pulsectl.PulseIndexError, pulsectl.PulseOperationFailed):
            return wanted

    def _attempt(self, call: Callable[..., object], *arguments: object) -> bool:
        """Call the server; False when the stream or device has gone meanwhile."""
        try:
            call(*arguments)
        except (pulsectl.PulseOperationFailed, pulsectl.PulseIndexError):
            return False
        return True

    def _restore_remembered(self, gone: tuple[LoweredPlayer, ...]) -> None:
        """Correct the volumes that the server remembers of players that ended while they were turned down: it gives
        such a volume to the next player of the same kind.
        """
        if not gone:
            return
        with contextlib.suppress(pulsectl.PulseError):
            remembered = {entry.name: entry for entry in self._pulse.stream_restore_read()}
            for player in gone:
                entry = remembered.get(player.identity)
                if entry is not None and same_volumes(_from_pulse(entry.volume), player.volumes):
                    entry.volume = _to_pulse(player.usual_volumes)
                    self._pulse.stream_restore_write(entry, mode="replace")

    # The file of volumes that are not restored yet

    def _save(self, players: tuple[LoweredPlayer, ...]) -> None:
        """Write between which two volumes each player may be found. So the file need not be written at every step."""
        key = ([player.number for player in players], self._target) if players else ()
        if self._file is None or key == self._saved:
            return
        self._saved = key
        low = min(self._target, self._level)
        content = [[one.number, one.identity, one.usual_volumes, lowered(one.usual_volumes, low)] for one in players]
        with contextlib.suppress(OSError):
            if self._opened is None:
                self._opened = self._file.open("w")
                # The file is locked as long as its guard runs.
                fcntl.flock(self._opened, fcntl.LOCK_EX)
            self._opened.seek(0)
            self._opened.truncate()
            self._opened.write(json.dumps(content))
            self._opened.flush()
            if not content:
                self._file.unlink()
                self._opened.close()
                self._opened = None

    def _restore_leftovers(self) -> None:
        """Restore the volumes in the files of guards that were killed."""
        if self._folder is None:
            return
        players = {player.number: player for player in self._players()}
        for file in self._folder.glob("coach-ducked-*.json"):
            if file == self._file:
                continue
            with contextlib.suppress(OSError, ValueError), file.open() as left:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for number, identity, usual, low in json.load(left):
                    player = players.get(number)
                    if player is not None and player.identity == identity and lies_between(player.volumes, low, usual):
                        self._set_volume(number, tuple(usual))
                file.unlink()


def _from_pulse(volume: Any) -> Volumes:
    """The server's own whole numbers: 65536 is full volume."""
    return tuple(round(value * 65536) for value in volume.values)


def _to_pulse(volumes: Volumes) -> Any:
    return pulsectl.PulseVolumeInfo([volume / 65536 for volume in volumes])


def main() -> None:
    """Arguments: the number of the coach's process, and a folder for the files of volumes (optional)."""
    folder = Path(sys.argv[2]) if sys.argv[2:] else None
    Guard(int(sys.argv[1]), folder).run()


if __name__ == "__main__":
    main()
