// The whole study as a rater meets it: what a page is, and one step on from it. It uses what a
// person would: ticks what must be ticked, answers the first answer, presses the buttons.

export async function stateOf(page) {
  return page.evaluate(() => {
    const classes = document.querySelector("#pair")?.classList;
    if (classes?.contains("practice")) return "practice";
    if (classes?.contains("break")) return "break";
    if (classes?.contains("between")) return "follow-up";
    if (classes?.contains("pair")) {
      const [one, other] = [...document.querySelectorAll("#pair .verse")].map((verse) => verse.querySelector("p, .line, div")?.textContent);
      return one === other ? "check" : "pair"; // both sides of a check say first what it is
    }
    if (classes?.contains("done")) return "done";
    const path = location.pathname.split("/")[1];
    if (path === "join") return "consent";
    const section = document.querySelector("input[name=section]");
    return section ? `questions, ${section.value}` : path || "front";
  });
}

async function fill(page) {
  await page.evaluate(() => {
    for (const box of document.querySelectorAll("main input[type=checkbox][required]")) box.checked = true;
    const groups = new Set();
    for (const radio of document.querySelectorAll("main input[type=radio]")) {
      if (!groups.has(radio.name)) radio.checked = true;
      groups.add(radio.name);
    }
    for (const field of document.querySelectorAll("main input[type=number]")) field.value ||= field.min || "1";
  });
}

async function readBoth(page) {
  await page.evaluate(async () => {
    for (const end of document.querySelectorAll("#pair .end")) {
      end.scrollIntoView({ behavior: "instant", inline: "center" });
      await new Promise((done) => setTimeout(done, 120));
    }
  });
}

const QUIET_MS = 550; // after a pair has arrived, keys and buttons wait

async function press(page, key, selector) {
  if (key) await page.keyboard.press(key);
  else await page.click(selector);
}

// The element goes when the next thing comes.
const mark = (page) => page.$eval("#pair", (pair) => void (pair.isOld = true));

async function changed(page) {
  await page.waitForFunction(() => document.querySelector("#pair")?.isOld === undefined && document.querySelector("#pair") !== null);
}

// One step on. `key` presses a key on pairs instead of clicking, where the page allows it.
export async function onward(page, { key = null } = {}) {
  const state = await stateOf(page);
  if (["pair", "practice", "check"].includes(state)) {
    await new Promise((done) => setTimeout(done, QUIET_MS));
    await readBoth(page);
    await mark(page);
    const url = page.url();
    await press(page, key, "#pair .choices button[value=left]");
    await Promise.race([changed(page), page.waitForFunction((old) => location.href !== old, {}, url)]);
    return state;
  }
  if (state === "follow-up" || state === "break") {
    await new Promise((done) => setTimeout(done, QUIET_MS));
    await fill(page);
    await mark(page);
    await page.click("#pair .sheet form button.primary, #pair .sheet form button.step-button");
    await changed(page);
    return state;
  }
  await fill(page);
  await Promise.all([page.waitForNavigation(), page.click("main form button.primary")]);
  return state;
}
