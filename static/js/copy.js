/* Buttons that copy the content of a field: data-copies holds the field's id. */
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
    const button = event.target.closest?.("[data-copies]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copies);
    const done = await copy(field);
    const long = field.tagName === "TEXTAREA";
    const own = button.closest(".personal")?.querySelector(".copied");
    const said = own ?? document.getElementById("copied");
    said.textContent = done
      ? (own?.dataset.copied ?? (long ? "Copied." : `Copied: ${field.value}`))
      : (own?.dataset.select ?? `Select the ${long ? "text" : "link"} and copy it.`);
  });
})();
