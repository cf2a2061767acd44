/* How long a pair was looked at before the choice, in milliseconds, without the time it was hidden. */
"use strict";

(() => {
  let shownAt = 0;
  let hiddenAt = null;
  let hiddenFor = 0;

  document.addEventListener("pair:arrived", () => {
    shownAt = performance.now();
    hiddenFor = 0;
    hiddenAt = document.hidden ? shownAt : null;
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hiddenAt ??= performance.now();
    } else if (hiddenAt !== null) {
      hiddenFor += performance.now() - hiddenAt;
      hiddenAt = null;
    }
  });

  document.addEventListener(
    "submit",
    (event) => {
      const field = event.target.elements.namedItem("decision_ms");
      if (!field || field.value) return; // a vote that is sent again keeps its first time
      const now = performance.now();
      field.value = Math.round(now - shownAt - hiddenFor - (hiddenAt === null ? 0 : now - hiddenAt));
    },
    true,
  );
})();
