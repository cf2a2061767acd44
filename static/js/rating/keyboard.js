/*
  ← → T Z P ?, 1 to 5, N, Enter: each key presses the button that bears its name, where it is shown. They can be
  switched off in the help; Enter on a button remains the browser's own.
*/
"use strict";

(() => {
  const SWITCH = "blindverse.keys";
  const ARIA = { t: "T", z: "Z", p: "P", n: "N" };
  const WRITTEN_IN = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
  const PRESSED = "a, button, summary, label, input";

  function stored() {
    try {
      return localStorage.getItem(SWITCH);
    } catch {
      return null;
    }
  }

  let on = stored() !== "off";

  function show() {
    document.documentElement.dataset.keys = on ? "on" : "off";
    for (const element of document.querySelectorAll("#pair [data-key]")) {
      const key = element.dataset.key;
      if (on) element.setAttribute("aria-keyshortcuts", ARIA[key] ?? key);
      else element.removeAttribute("aria-keyshortcuts");
    }
  }

  document.addEventListener("pair:arrived", () => {
    document.getElementById("keys-on").checked = on;
    show();
  });

  document.addEventListener("change", (event) => {
    if (event.target.id !== "keys-on") return;
    on = event.target.checked;
    show();
    try {
      localStorage.setItem(SWITCH, on ? "on" : "off");
    } catch {
      // It then holds for this page only.
    }
  });

  // In a dialog, its own; of two scales, the first that is not answered.
  function bearer(key) {
    const within = document.querySelector("dialog[open]") ?? document.getElementById("pair");
    const all = [...(within?.querySelectorAll(`[data-key="${CSS.escape(key)}"]`) ?? [])];
    return all.find((one) => !one.closest("fieldset")?.querySelector(":checked")) ?? all.at(-1);
  }

  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.shiftKey && event.key.length > 1) return; // Shift and an arrow select text
    if (event.target.closest?.(WRITTEN_IN)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "Enter" && event.target.closest?.(PRESSED)) return;
    const target = bearer(key);
    if (!target) return;
    event.preventDefault(); // an arrow must not scroll sideways as well
    if (!event.repeat) target.click();
  });
})();
