/*
  The life of a pair on the page. Every pair that comes to be shown, by loading or by a swap,
  is announced to the other scripts as the event "pair:arrived"; they hold no reference to each
  other. A form is blocked while there is a reason not to send it.
*/
"use strict";

const rating = (() => {
  const QUIET_MS = 400;
  const blocks = new Map(); // reason -> {forms: a selector, message: said when the form is tried}

  const forms = () => [...document.querySelectorAll("#pair form[data-send]")];
  const reasonsFor = (form) => [...blocks].filter(([, block]) => form.matches(block.forms));

  function showBlocks() {
    for (const form of forms()) {
      const reasons = reasonsFor(form).map(([reason]) => reason);
      form.dataset.blocked = reasons.join(" ");
      for (const button of form.querySelectorAll("button")) {
        button.setAttribute("aria-disabled", String(reasons.length > 0));
      }
    }
  }

  function block(reason, { forms = "form", message = "" } = {}) {
    blocks.set(reason, { forms, message });
    showBlocks();
  }

  function allow(reason) {
    if (blocks.delete(reason)) showBlocks();
  }

  // What the page can say is written in it, in the language of the study.
  const word = (name) => document.getElementById("status").dataset[name];

  let silence;
  function say(text, seconds = 0) {
    clearTimeout(silence);
    document.getElementById("status").textContent = text;
    if (seconds) silence = setTimeout(say, seconds * 1000, "");
  }

  let announcement;
  function announce(text) {
    const region = document.getElementById("announcer");
    clearTimeout(announcement);
    region.textContent = "";
    announcement = setTimeout(() => (region.textContent = text), 100);
  }

  let quiet;
  function arrive(swapped) {
    const pair = document.getElementById("pair");
    if (!pair) return;
    if (swapped) {
      pair.classList.add("arrived");
      block("arriving");
      clearTimeout(quiet);
      quiet = setTimeout(allow, QUIET_MS, "arriving");
      window.scrollTo(0, 0);
      const heading = pair.querySelector("h1, h2");
      heading?.setAttribute("tabindex", "-1");
      heading?.focus({ preventScroll: true });
      if (heading) document.title = heading.textContent;
      announce(pair.dataset.announce ?? heading?.textContent ?? "");
    }
    pair.dispatchEvent(new CustomEvent("pair:arrived", { bubbles: true, detail: { swapped } }));
    showBlocks();
  }

  // Listens on the way down, so that a blocked form never reaches the other scripts or htmx.
  document.addEventListener(
    "submit",
    (event) => {
      const reasons = reasonsFor(event.target);
      if (!event.target.matches("form[data-send]") || !reasons.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const message = reasons.map(([, block]) => block.message).find(Boolean);
      if (message) say(message, 4);
    },
    true,
  );

  document.addEventListener("DOMContentLoaded", () => arrive(false));
  document.addEventListener("htmx:after:swap", () => arrive(true));

  // A page brought back by the back button may show a pair that has been answered since.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  return { block, allow, say, word };
})();
