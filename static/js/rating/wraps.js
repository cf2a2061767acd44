/* Finds the lines that really wrap, whenever the width of a poem or its face changes. */
"use strict";

(() => {
  function mark(verse) {
    const words = [...verse.querySelectorAll(".words")];
    if (!words.length) return;
    const lineHeight = parseFloat(getComputedStyle(words[0]).lineHeight);
    const wrapped = words.map((element) => element.offsetHeight > 1.5 * lineHeight);
    words.forEach((element, index) => element.classList.toggle("wrapped", wrapped[index]));
  }

  const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));

  document.addEventListener("pair:arrived", ({ target }) => {
    observer.disconnect();
    for (const verse of target.querySelectorAll(".verse")) observer.observe(verse);
  });

  document.fonts.addEventListener("loadingdone", () => {
    document.querySelectorAll("#pair .verse").forEach(mark);
  });
})();
