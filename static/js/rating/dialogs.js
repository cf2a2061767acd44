/*
  The help and the pause as dialogs. While the pause is open the poems are covered, and "rating:paused" and
  "rating:resumed" tell the clock.
*/
"use strict";

(() => {
  const tell = (what) => document.dispatchEvent(new CustomEvent(what));

  function open(dialog) {
    dialog.showModal();
    dialog.querySelector("[data-closes]").focus();
    if (dialog.id === "pause") tell("rating:paused");
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    const opener = target.closest?.('a[href="#help"], [data-opens]');
    if (opener) {
      event.preventDefault();
      open(document.getElementById(opener.dataset.opens ?? "help"));
    } else if (target.closest?.("[data-closes]")) {
      event.preventDefault();
      target.closest("dialog").close();
    }
  });

  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("close", () => {
      dialog.querySelector(".copied")?.replaceChildren();
      if (dialog.id === "pause") tell("rating:resumed");
    });
  }
})();
