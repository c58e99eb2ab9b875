"""The errors of a broker connection, each as one line for people that names the remedy."""

from __future__ import annotations

import socket
import ssl
from enum import Enum

from coach.ports import WorldError
from coach.settings import Broker


class ErrorKind(Enum):
    """Kind of an error. People are warned of each kind once, until the broker has been reachable for a while."""

    AWAY = "away"
    CREDENTIALS = "credentials"
    DENIED = "denied"
    """The broker accepts the connection, but does not let the coach write or read."""
    TLS = "tls"
    TAKEN_OVER = "taken over"
    NO_MQTT = "no mqtt"
    FLOOD = "flood"


class BrokerError(WorldError):
    """The connection could not be made, or is lost."""

    def __init__(self, kind: ErrorKind, text: str) -> None:
        super().__init__(text)
        self.kind = kind


def where(broker: Broker) -> str:
    """The broker's address for people, such as "the broker at gym.local:1883"."""
    return f"the broker at {broker.host}:{broker.port}"


def network_error(broker: Broker, error: OSError) -> BrokerError:
    """No connection could be made."""
    kind, place = ErrorKind.AWAY, where(broker)
    match error:
        case ssl.SSLCertVerificationError():
            kind, text = ErrorKind.TLS, f"{place} cannot prove who it is ({error.verify_message}): name the certificate"
            text += (
                " of its authority in broker.ca_file, and write broker.host as it stands in the broker's certificate"
            )
        case ConnectionResetError() if broker.tls:
            kind, text = ErrorKind.TLS, f"{place} breaks off: does its port speak TLS, as broker.tls says?"
        case ssl.SSLError():
            reason = (error.reason or "it does not speak TLS").lower().replace("_", " ")
            kind, text = ErrorKind.TLS, f"no TLS with {place} ({reason}): check broker.port, or set broker.tls = false"
        case socket.gaierror():
            text = f"{place} is not found: check broker.host, and the network"
        case ConnectionRefusedError():
            text = f"{place} takes no connection: start it, or check broker.port"
        case TimeoutError():
            text = f"{place} does not answer: check broker.host, broker.port and the network"
        case _:
            reason = error.strerror or str(error) or type(error).__name__
            text = f"{place} cannot be reached ({reason}): check broker.host and the network"
    return BrokerError(kind, text)


def refusal_error(broker: Broker, code: int, name: str) -> BrokerError:
    """The broker refuses the connection. `code`, `name`: reason code of MQTT 5, and its name."""
    kind, place = ErrorKind.AWAY, where(broker)
    match code:
        case 0x86 | 0x87 | 0x8A | 0x8C:
            refused = f"{place} refuses the user {broker.username!r}: check broker.username and broker.password_file"
            unknown = f"{place} wants to know who connects: give broker.username and broker.password_file"
            kind, text = ErrorKind.CREDENTIALS, refused if broker.username else unknown
        case 0x84 | 0x01:
            kind, text = ErrorKind.NO_MQTT, f"{place} does not speak MQTT 5: update it"
        case _:
            text = f"{place} refuses the connection ({name.lower()}): look into its log"
    return BrokerError(kind, text)


def lost_error(broker: Broker, code: int, name: str) -> BrokerError:
    """The broker ended the connection. `code`, `name`: reason code of MQTT 5, and its name."""
    if code == 0x8E:
        return taken_over_error(broker)
    text = f"{where(broker)} is lost ({name.lower()}): is it running, and is the network there?"
    return BrokerError(ErrorKind.AWAY, text)


def taken_over_error(broker: Broker) -> BrokerError:
    """The broker allows one connection for each client name, and another program has the same name."""
    text = (
        f"{where(broker)} ends each connection soon: is another corner called {broker.name!r}, too? give each corner a"
    )
    return BrokerError(ErrorKind.TAKEN_OVER, f"{text} broker.name of its own")


def no_answer_error(broker: Broker) -> BrokerError:
    """The broker accepts the connection and says nothing."""
    text = f"{where(broker)} takes the connection and does not answer: is it MQTT, and without TLS as broker.tls says?"
    return BrokerError(ErrorKind.AWAY, text)


def no_mqtt_error(broker: Broker, reason: str) -> BrokerError:
    """What the broker sends is not MQTT."""
    text = f"what listens at {broker.host}:{broker.port} is no MQTT broker ({reason}): check broker.port and broker.tls"
    return BrokerError(ErrorKind.NO_MQTT, text)
