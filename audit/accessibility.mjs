// axe-core on every page of a rater, in every way that a page can be looked at; and a picture of each.
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

async function look(page, session, way, picture) {
  const { width, height, features } = WAYS[way];
  await page.setViewport({ width, height });
  await media(session, features);
  await new Promise((done) => setTimeout(done, 450)); // what arrives fades in
  await page.evaluate(() => document.body.offsetWidth && document.getAnimations().forEach((animation) => animation.finish()));
  if (picture) await page.screenshot({ path: `${picture}, ${way}.png`, fullPage: true });
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

// Looks at whatever is shown, in every way, the first time that its name comes by.
function looker(page, session, pictures) {
  const states = {};
  let looks = 0;
  return {
    result: () => ({ states, looks }),
    async see(name, ways = Object.keys(WAYS)) {
      if (states[name]) return;
      states[name] = [];
      for (const way of ways) states[name].push(...(await look(page, session, way, pictures && `${pictures}/${name}`)));
      looks += ways.length;
      await page.setViewport({ width: 1280, height: 800 });
      await media(session, [light]);
    },
  };
}

async function seeDialogs(page, see, state) {
  for (const [name, opener] of Object.entries({ help: 'a[href="#help"]', pause: '[data-opens="pause"]' })) {
    await page.click(`#pair ${opener}`);
    await see(`${state}, ${name}`, ["laptop, light", "laptop, dark", "phone, light", "phone, dark"]);
    await page.keyboard.press("Escape");
  }
}

// What a form says that was sent as it came.
async function seeMistakes(page, see, state) {
  await Promise.all([
    page.waitForNavigation(),
    page.$eval("main form", (form) => {
      form.noValidate = true;
      form.requestSubmit();
    }),
  ]);
  await see(`${state}, mistakes`);
}

async function walkThrough(page, link, see) {
  await page.goto(link);
  for (let step = 0; step < 80; step += 1) {
    const state = await stateOf(page);
    await see(state);
    if (state === "pair") await seeDialogs(page, see, state);
    if (state === "consent" || state.startsWith("questions, habits")) await seeMistakes(page, see, state);
    if (["done", "screened-out"].includes(state)) return;
    await onward(page);
  }
}

async function submit(page, action) {
  await Promise.all([page.waitForNavigation(), page.click(`form[action$="${action}"] button`)]);
}

// What a rater can do with what is stored about them.
async function rightsOf(page, see) {
  const rating = page.url();
  await page.goto(new URL("/me", rating).href);
  await see("mine");
  await submit(page, "/me/withdrawal");
  await see("mine, withdrawn");
  await page.goto(rating);
  await see("pair, withdrawn");
  await page.goto(new URL("/me", rating).href);
  await page.click("#sure");
  await submit(page, "/me/erasure");
  await see("erased");
  await page.goto(rating);
  await see("pair, erased");
  await page.goto(new URL("/rate", rating).href);
  await see("nobody");
}

// What a browser meets that takes part in more than one study.
async function seeSeveral(page, { walk, other }, see) {
  await page.goto(walk);
  await onward(page);
  await page.goto(new URL("/me", walk).href);
  await see("which study");
  await page.goto(other);
  await see("taken part");
}

export async function accessibility(browser, { walk, other, screening, pages, pictures }) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const session = await page.createCDPSession();
  const { see, result } = looker(page, session, pictures);
  await walkThrough(page, walk, see);
  await rightsOf(page, see);
  await walkThrough(page, screening, see);
  await seeSeveral(page, { walk, other }, see);
  for (const [name, address] of Object.entries(pages)) {
    await page.goto(address);
    await see(name);
  }
  await context.close();
  return result();
}
