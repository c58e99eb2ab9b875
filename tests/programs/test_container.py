"""The container, tested without a container engine: what it copies exists, and a coach that hangs in it is ended."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from coach.wiring.configured import settings
from container import watchdog
from lab.rigs import mosquitto
from lab.rigs.folders import CHECKOUT

DOCKERFILE = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
UNIT = (CHECKOUT / "scripts/gym-corner.service").read_text(encoding="utf-8")
CHILD = """
import os, socket, sys, time
way = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
tell = lambda message: way.sendto(message.encode(), os.environ["NOTIFY_SOCKET"])
tell("READY=1\\nWATCHDOG=1")
tell("STATUS=waiting for a lifter")
for _ in range(int(sys.argv[1])):
    time.sleep(0.05)
    tell("WATCHDOG=1")
time.sleep(float(sys.argv[2]))
sys.exit(3)
"""
"""A program that gives this many signs of life, and then hangs for this many seconds."""


def watched(alive: Path, *arguments: str, patience: float = 0.4) -> subprocess.CompletedProcess[str]:
    options = ["--alive", str(alive), "--patience", str(patience)]
    command = [sys.executable, watchdog.__file__, *options, sys.executable, "-c", CHILD, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_what_ends_by_itself_keeps_its_exit_code(tmp_path: Path) -> None:
    done = watched(tmp_path / "coach/alive", "2", "0", patience=30)
    assert (done.returncode, done.stdout, done.stderr) == (3, "status: waiting for a lifter\n", "")


def test_what_hangs_is_ended(tmp_path: Path) -> None:
    """A program that hangs is ended, however long it lived before."""
    alive = tmp_path / "coach/alive"
    done = watched(alive, "12", "60")
    assert done.returncode == 128 + signal.SIGABRT
    assert done.stderr == "watchdog: no sign of life for 0.4 s: ending the coach\n"
    # The health check reads from this file when the program was last alive.
    assert alive.exists()


def test_the_end_that_is_wanted_is_passed_on(tmp_path: Path) -> None:
    alive = tmp_path / "coach/alive"
    command = [sys.executable, watchdog.__file__, "--alive", str(alive), sys.executable, "-c", CHILD, "1", "60"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while not alive.exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.terminate()
        assert process.wait(60) == 128 + signal.SIGTERM


def test_it_is_as_patient_as_the_service() -> None:
    assert f"WatchdogSec={watchdog.PATIENCE_S:g}\n" in UNIT
    assert f"TimeoutStartSec={watchdog.START_S:g}\n" in UNIT


def test_what_the_image_is_made_of_is_there() -> None:
    ignored = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = [line[1:] for line in ignored if line.startswith("!")]
    assert ignored[1] == "*"
    assert [name for name in sent if not (CHECKOUT / name).exists()] == []
    used = re.findall(r"(?<![\w/])(?:scripts|container)/[\w./-]+", DOCKERFILE)
    assert {"scripts/setup", "container/watchdog.py", "container/asound.conf"} <= set(used)
    for name in used:
        assert (CHECKOUT / name).exists(), name
        assert name.partition("/")[0] in sent, name
    assert os.access(CHECKOUT / "scripts/setup", os.X_OK)
    # scripts/setup needs pyproject.toml, which names the readme and the package.
    assert {"pyproject.toml", "README.md", "coach"} <= set(sent)


def test_it_is_nobodys_root_and_names_no_registry() -> None:
    assert re.search(r"^USER coach$", DOCKERFILE, re.M)
    [base] = re.findall(r"^FROM (\S+)$", DOCKERFILE, re.M)
    images = [base, *(service["image"] for service in composed()["services"].values())]
    assert [image for image in images if "/" in image] == []


def test_its_settings_can_be_read() -> None:
    found = settings({}, CHECKOUT / "container/config/settings.toml", {})
    assert found.corner.stays
    assert found.wake.needed


def composed() -> dict[str, Any]:
    found = yaml.safe_load((CHECKOUT / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_compose_mounts_what_is_there_and_publishes_to_this_machine_only() -> None:
    services = composed()["services"]
    for service in services.values():
        for port in service["ports"]:
            assert re.match(r"(127\.0\.0\.1|\$\{BROKER_ADDRESS:-127\.0\.0\.1\}):", port)
        assert service["cap_drop"] == ["ALL"]
    bound = [mount["source"] for mount in services["coach"]["volumes"] if isinstance(mount, dict)]
    assert bound[1] == "${COACH_CONFIG:-./container/config}"
    assert (CHECKOUT / "container/config").is_dir()
    limit = re.search(r"MemoryMax=(\d+)M", UNIT)
    assert limit is not None
    assert services["coach"]["mem_limit"] == f"{limit[1]}m"


def test_the_brokers_settings_are_taken_by_the_real_one(tmp_path: Path) -> None:
    """A client without a password is refused."""
    broker = mosquitto.tool("mosquitto")
    text = (CHECKOUT / "container/mosquitto.conf").read_text(encoding="utf-8")
    (tmp_path / "passwords").write_text("")
    text = text.replace("/mosquitto/config/", f"{tmp_path}/").replace("/mosquitto/data/", f"{tmp_path}/")
    assert "allow_anonymous false" in text
    (tmp_path / "conf").write_text(text.replace("listener 1883", f"listener 0 {tmp_path}/socket\nuser root"))
    with subprocess.Popen([broker, "-c", str(tmp_path / "conf")], stdout=subprocess.DEVNULL) as process:
        while not (tmp_path / "socket").exists():
            assert process.poll() is None, "it refused the settings"
            time.sleep(0.01)
        process.terminate()
