// node main.mjs CHROMIUM FIREFOX PLACES [PICTURES]: measures, and prints one object as JSON. PLACES is
// JSON: the links `walk`, `other` (of the other group) and `screening`, and `pages`, the addresses of single pages by name.
import puppeteer from "puppeteer-core";
import { accessibility } from "./accessibility.mjs";
import { firefoxWalk } from "./firefox.mjs";
import { lighthouses, weights } from "./speed.mjs";

const [chromium, firefox, places, pictures] = process.argv.slice(2);
const { walk, other, screening, pages } = JSON.parse(places);
const browser = await puppeteer.launch({
  executablePath: chromium,
  headless: true,
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
});
const result = {};
try {
  console.error("axe-core on every page …");
  result.accessibility = await accessibility(browser, { walk, other, screening, pages, pictures });
  if (!pictures) {
    console.error("weights …");
    result.weights = await weights(browser, walk);
    console.error("Lighthouse …");
    result.lighthouse = await lighthouses(browser, walk);
  }
} finally {
  await browser.close();
}
if (firefox && !pictures) {
  console.error("Firefox …");
  result.firefox = await firefoxWalk(firefox, walk);
}
console.log(JSON.stringify(result, null, 2));
