/* The help as a dialog. */
"use strict";

(() => {
  document.addEventListener("click", (event) => {
    const help = document.getElementById("help");
    const target = event.target;
    if (target.closest?.('a[href="#help"]')) {
      event.preventDefault();
      help.showModal();
      help.querySelector("[data-closes]").focus();
    } else if (target.closest?.("[data-closes]")) {
      event.preventDefault();
      help.close();
    }
  });

  document.getElementById("help").addEventListener("close", () => {
    document.getElementById("copied")?.replaceChildren();
  });
})();
