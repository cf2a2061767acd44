/* The help as a dialog, and the copying of the personal link. */
"use strict";

(() => {
  async function copy(field) {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      return document.execCommand("copy"); // plain HTTP has no clipboard
    }
  }

  document.addEventListener("click", async (event) => {
    const help = document.getElementById("help");
    const target = event.target;
    if (target.closest?.('a[href="#help"]')) {
      event.preventDefault();
      help.showModal();
      help.querySelector("[data-closes]").focus();
    } else if (target.closest?.("[data-closes]")) {
      event.preventDefault();
      help.close();
    } else if (target.id === "copy-link") {
      const done = await copy(document.getElementById("personal-link"));
      document.getElementById("copied").textContent = done
        ? "Copied."
        : "Select the link and copy it.";
    }
  });

  document.getElementById("help").addEventListener("close", () => {
    document.getElementById("copied")?.replaceChildren();
  });
})();
