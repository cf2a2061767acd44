// axe-core on every state of the rater's walk, in every way a page can be looked at.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { onward, stateOf } from "./walk.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const light = { name: "prefers-color-scheme", value: "light" };
const dark = { name: "prefers-color-scheme", value: "dark" };
const WAYS = {
  "laptop, light": { width: 1280, height: 800, features: [light] },
  "laptop, dark": { width: 1280, height: 800, features: [dark] },
  "phone, light": { width: 390, height: 844, features: [light] },
  "phone, dark": { width: 390, height: 844, features: [dark] },
  "320 px": { width: 320, height: 640, features: [light] },
  "400% zoom": { width: 320, height: 200, features: [light] }, // of 1280 by 800
  "forced colours": { width: 1280, height: 800, features: [light, { name: "forced-colors", value: "active" }] },
  "reduced motion": { width: 390, height: 844, features: [light, { name: "prefers-reduced-motion", value: "reduce" }] },
};

async function media(session, features) {
  await session.send("Emulation.setEmulatedMedia", { features });
}

async function look(page, session, way) {
  const { width, height, features } = WAYS[way];
  await page.setViewport({ width, height });
  await media(session, features);
  await new Promise((done) => setTimeout(done, 450)); // what arrives fades in
  await page.evaluate(() => document.body.offsetWidth && document.getAnimations().forEach((animation) => animation.finish()));
  await page.evaluate(AXE);
  const found = await page.evaluate(
    async (tags) => {
      const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
      const wide = document.documentElement.scrollWidth > innerWidth + 1;
      return [
        ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, any }) => `${target.join(" ")} (${any[0]?.message ?? ""})`).join(", ")}`),
        ...(wide ? ["the page is wider than the screen"] : []),
      ];
    },
    TAGS,
  );
  return found.map((what) => `${way}: ${what}`);
}

export async function accessibility(browser, link) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const session = await page.createCDPSession();
  await page.goto(link);
  const seen = {};
  let looks = 0;
  for (let step = 0; step < 80; step += 1) {
    const state = await stateOf(page);
    if (!seen[state]) {
      seen[state] = [];
      for (const way of Object.keys(WAYS)) seen[state].push(...(await look(page, session, way)));
      looks += Object.keys(WAYS).length;
      if (await page.$('a[href="#help"]')) {
        await page.setViewport({ width: 1280, height: 800 });
        await page.click('#pair a[href="#help"]').catch(() => {});
        seen[`${state}, help`] ??= await look(page, session, "laptop, dark");
        await page.keyboard.press("Escape");
      }
      await page.setViewport({ width: 1280, height: 800 });
      await media(session, [light]);
    }
    if (state === "done") break;
    await onward(page);
  }
  await context.close();
  return { states: seen, looks };
}
