// Shows the states that the coach sends (server-sent events of /events), and sends the buttons that are pressed.
// Law: all times are on the coach's clock. After LOST_MS without a message the page says that the connection is lost.
"use strict";

const LOST_MS = 2500; // The coach sends something every second.
const RETRY_MS = 1000; // Pause before the page tries to connect again.
const SETTLE_MS = 400; // A button that has just changed ignores presses: they were meant for the button before.
const WINDOW_S = 5; // The clock is set from the messages of these last seconds.

const part = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
const main = document.querySelector("main");
const buttons = [...document.querySelectorAll("button")];
const places = [...document.querySelectorAll(".place")];
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function show(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

// --- the coach's clock

let samples = [];
let offset = null;

function keepTime(now) {
  // The message with the least delay shows the latest time.
  const here = performance.now() / 1000;
  const ahead = now - here;
  if (offset !== null && offset - ahead > 0.25) samples = [];
  samples = [...samples.filter(([at]) => here - at < WINDOW_S), [here, ahead]];
  offset = Math.max(...samples.map(([, value]) => value));
}

const clock = () => performance.now() / 1000 + (offset ?? 0);

// --- what is shown

let latest = null;
let shownBeat = "";
let lastOuter = null;

function minutes(seconds) {
  const whole = Math.ceil(seconds - 0.02);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function take(state) {
  latest = state;
  show(part.title, state.title);
  show(part.set, state.set ?? "");
  show(part.rep, state.reps === undefined ? "–" : `${state.rep} / ${state.reps}`);
  show(part.load, state.load || "–");
  show(part["sets-done"], String(state.setsDone ?? "–"));
  show(part.plan, state.plan ?? "");
  show(part.understood, state.understood ?? "");
  showFaults(state.faults);
  showAlert(state.alert ?? "");
  showButtons(new Set(state.buttons));
  showTicks(state.phase?.beats ?? 0);
  announce(state);
  draw();
}

function announce(state) {
  // For screen readers: changes of the outer state and faults. Beats and phases would never end.
  const outer = state.state.split(".")[0];
  const news = state.faults.map((fault) => fault.text);
  if (outer === "set") news.push(`${state.set} begins`);
  else news.push(state.rest ? `${state.title}, ${state.rest.seconds} seconds` : state.title);
  const key = `${outer} ${state.faults.map((fault) => fault.text)}`;
  if (lastOuter !== null && key !== lastOuter) show(part.news, news.join(". "));
  lastOuter = key;
}

function showFaults(faults) {
  const key = JSON.stringify(faults);
  if (part.faults.dataset.key === key) return;
  part.faults.dataset.key = key;
  part.faults.replaceChildren(...faults.map((fault) => {
    const item = document.createElement("li");
    const reason = document.createElement("small");
    reason.textContent = fault.reason;
    item.append(fault.text, reason);
    return item;
  }));
}

function showAlert(text) {
  part.alert.hidden = !text;
  main.inert = Boolean(text);
  show(part["alert-text"], text);
}

function showButtons(live) {
  for (const place of places) {
    const all = [...place.children];
    const shown = all.find((button) => live.has(button.dataset.name)) ?? all.find((button) => !button.hidden);
    const focused = all.includes(document.activeElement);
    for (const button of all) {
      if (button.hidden === (button !== shown)) continue;
      button.hidden = button !== shown;
      button.changed = performance.now();
    }
    if (focused && document.activeElement !== shown) shown.focus();
  }
  for (const button of buttons) {
    const dead = String(!live.has(button.dataset.name) && button.dataset.name !== "Stop");
    if (button.getAttribute("aria-disabled") === dead) continue;
    set(button, "aria-disabled", dead);
    button.changed = performance.now();
  }
}

function showTicks(beats) {
  if (part.ticks.childElementCount === (beats > 1 ? beats : 0)) return;
  const lines = Array.from({ length: beats > 1 ? beats : 0 }, (_, number) => {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    for (const [name, value] of Object.entries({ x1: 100, x2: 100, y1: 4, y2: 20 })) line.setAttribute(name, value);
    line.setAttribute("transform", `rotate(${(360 * number) / beats} 100 100)`);
    return line;
  });
  part.ticks.replaceChildren(...lines);
}

function circle(kind, share) {
  set(part.ring, "data-phase", kind);
  set(part.arc, "stroke-dasharray", `${(100 * share).toFixed(2)} 100`);
  set(part.arc, "visibility", share > 0 ? "visible" : "hidden");
  set(part.dot, "transform", `rotate(${(360 * share).toFixed(2)} 100 100)`);
  set(part.dot, "visibility", kind ? "visible" : "hidden");
}

function middle(text, below) {
  part.beat.classList.toggle("long", text.length > 2);
  show(part.below, below);
  if (text === shownBeat) return;
  shownBeat = text;
  show(part.beat, text);
  if (latest.phase && !calm.matches) {
    part.beat.animate([{ transform: "scale(1.18)" }, { transform: "none" }], { duration: 250, easing: "ease-out" });
  }
}

// Returns whether the ring moves and needs another frame.
function draw() {
  if (latest === null || offset === null) return false;
  const now = clock();
  const line = (latest.saying ?? []).filter((said) => said.at <= now + 0.05).at(-1);
  if (line) show(part.saying, line.text);
  if (latest.phase) {
    const { name, began, beats } = latest.phase;
    // A millisecond of slack, as in CountedPhase.beat of the coach.
    const beat = Math.min(beats, Math.max(1, Math.floor(now - began + 0.001) + 1));
    const share = calm.matches ? beat / beats : Math.min(1, Math.max(0, (now - began) / beats));
    circle(name, share);
    middle(String(beat), `of ${beats}`);
    return !calm.matches && now < began + beats;
  }
  if (latest.rest) {
    const left = latest.rest.left ?? Math.max(0, latest.rest.ends - now);
    circle("rest", latest.rest.seconds ? Math.min(1, left / latest.rest.seconds) : 0);
    middle(minutes(left), latest.rest.left === undefined ? "to rest" : "held");
    return false;
  }
  circle("", 0);
  const short = latest.state === "set.countdown" && line && now < line.ends && line.text.length < 9;
  middle(short ? line.text : latest.state === "set.moving" ? String(latest.rep) : "", "");
  return false;
}

function frame() {
  if (draw()) requestAnimationFrame(frame);
  // Without a moving ring, beats, seconds of the rest and lines are shown at most 50 ms late.
  else setTimeout(frame, 50);
}

// --- the connection

let heardAt = -Infinity;
let attempt = null;
let away = false; // The page is hidden, so nobody sees it.
let problem = "";

function link(text) {
  part.link.hidden = !text;
  show(part.link, text);
  document.body.classList.toggle("lost", Boolean(text));
}

function lost() {
  link(problem || (latest?.ended ? "The coach has ended." : "Connection lost. Trying again."));
}

function heard(text) {
  const message = JSON.parse(text);
  heardAt = performance.now();
  keepTime(message.now);
  problem = "";
  link("");
  if (message.state !== undefined) take(message);
}

async function listen(controller) {
  const answer = await fetch("events", { signal: controller.signal, cache: "no-store" });
  if (answer.status === 403) problem = "Open this page with the address or the QR code that the coach prints.";
  if (answer.status === 503) problem = "Too many pages are open. Close one.";
  if (!answer.ok) throw new Error(String(answer.status));
  samples = [];
  offset = null;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error("over");
    const messages = (unread + value).split("\n\n");
    unread = messages.pop();
    for (const message of messages) heard(message.replace(/^data: /, ""));
  }
}

function connect() {
  attempt?.abort();
  const controller = new AbortController();
  attempt = controller;
  away = false;
  problem = "";
  heardAt = Math.max(heardAt, performance.now() - LOST_MS + 1500);
  listen(controller).catch(() => {
    if (attempt !== controller) return;
    attempt = null;
    lost();
    setTimeout(() => attempt === null && !away && connect(), RETRY_MS);
  });
}

setInterval(() => {
  if (performance.now() - heardAt < LOST_MS || attempt === null) return;
  lost();
  connect();
}, 250);

async function enter() {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (token) {
    history.replaceState(null, "", location.pathname);
    await send("enter", { token }).catch(() => {});
  }
  connect();
}

function send(path, body) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(LOST_MS),
  });
}

// --- the buttons

const ANSWERS = { 204: "Sent", 409: "Not now", 429: "Too many at once", 403: "Not allowed" };

async function press(button) {
  const name = button.dataset.name;
  const stop = name === "Stop";
  const settled = performance.now() - (button.changed ?? -Infinity) >= SETTLE_MS;
  if (!stop && (button.getAttribute("aria-disabled") === "true" || !settled)) return;
  button.classList.add("sent");
  setTimeout(() => button.classList.remove("sent"), 300);
  let status = 0;
  try {
    status = (await send("press", { button: name })).status;
  } catch { /* Reported below as "Not sent". */ }
  const answer = ANSWERS[status] ?? "Not sent";
  show(part.sent, `${answer}: ${button.textContent}`);
  if (stop && status !== 204) link("Stop was not sent. Say it.");
}

for (const button of buttons) {
  button.addEventListener("click", (event) => {
    // A wet finger that slides makes no click, so "stop" acts on pointerdown. The click after it must not act again.
    const acted = button.dataset.name === "Stop" && performance.now() - (button.down ?? -Infinity) < 1000;
    if (acted && event.detail > 0) return;
    press(button);
  });
}
const stopButton = buttons.find((button) => button.dataset.name === "Stop");
stopButton.addEventListener("pointerdown", () => {
  stopButton.down = performance.now();
  press(stopButton);
});
addEventListener("hashchange", enter);
// A hidden page closes its stream: it counts as no open page, and takes none of a browser's six connections to a host.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") connect();
  else {
    attempt?.abort();
    attempt = null;
    away = true;
    document.body.classList.add("lost");
  }
});
frame();
enter();
