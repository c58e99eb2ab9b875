"""One connection to the broker, through paho. One thread makes it, drives it with `step`, and closes it."""

from __future__ import annotations

import selectors
import socket
import ssl
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from coach.adapters.broker.errors import (
    BrokerError,
    ErrorKind,
    lost_error,
    network_error,
    no_answer_error,
    no_mqtt_error,
    refusal_error,
)
from coach.adapters.broker.topics import Message
from coach.settings import Broker

PATIENCE_S = 5.0
"""Longest time for connecting, and for the broker's answer after it."""
KEEP_ALIVE_S = 10
"""A silent connection is tested after this time, and given up after the same time without an answer. The broker gives
it up after 15 s: then others see the corner offline, and a command that was delayed on its way does not arrive."""
MAX_PACKET_BYTES = 4096
"""Most bytes of a packet from the broker. With MQTT 5 the broker drops larger packets."""
MAX_PASSWORD_BYTES = 1000
"""Most bytes of the password file that are read."""

Received = Callable[[str, bytes, bool], None]
"""Called for each message with topic, payload, and whether the message was published as retained."""
Acknowledged = Callable[[int, bool], None]
"""Called with the number of a published message when the broker has it, and whether the broker denied it."""


class Connection:
    """A connection that is opened once. Methods raise BrokerError when the connection has failed."""

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        will: Message | None = None,
        received: Received = lambda _topic, _payload, _retained: None,
        acknowledged: Acknowledged = lambda _number, _denied: None,
        *,
        anonymous: bool = False,
    ) -> None:
        """`client_id`: empty: the broker chooses. `will`: the broker publishes it when the connection breaks.
        `anonymous`: connect without the user and password of the settings.
        """
        self._broker = broker
        self._anonymous = anonymous
        self._received = received
        self._acknowledged = acknowledged
        self._open = False
        self._error: BrokerError | None = None
        self._selector = selectors.DefaultSelector()
        client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5)
        client.connect_timeout = PATIENCE_S
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        if will is not None:
            client.will_set(will.topic, will.payload, qos=1, retain=will.retained)
        self._client = client

    def open(self, wake: socket.socket | None = None) -> None:
        """Connect, until the broker has accepted. `wake`: a socket that ends a `step` when it becomes readable."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.MaximumPacketSize = MAX_PACKET_BYTES
        broker, client = self._broker, self._client
        if broker.tls:
            client.tls_set_context(_tls_context(broker))
        if broker.username and not self._anonymous:
            client.username_pw_set(broker.username, _password(broker))
        try:
            client.connect(broker.host, broker.port, KEEP_ALIVE_S, clean_start=True, properties=properties)
        except OSError as error:
            raise network_error(broker, error) from error
        except ValueError as error:
            # The host name is not a possible name.
            raise network_error(broker, socket.gaierror(str(error))) from error
        channel = client.socket()
        if channel is None:
            raise self._error or no_answer_error(broker)
        if isinstance(channel, socket.socket):
            # Otherwise a small message waits up to 40 ms for the acknowledgement of the message before.
            channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(channel.fileno(), selectors.EVENT_READ)
        if wake is not None:
            self._selector.register(wake, selectors.EVENT_READ)
        deadline = time.monotonic() + PATIENCE_S
        while not self._open:
            if time.monotonic() > deadline:
                raise no_answer_error(broker)
            self.step(0.1)

    def subscribe(self, topic: str) -> None:
        """Subscribe to new messages only: no retained ones, and none from a time without a connection."""
        options = SubscribeOptions(qos=0, retainAsPublished=True, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
        self._client.subscribe(topic, options=options)

    def subscribe_with_retained(self, topic: str) -> None:
        """Subscribe, and get all retained messages, too."""
        self._client.subscribe(topic, options=SubscribeOptions(qos=1, retainAsPublished=True))

    def publish(self, message: Message) -> int:
        """Publish at least once (QoS 1). Returns the message's number, which a later `step` acknowledges."""
        result = self._client.publish(message.topic, message.payload, qos=1, retain=message.retained)
        self._check(result.rc)
        return result.mid

    def step(self, seconds: float) -> None:
        """Wait at most this long for something to read or write, and do it."""
        channel = self._client.socket()
        if channel is None:
            raise self._error or no_answer_error(self._broker)
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._client.want_write() else 0)
        number = channel.fileno()
        self._selector.modify(number, events)
        ready = {key.fd: mask for key, mask in self._selector.select(seconds)}.get(number, 0)
        if ready & selectors.EVENT_WRITE:
            self._check(self._client.loop_write())
        if ready & selectors.EVENT_READ:
            self._read(channel)
        self._check(self._client.loop_misc())

    def _read(self, channel: object) -> None:
        try:
            self._check(self._client.loop_read())
            # Data that TLS has already decrypted do not wake the selector.
            while _has_decrypted(channel):
                self._check(self._client.loop_read())
        except (ValueError, LookupError, TypeError, AttributeError, struct.error, OverflowError) as error:
            # Paho raises these for bytes that are not MQTT.
            raise no_mqtt_error(self._broker, f"{type(error).__name__}") from error

    def close(self) -> None:
        """Disconnect. The broker then does not publish the will."""
        with suppress(OSError, ValueError):
            self._client.disconnect()
        self._selector.close()

    def _check(self, code: MQTTErrorCode) -> None:
        if code == MQTTErrorCode.MQTT_ERR_SUCCESS:
            return
        if self._error is None and not self._open and code == MQTTErrorCode.MQTT_ERR_PROTOCOL:
            raise no_mqtt_error(self._broker, "it breaks the protocol")
        raise self._error or lost_error(self._broker, 0, str(code.name).removeprefix("MQTT_ERR_").replace("_", " "))

    def _on_connect(self, _client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, *_: Any) -> None:
        if reason.is_failure:
            self._error = refusal_error(self._broker, reason.value, str(reason))
        else:
            self._open = True

    def _on_disconnect(self, _client: Client, _data: Any, flags: DisconnectFlags, reason: ReasonCode, *_: Any) -> None:
        if self._error is not None:
            return
        if self._open or flags.is_disconnect_packet_from_server:
            self._error = lost_error(self._broker, reason.value, str(reason))
        else:
            hint = "" if self._broker.tls else "; is it TLS?"
            self._error = no_mqtt_error(self._broker, f"it closes the connection{hint}")

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self._received(message.topic, bytes(message.payload), message.retain)

    def _on_publish(self, _client: Client, _data: Any, number: int, reason: ReasonCode, *_: Any) -> None:
        self._acknowledged(number, reason.is_failure)

    def _on_subscribe(self, _client: Client, _data: Any, number: int, reasons: list[ReasonCode], *_: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            self._acknowledged(number, True)


class _ClosingSocket(ssl.SSLSocket):
    """Closes itself when the TLS handshake fails; paho would leave it open."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def _has_decrypted(channel: object) -> bool:
    return isinstance(channel, ssl.SSLSocket) and channel.pending() > 0


def _tls_context(broker: Broker) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=broker.ca_file)
    except OSError as error:
        reason = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror or str(error)
        text = f"broker.ca_file {str(broker.ca_file)!r} cannot be used ({reason}): name a certificate in PEM"
        raise BrokerError(ErrorKind.TLS, text) from error
    context.sslsocket_class = _ClosingSocket
    return context


def _password(broker: Broker) -> str | None:
    """The password. Its file is read at each connection, so that a new password works without a restart."""
    if broker.password_file is None:
        return None
    try:
        with broker.password_file.open("rb") as file:
            return file.read(MAX_PASSWORD_BYTES).decode().strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        text = f"broker.password_file {str(broker.password_file)!r} cannot be read ({reason}): mend it"
        raise BrokerError(ErrorKind.CREDENTIALS, text) from error
