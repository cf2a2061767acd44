/*
  One poem at a time on a narrow screen: tabs follow the swipe, and the choices wait until the end
  of both poems has been on screen. Which layout holds is decided in layouts.css alone. Tells the
  clock which poem is seen ("poem:turned") and when both have been read ("poem:read").
*/
"use strict";

(() => {
  const SIDES = ["left", "right"];

  let seen = new Set();
  let before = null; // the poem that is seen, where one is seen at a time
  let observer;

  const pair = () => document.querySelector("#pair.pair");
  const isPager = () => getComputedStyle(pair()).getPropertyValue("--layout").trim() === "pager";
  const tabs = () => [...pair().querySelectorAll(".tabs a")];
  const book = () => pair().querySelector(".book");
  const current = () => Math.round(Math.abs(book().scrollLeft) / book().clientWidth);
  const tell = (what, detail) => document.dispatchEvent(new CustomEvent(what, { detail }));

  function show() {
    if (!pair()) return;
    const pager = isPager();
    const unread = SIDES.filter((side) => !seen.has(side));
    const shown = pager ? SIDES[current()] : null;
    if (shown !== before) tell("poem:turned", (before = shown));
    tabs().forEach((tab, index) => {
      const side = SIDES[index];
      const poem = document.getElementById(`poem-${side}`);
      tab.setAttribute("aria-current", String(index === current()));
      tab.classList.toggle("unread", unread.includes(side));
      tab.ariaDescription = unread.includes(side) ? rating.word("unread") : null;
      poem.toggleAttribute("tabindex", pager);
      if (pager) poem.tabIndex = 0; // a part that scrolls must be reachable by keyboard
    });
    if (pager && unread.length) {
      const which = unread.length > 1 ? "unreadBoth" : { left: "unreadLeft", right: "unreadRight" }[unread[0]];
      rating.block("unread", { forms: ".choices", message: rating.word(which) });
    } else {
      rating.allow("unread");
    }
  }

  function watchEnds() {
    observer = new IntersectionObserver((entries) => {
      const unread = seen.size < SIDES.length;
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) seen.add(target.closest(".poem").id.replace("poem-", ""));
      }
      if (unread && seen.size === SIDES.length) tell("poem:read");
      show();
    });
    for (const end of pair().querySelectorAll(".end")) observer.observe(end);
  }

  document.addEventListener("pair:arrived", () => {
    observer?.disconnect();
    seen = new Set();
    before = null;
    rating.allow("unread");
    if (!pair()) return;
    show();
    watchEnds();
    book().addEventListener("scroll", show, { passive: true });
  });

  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.(".tabs a");
    if (!tab) return;
    event.preventDefault();
    const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const page = book().children[tabs().indexOf(tab)];
    page.scrollIntoView({
      inline: "start",
      block: "nearest",
      behavior: reduced ? "instant" : "smooth",
    });
  });

  window.addEventListener("resize", show);
})();
