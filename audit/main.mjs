// node main.mjs CHROMIUM FIREFOX LINK...: measures, and prints one object as JSON. Each part joins
// by a link of its own.
import puppeteer from "puppeteer-core";
import { accessibility } from "./accessibility.mjs";
import { firefoxWalk } from "./firefox.mjs";
import { lighthouses, weights } from "./speed.mjs";

const [chromium, firefox, link] = process.argv.slice(2);
const browser = await puppeteer.launch({
  executablePath: chromium,
  headless: true,
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
});
const result = {};
try {
  console.error("axe-core on every state of the walk …");
  result.accessibility = await accessibility(browser, link);
  console.error("weights …");
  result.weights = await weights(browser, link);
  console.error("Lighthouse …");
  result.lighthouse = await lighthouses(browser, link);
} finally {
  await browser.close();
}
if (firefox) {
  console.error("Firefox …");
  result.firefox = await firefoxWalk(firefox, link);
}
console.log(JSON.stringify(result, null, 2));
