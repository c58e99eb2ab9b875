# The coach in a container, for linux/amd64 and linux/arm64. docs/gym-corner.md says how to run it.
FROM debian:bookworm-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates libasound2-plugins libportaudio2 python3 python3-venv tzdata \
    && rm -rf /var/lib/apt/lists/*

# PortAudio speaks to ALSA, and ALSA to the host's sound server.
COPY container/asound.conf /etc/asound.conf

WORKDIR /opt/coach
COPY . .
# As in a checkout. Volumes hold everything that the coach may write, whichever user it runs as.
RUN PIP_NO_CACHE_DIR=1 scripts/setup run \
    && .venv/bin/python -m compileall -q coach \
    && useradd --create-home --uid 1000 --groups audio coach \
    && install --directory --mode=1777 /data /cache /state \
    && install -D --mode=644 --target-directory=/config/coach container/config/settings.toml

ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data XDG_CACHE_HOME=/cache XDG_STATE_HOME=/state \
    PULSE_SERVER=unix:/run/pulse/native \
    PYTHONUNBUFFERED=1 PYTHONFAULTHANDLER=1 \
    PATH=/opt/coach/.venv/bin:/usr/local/bin:/usr/bin:/bin
VOLUME ["/data", "/cache", "/state"]
USER coach

# The watchdog touches the file while the coach works. It ends a coach that hangs, so the container is started again.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD find /tmp/coach/alive -newermt '30 seconds ago' | grep --quiet .
ENTRYPOINT ["python", "container/watchdog.py", "--alive", "/tmp/coach/alive"]
CMD ["coach", "run"]
