"""A real Mosquitto for tests and benchmarks: on free ports of this machine, started, stopped and started again."""

from __future__ import annotations

import queue
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from coach.settings import Broker
from lab.rigs.needs import skip_or_fail

TOOLS = ("mosquitto", "mosquitto_passwd", "openssl")
USER, PASSWORD = "corner-1", "benches are heavy"
TIMEOUT_S = 10.0
"""Seconds; what the tests wait for comes sooner, or never."""


def tool(name: str) -> str:
    """The path of a tool; Debian has the broker where only administrators look."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        skip_or_fail(f"no {name}: install mosquitto and openssl")
    return found


def free_port() -> int:
    """A port that no program uses, and that no connection gets by chance while the broker is away."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def wait_until(holds: Callable[[], object], seconds: float = TIMEOUT_S) -> bool:
    """Wait until the condition holds; return whether it held in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.005)
    return bool(holds())


class Mosquitto:
    """A broker with three listeners: `port` for anybody, `closed` with a password, `secure` with a password and TLS."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.closed, self.secure = free_port(), free_port(), free_port()
        self.password_file = folder / "password"
        self.ca_file = folder / "certificate.pem"
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Write passwords, a certificate and the configuration."""
        folder = self.folder
        self.password_file.write_text(f"{PASSWORD}\n")
        passwords, key, rules = folder / "passwords", folder / "key.pem", folder / "rules"
        subprocess.run([tool("mosquitto_passwd"), "-b", "-c", passwords, USER, PASSWORD], check=True)
        subprocess.run([tool("mosquitto_passwd"), "-b", passwords, "guest", PASSWORD], check=True)
        certificate = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
        names = ["-addext", "subjectAltName=DNS:localhost"]
        made = [tool("openssl"), *certificate.split(), *names, "-keyout", str(key), "-out", str(self.ca_file)]
        subprocess.run(made, check=True, capture_output=True)
        rules.write_text(
            "pattern readwrite coach/%u/#\npattern write homeassistant/device/coach_%u/config\n"
            "topic read homeassistant/status\n"
        )
        (folder / "mosquitto.conf").write_text(
            "user root\nper_listener_settings true\nlog_dest none\nset_tcp_nodelay true\n"
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
            f"listener {self.closed} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\nacl_file {rules}\n"
            f"listener {self.secure} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
            f"certfile {self.ca_file}\nkeyfile {key}\n"
        )

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The broker's process, while it runs."""
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Start the broker, and wait until it takes connections. It has forgotten its retained messages."""
        self._process = subprocess.Popen(
            [tool("mosquitto"), "-c", self.folder / "mosquitto.conf"], stderr=subprocess.DEVNULL
        )
        assert wait_until(self._listens)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.secure), 1.0).close()
        except OSError:
            return False
        return True

    def settings(self, **others: object) -> Broker:
        """Settings of a coach that uses this broker."""
        given = {"host": "127.0.0.1", "port": self.port, "name": "corner-1", **others}
        return Broker(**given)  # type: ignore[arg-type]


@contextmanager
def mosquitto(folder: Path) -> Iterator[Mosquitto]:
    """A broker that runs within the block."""
    broker = Mosquitto(folder)
    broker.prepare()
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@dataclass(frozen=True, slots=True)
class Published:
    """A message as another program receives it."""

    topic: str
    payload: str
    retained: bool
    at: float = field(compare=False, default=0.0)
    """When the message came, by `time.monotonic`."""


def _send_at_once(channel: object) -> None:
    assert isinstance(channel, socket.socket)
    channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Watcher:
    """Another program at the broker: keeps what is published there, and publishes."""

    def __init__(self, port: int, topics: str = "#", username: str = "") -> None:
        self.seen: list[Published] = []
        self._topics = topics
        self._ready: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        if username:
            self._client.username_pw_set(username, PASSWORD)
        self._client.on_message = self._on_message
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._ready.put(None)
        self._client.on_socket_open = lambda _client, _userdata, channel: _send_at_once(channel)
        self._client.connect("127.0.0.1", port)

    def __enter__(self) -> Watcher:
        self._client.loop_start()
        self._ready.get(timeout=TIMEOUT_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client: paho.Client, *_: object) -> None:
        client.subscribe(self._topics, options=SubscribeOptions(qos=1, retainAsPublished=True))

    def _on_message(self, _client: paho.Client, _userdata: object, message: paho.MQTTMessage) -> None:
        text = bytes(message.payload).decode(errors="replace")
        self.seen.append(Published(message.topic, text, message.retain, time.monotonic()))

    def publish(self, topic: str, payload: str | bytes, *, retained: bool = False, qos: int = 1) -> None:
        """Publish, and wait until the broker has the message."""
        sent = self._client.publish(topic, payload, qos=qos, retain=retained)
        if qos:
            sent.wait_for_publish(TIMEOUT_S)

    def of(self, topic: str) -> list[str]:
        """Payloads of the topic so far."""
        return [one.payload for one in self.seen if one.topic == topic]

    def sees(self, topic: str, holds: Callable[[str], bool] = lambda _: True) -> str:
        """The first payload of the topic for which `holds` is true; waits for it."""
        found: list[str] = []

        def looked() -> bool:
            found[:] = [payload for payload in self.of(topic) if holds(payload)]
            return bool(found)

        assert wait_until(looked), f"nothing of the kind under {topic}: {self.of(topic)}"
        return found[0]
