/*
  Nothing that a rater has chosen is lost. What is being sent is kept in the page and in the tab's
  storage until the server has answered. If it fails, the same form is sent again, with the same
  slot and attempt, so that however often it arrives it counts once. Meanwhile both forms are blocked.
*/
"use strict";

(() => {
  const KEPT = "blindverse.sending";
  const WAITS_S = [1, 2, 4, 8, 15, 30];
  const PATIENCE_MS = 1200;

  let sending = null; // {form, button, failures}
  let timer;

  function keep(value) {
    try {
      if (value === null) sessionStorage.removeItem(KEPT);
      else sessionStorage.setItem(KEPT, JSON.stringify(value));
    } catch {
      // Storage is refused: the page itself still keeps the choice.
    }
  }

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT));
    } catch {
      return null;
    }
  }

  const fields = (form) => Object.fromEntries(new FormData(form));

  function begin(form, button) {
    sending = { form, button, failures: 0 };
    const { slot, attempt, decision_ms } = fields(form);
    keep({ action: form.action, slot, attempt, decision_ms, choice: button?.value ?? "" });
    button?.classList.add("chosen");
    timer = setTimeout(() => rating.say("Sending your choice…"), PATIENCE_MS);
  }

  function fail(reason) {
    clearTimeout(timer);
    rating.say(`${reason} Your choice is kept here, and will be sent again by itself.`);
    const wait = WAITS_S[Math.min(sending.failures, WAITS_S.length - 1)];
    sending.failures += 1;
    sending.waiting = true;
    timer = setTimeout(again, wait * 1000);
  }

  function again() {
    if (!sending?.waiting) return;
    clearTimeout(timer);
    sending.waiting = false;
    rating.allow("sending");
    sending.form.requestSubmit(sending.button);
  }

  // What a reload interrupted is sent again, if the page shows the same slot and attempt.
  function resume() {
    const value = kept();
    keep(null);
    if (!value) return;
    const form = [...document.querySelectorAll("#pair form[data-send]")].find((form) => {
      const { slot, attempt } = fields(form);
      return form.action === value.action && slot === value.slot && attempt === value.attempt;
    });
    const button = [...(form?.querySelectorAll("button") ?? [])].find(
      (button) => button.value === value.choice,
    );
    if (!button) return;
    const time = form.elements.namedItem("decision_ms");
    if (time) time.value = value.decision_ms ?? "";
    rating.allow("unread");
    form.requestSubmit(button);
  }

  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches("form[data-send]")) return;
      if (!sending) begin(event.target, event.submitter);
      rating.block("sending");
    },
    true,
  );

  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    if (!sending || ctx.sourceElement !== sending.form) return;
    if (ctx.response.status >= 500 || ctx.response.status === 429) {
      event.preventDefault();
      fail("The server is in trouble.");
    } else {
      keep(null);
    }
  });

  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (!sending || ctx?.sourceElement !== sending.form) return;
    if (ctx.response) location.reload(); // it was stored, only the showing failed
    else fail("There is no connection.");
  });

  document.addEventListener("pair:arrived", (event) => {
    clearTimeout(timer);
    const failed = sending?.failures > 0;
    sending = null;
    rating.allow("sending");
    if (failed) rating.say("You are connected again. Your choice is saved.", 4);
    else rating.say("");
    if (!event.detail.swapped) setTimeout(resume);
  });

  window.addEventListener("online", again);
})();
