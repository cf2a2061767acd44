/*
  One poem at a time on a narrow screen: tabs follow the swipe, and the choices wait until the end
  of both poems has been on screen. Which layout holds is decided in layouts.css alone.
*/
"use strict";

(() => {
  let seen = new Set();
  let observer;

  const pair = () => document.querySelector("#pair.pair");
  const isPager = () => getComputedStyle(pair()).getPropertyValue("--layout").trim() === "pager";
  const tabs = () => [...pair().querySelectorAll(".tabs a")];
  const poemOf = (tab) => document.querySelector(tab.hash);

  function show() {
    if (!pair()) return;
    const pager = isPager();
    const book = pair().querySelector(".book");
    const current = Math.round(book.scrollLeft / book.clientWidth);
    const unread = [];
    tabs().forEach((tab, index) => {
      const poem = poemOf(tab);
      const isUnread = !seen.has(poem.id);
      if (isUnread) unread.push(tab.textContent);
      tab.setAttribute("aria-current", String(index === current));
      tab.classList.toggle("unread", isUnread);
      tab.ariaDescription = isUnread ? "not yet read to the end" : null;
      poem.toggleAttribute("tabindex", pager);
      if (pager) poem.tabIndex = 0; // a part that scrolls must be reachable by keyboard
    });
    if (pager && unread.length) {
      rating.block("unread", {
        forms: ".choices",
        message: `Read ${unread.length > 1 ? "both poems" : unread[0]} to the end, then choose.`,
      });
    } else {
      rating.allow("unread");
    }
  }

  function watchEnds() {
    observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) seen.add(target.closest(".poem").id);
      }
      show();
    });
    for (const end of pair().querySelectorAll(".end")) observer.observe(end);
  }

  document.addEventListener("pair:arrived", () => {
    observer?.disconnect();
    seen = new Set();
    rating.allow("unread");
    if (!pair()) return;
    show();
    watchEnds();
    pair().querySelector(".book").addEventListener("scroll", show, { passive: true });
  });

  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.(".tabs a");
    if (!tab) return;
    event.preventDefault();
    const book = pair().querySelector(".book");
    const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    book.scrollTo({
      left: tabs().indexOf(tab) * book.clientWidth,
      behavior: reduced ? "instant" : "smooth",
    });
  });

  window.addEventListener("resize", show);
})();
