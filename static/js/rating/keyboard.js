/* ← → T Z ?: each key presses the button that bears its name. They can be switched off in the help. */
"use strict";

(() => {
  const SWITCH = "blindverse.keys";
  const ARIA = { t: "T", z: "Z", "?": "?" };

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

  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.shiftKey && event.key.length > 1) return; // Shift and an arrow select text
    if (document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const target = document.querySelector(`#pair [data-key="${CSS.escape(key)}"]`);
    if (!target) return;
    event.preventDefault(); // an arrow must not scroll sideways as well
    if (!event.repeat) target.click();
  });
})();
