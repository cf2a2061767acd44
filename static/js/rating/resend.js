/*
  Nothing that a rater has answered is lost. What is being sent is kept in the page and in the tab's
  storage until the server has answered. If it fails, the same form is sent again, with the same
  fields, so that however often it arrives it counts once. Meanwhile every form is blocked.
*/
"use strict";

(() => {
  const KEPT = "blindverse.sending";
  const WAITS_S = [1, 2, 4, 8, 15, 30];
  const PATIENCE_MS = 1200;

  let sending = null; // {form, button, failures}
  let timer;

  // One place for each rater: a tab may show another study before an answer to the first is sent.
  const place = () => `${KEPT}.${document.querySelector("#pair input[name=rater]")?.value ?? ""}`;

  function keep(value) {
    try {
      if (value === null) sessionStorage.removeItem(place());
      else sessionStorage.setItem(place(), JSON.stringify(value));
    } catch {
      // Storage is refused: the page itself still keeps the choice.
    }
  }

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(place()));
    } catch {
      return null;
    }
  }

  const fields = (form) => Object.fromEntries(new FormData(form));

  // What the server wrote into a form tells it from every other; scripts fill in the rest.
  const written = (form) =>
    [...form.querySelectorAll("input[type=hidden]")].filter((field) => field.defaultValue);

  function begin(form, button) {
    sending = { form, button, failures: 0 };
    const pressed = { name: button?.name ?? "", value: button?.value ?? "" };
    const own = Object.fromEntries(written(form).map(({ name, defaultValue }) => [name, defaultValue]));
    keep({ action: form.action, own, fields: fields(form), pressed });
    button?.classList.add("chosen");
    timer = setTimeout(() => rating.say(rating.word("sending")), PATIENCE_MS);
  }

  function fail(reason) {
    clearTimeout(timer);
    rating.say(rating.word(reason));
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

  const isSame = (form, value) =>
    form.action === value.action &&
    written(form).every(({ name, defaultValue }) => value.own[name] === defaultValue);

  // What a reload interrupted is sent again, if the page shows the same form.
  function resume() {
    const value = kept();
    keep(null);
    if (!value) return;
    const forms = [...document.querySelectorAll("#pair form[data-send]")];
    const form = forms.find((form) => isSame(form, value));
    const button = [...(form?.querySelectorAll("button") ?? [])].find(
      ({ name, value: chosen }) => name === value.pressed.name && chosen === value.pressed.value,
    );
    if (!button) return;
    for (const [name, content] of Object.entries(value.fields)) {
      const field = form.elements.namedItem(name);
      if (field && name !== button.name) field.value = content;
    }
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
      fail("trouble");
    } else {
      keep(null);
    }
  });

  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (!sending || ctx?.sourceElement !== sending.form) return;
    if (ctx.response) location.reload(); // it was stored, only the showing failed
    else fail("offline");
  });

  document.addEventListener("pair:arrived", (event) => {
    clearTimeout(timer);
    const failed = sending?.failures > 0;
    sending = null;
    rating.allow("sending");
    if (failed) rating.say(rating.word("again"), 4);
    else rating.say("");
    if (!event.detail.swapped) setTimeout(resume);
  });

  window.addEventListener("online", again);
})();
