// The kiosk where scripts run: what is asked replaces the screen without leaving history, letters are typed on the
// screen, texts are turned page by page, and whoever walks away leaves nothing behind.
"use strict";
(() => {
  document.documentElement.classList.add("js"); // before the first paint: the styles hide what scripts replace

  const RETRY_MS = 5000; // how often a server that is gone is tried again
  const FRESH_MS = 600000; // how old a first screen gets that nobody touches: its counts go with the index
  const TICK_MS = 200; // the ring moves five times a second
  const TYPING_MS = 120; // a pause in which the next key is still pressed
  const SWIPE_PX = 80; // a finger that moved less was tapping

  const find = (selector) => document.querySelector(selector);
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  let lastTouch = performance.now();
  let used = false;
  let leaving = false;
  let asking = null; // the request of a screen that is on its way
  let suggesting = null; // that of the suggestions
  let typing = 0;
  let page = 0;
  let swipeFrom = null;

  document.addEventListener("DOMContentLoaded", start);
  window.addEventListener("pageshow", (event) => event.persisted && location.replace(home()));

  const home = () => document.body.dataset.home;
  const seconds = (name) => Number(document.body.dataset[name]);

  function start() {
    document.querySelectorAll("form").forEach((form) => form.reset()); // what a browser remembers of a field
    for (const kind of ["pointerdown", "pointermove", "keydown", "wheel"]) {
      document.addEventListener(kind, touched, { passive: true });
    }
    for (const kind of ["contextmenu", "dragstart", "dragover", "drop", "auxclick"]) {
      document.addEventListener(kind, (event) => event.preventDefault());
    }
    document.addEventListener("click", pressed);
    document.addEventListener("submit", submitted);
    document.addEventListener("input", suggestSoon);
    document.addEventListener("keydown", turnedByKey);
    document.addEventListener("pointerdown", (event) => (swipeFrom = event.target.closest?.(".reader") ? event : null));
    document.addEventListener("pointerup", swiped);
    window.addEventListener("resize", layOut);
    find("#idle").addEventListener("close", touched);
    find("#offline").addEventListener("cancel", (event) => event.preventDefault());
    setInterval(watch, TICK_MS);
    arrive();
  }

  // Idle: warn, wipe, begin again ------------------------------------------------------------------------------

  function touched() {
    lastTouch = performance.now();
    used = true;
  }

  function watch() {
    const still = performance.now() - lastTouch;
    const [idle, warn] = [seconds("idle") * 1000, seconds("warn") * 1000];
    const box = find("#idle");
    if (leaving) return;
    if (!used) {
      if (still > FRESH_MS) reset();
    } else if (still >= idle) {
      reset();
    } else if (still >= idle - warn) {
      const left = idle - still;
      find(".ring-left").setAttribute("stroke-dashoffset", String(100 - (100 * left) / warn));
      find(".ring-number").textContent = String(Math.ceil(left / 1000));
      if (!box.open) box.showModal();
    } else if (box.open) {
      box.close();
    }
  }

  async function reset() {
    leaving = true;
    asking?.abort();
    suggesting?.abort();
    clearTimeout(typing);
    document.querySelectorAll("input").forEach((input) => (input.value = ""));
    document.querySelectorAll("dialog[open]").forEach((box) => box.close());
    find("main").replaceChildren();
    document.title = "";
    for (;;) {
      try {
        await fetch(home(), { cache: "no-store", credentials: "omit" });
        break;
      } catch {
        if (!find("#offline").open) find("#offline").showModal();
        await pause(RETRY_MS);
      }
    }
    location.replace(home());
  }

  // One screen takes the place of another ------------------------------------------------------------------------

  function submitted(event) {
    event.preventDefault();
    const form = event.target;
    const box = form.querySelector("input[type=text]");
    if (box && !box.value.trim()) return box.focus();
    show(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  }

  async function show(address, request = {}) {
    if (asking || leaving) return;
    asking = new AbortController();
    find("main").setAttribute("aria-busy", "true");
    try {
      const answer = await ask(address, request, asking);
      const came = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (leaving) return;
      find("main").replaceWith(document.adoptNode(came.querySelector("main")));
      document.title = came.title;
      arrive();
    } catch {
      if (!leaving) await offline();
    } finally {
      asking = null;
      find("main").removeAttribute("aria-busy");
    }
  }

  function ask(address, request, controller) {
    const quietly = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };
    return fetch(address, { ...request, ...quietly, signal: controller.signal });
  }

  async function offline() {
    find("#offline").showModal();
    await pause(RETRY_MS);
    find("#offline").close(); // the screen is still there, and can be asked again
  }

  function arrive() {
    clearTimeout(typing);
    suggesting?.abort();
    window.scrollTo(0, 0);
    find("#take")?.close(); // it stands open for those without scripts
    page = 0;
    layOut();
    const box = find("#q");
    if (box) {
      box.inputMode = "none"; // the system's own keyboard would cover ours
      box.setSelectionRange(box.value.length, box.value.length);
      if (box.value) suggest();
    }
    (box ?? find("main h1"))?.focus({ preventScroll: true });
  }

  function pressed(event) {
    const button = event.target.closest("button, a");
    if (!button) return;
    const { key, turn, open } = button.dataset;
    if (button.tagName === "A") {
      event.preventDefault();
      if (button.classList.contains("home")) reset();
      else show(button.href);
    } else if (key !== undefined) type((text) => text + key);
    else if ("delete" in button.dataset) type((text) => [...text].slice(0, -1).join(""));
    else if ("clear" in button.dataset) type(() => "");
    else if ("search" in button.dataset) find(".question").requestSubmit();
    else if (turn !== undefined) turnBy(Number(turn));
    else if (open !== undefined) find(`#${open}`).showModal();
    else if ("close" in button.dataset || "stay" in button.dataset) button.closest("dialog").close();
    else if ("print" in button.dataset) window.print();
  }

  // Typing -------------------------------------------------------------------------------------------------------

  function type(change) {
    const box = find("#q");
    box.value = change(box.value).slice(0, box.maxLength);
    box.scrollLeft = box.scrollWidth;
    suggestSoon();
  }

  function suggestSoon() {
    clearTimeout(typing);
    typing = setTimeout(suggest, TYPING_MS);
  }

  async function suggest() {
    const [box, list, picks] = [find("#q"), find("#suggestions"), find("#picks")];
    if (!box || leaving) return;
    suggesting?.abort();
    const typed = box.value.trim();
    list.hidden = !typed;
    picks.hidden = Boolean(typed);
    if (!typed) return list.replaceChildren();
    suggesting = new AbortController();
    try {
      const body = new URLSearchParams({ q: typed });
      const answer = await ask(document.body.dataset.suggest, { method: "POST", body }, suggesting);
      const came = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
      list.replaceChildren(...came.body.childNodes);
    } catch {
      // Another key was pressed, or the network is gone: pressing 搜索 says so.
    }
  }

  // Turning pages: the text stands in columns of one screen each, side by side ------------------------------------

  function layOut() {
    const reader = find("#reader");
    if (!reader) return;
    const step = reader.clientWidth + parseFloat(getComputedStyle(reader).columnGap || "0");
    const count = Math.max(1, Math.round((reader.scrollWidth + step - reader.clientWidth) / step));
    page = Math.min(page, count - 1);
    reader.scrollLeft = page * step;
    find("#here").textContent = String(page + 1);
    find("#of").textContent = String(count);
    for (const button of document.querySelectorAll("[data-turn]")) {
      const beyond = page + Number(button.dataset.turn);
      button.setAttribute("aria-disabled", String(beyond < 0 || beyond >= count));
    }
  }

  function turnBy(pages) {
    page = Math.max(0, page + pages);
    layOut();
  }

  function turnedByKey(event) {
    if (!find("#reader") || find("dialog[open]")) return;
    const by = { PageDown: 1, ArrowRight: 1, PageUp: -1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    turnBy(by);
  }

  function swiped(event) {
    const moved = swipeFrom ? event.clientX - swipeFrom.clientX : 0;
    const across = swipeFrom && Math.abs(moved) > 2 * Math.abs(event.clientY - swipeFrom.clientY);
    if (across && Math.abs(moved) >= SWIPE_PX) turnBy(moved < 0 ? 1 : -1);
    swipeFrom = null;
  }
})();
