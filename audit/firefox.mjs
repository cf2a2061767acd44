// The whole walk in Firefox, by keyboard where a page has keys.
import puppeteer from "puppeteer-core";
import { onward, stateOf } from "./walk.mjs";

const KEYS = ["ArrowLeft", "ArrowRight", "t"];

export async function firefoxWalk(executablePath, link) {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
  const errors = [];
  const states = {};
  try {
    const page = await browser.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.setViewport({ width: 1280, height: 800 });
    await page.goto(link);
    for (let step = 0; step < 80; step += 1) {
      const state = await stateOf(page);
      states[state] = (states[state] ?? 0) + 1;
      if (state === "done") break;
      await onward(page, { key: state === "pair" || state === "check" ? KEYS[step % KEYS.length] : null });
    }
    return { version: await browser.version(), states, errors, finished: Boolean(states.done) };
  } finally {
    await browser.close();
  }
}
