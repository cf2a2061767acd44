/*
  How a pair was seen, by the page's own clock: all of it is written into the hidden fields of the vote when
  the choice is made. Time in which the page was hidden or paused, or the machine asleep, is in none but
  hidden_ms. A page that is loaded again, or come back to, goes on where its clock stood.
*/
"use strict";

(() => {
  const KEPT = "blindverse.clock";
  const BEAT_MS = 1000;
  const ASLEEP_MS = 5000; // a visible page whose clock stood still for so long was not looked at

  let shownAt = 0;
  let away = 0;
  let awaySince = null;
  let beatAt = 0;
  let readAt = null;
  let turned = null; // the poem before the reader, where one is seen at a time
  let turnedAt = 0;
  let each = {};
  let input = "";
  const reasons = new Set();

  const now = () => performance.now();
  const awayFor = () => away + (awaySince === null ? 0 : now() - awaySince);
  const seenFor = () => now() - shownAt - awayFor();

  function leave(reason) {
    beat();
    if (!reasons.size) awaySince = now();
    reasons.add(reason);
  }

  function comeBack(reason) {
    if (!reasons.delete(reason) || reasons.size) return;
    away += now() - awaySince;
    awaySince = null;
    beatAt = now();
  }

  function beat() {
    const gap = now() - beatAt;
    beatAt = now();
    if (awaySince === null && gap > ASLEEP_MS) away += gap - BEAT_MS;
    keep();
  }

  // Which answer is timed; nothing where a state is not one.
  function answer() {
    const fields = document.querySelector("#pair form.choices")?.elements;
    const slot = fields?.namedItem("slot");
    return slot ? `${slot.value} ${fields.namedItem("attempt").value}` : null;
  }

  function keep() {
    if (!answer()) return;
    const seen = { ...each };
    if (turned) seen[turned] = (seen[turned] ?? 0) + seenFor() - turnedAt;
    const kept = { answer: answer(), seen: seenFor(), away: awayFor(), readAt, each: seen, at: Date.now() };
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
    } catch {
      // Without storage the clock starts anew when the page is loaded again.
    }
  }

  function goOn() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT));
    } catch {
      // As above.
    }
    if (!kept || kept.answer !== answer()) return;
    away = kept.away + Math.max(0, Date.now() - kept.at);
    shownAt = now() - kept.seen - away;
    readAt = kept.readAt;
    each = kept.each;
  }

  function turn(poem) {
    if (turned) each[turned] = (each[turned] ?? 0) + seenFor() - turnedAt;
    turned = poem;
    turnedAt = seenFor();
  }

  function measured() {
    beat();
    turn(turned);
    const layout = getComputedStyle(document.getElementById("pair")).getPropertyValue("--layout");
    return {
      decision_ms: seenFor(),
      reading_ms: readAt,
      hidden_ms: awayFor(),
      left_ms: each.left,
      right_ms: each.right,
      layout: layout.trim(),
      viewport_width: window.innerWidth,
      viewport_height: window.innerHeight,
      input_kind: input,
    };
  }

  document.addEventListener("pair:arrived", () => {
    shownAt = beatAt = now();
    away = 0;
    awaySince = reasons.size ? shownAt : null;
    readAt = turned = null;
    each = {};
    goOn();
  });

  document.addEventListener("poem:turned", (event) => turn(event.detail));
  document.addEventListener("poem:read", () => (readAt ??= seenFor()));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave("hidden");
    else comeBack("hidden");
  });
  document.addEventListener("rating:paused", () => leave("paused"));
  document.addEventListener("rating:resumed", () => comeBack("paused"));
  document.addEventListener("pointerdown", (event) => (input = event.pointerType), true);
  document.addEventListener("keydown", () => (input = "keyboard"), true);
  addEventListener("pagehide", beat);
  setInterval(beat, BEAT_MS);
  if (document.hidden) reasons.add("hidden");

  document.addEventListener(
    "submit",
    ({ target: form }) => {
      const first = form.elements.namedItem("decision_ms");
      if (!first || first.value) return; // a vote that is sent again keeps its first times
      for (const [name, value] of Object.entries(measured())) {
        const written = typeof value === "number" ? Math.round(value) : (value ?? "");
        form.elements.namedItem(name).value = written;
      }
    },
    true,
  );
})();
