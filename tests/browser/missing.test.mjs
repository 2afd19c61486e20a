// Missing notes in a real browser with the keyboard alone: a search from the empty place to the register, a sweep from the
// first shelf to its quiet search, and the figures that appear once they are counted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WAIT, person } from "./clerk.mjs";
import { card, hospital } from "./hospital.mjs";
import { pause } from "./wedge.mjs";

const PATIENCE = { timeout: 120_000 };
/** So long a hand takes from the keys to the scanner and back, in milliseconds. */
const HAND_MS = 300;
/** A desk's page that hears nothing looks anew so often, in milliseconds. */
const REFRESHED_MS = 60_000;
/** While a plan sorts itself anew, whoever sees no place chosen presses its number again, so often at most. */
const MAX_TRIES = 5;
/** No page has more stops than this. */
const MAX_STOPS = 150;

let here;

before(async () => {
  here = await hospital();
});

after(async () => {
  assert.equal(await here.close(), 0, "the server ends cleanly");
});

const story = (name, tell) => test(name, PATIENCE, tell);

/** What has the focus, as a reader of screens says it: its words, or the name of its field. */
const focused = ({ page }) => page.evaluate(() => {
  const part = document.activeElement;
  return (part.labels?.[0]?.textContent ?? part.textContent).replace(/\s+/g, " ").trim();
});

/** Presses Tab until that has the focus. */
async function goTo(clerk, words) {
  for (let stops = 0; stops < MAX_STOPS; stops += 1) {
    await clerk.press("Tab");
    if ((await focused(clerk)).startsWith(words)) return;
  }
  assert.fail(`the keyboard does not reach "${words}"`);
}

/** Goes there, presses Enter, and waits for what comes of it. */
async function choose(clerk, words, part, says) {
  await goTo(clerk, words);
  await clerk.press("Enter");
  await clerk.reads(part, says);
}

/** The name of the place whose buttons have the focus. */
const chosenPlace = ({ page }) => page.evaluate(() => document.activeElement.closest(".spot")?.querySelector(".title").innerText ?? "");

/** Chooses the first place where nobody has looked by its number, then says by a letter what was found there. */
async function looks(clerk, letter) {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const digit = await clerk.page.locator(".spot:not(.looked)[data-digit]").first().getAttribute("data-digit");
    await clerk.press(digit);
    await pause(2 * HAND_MS);
    const place = await chosenPlace(clerk);
    if (!place) continue;
    await clerk.press(letter);
    return place;
  }
  return assert.fail(`no place is chosen: ${await focused(clerk)} has the focus`);
}

story("a search: not there, two places looked into, found in the third, and how it came there", async () => {
  await here.scan("CL5-1", "F0161");
  const clerk = await person(here, "/volumes/F0161");
  await choose(clerk, "Not there", ".sought", "Looking for");
  await clerk.reads("#so-far", "Clinic 5: looked, not there");
  await goTo(clerk, "Your badge");
  await pause(HAND_MS);
  await clerk.scan("B100");
  await pause(HAND_MS);
  await clerk.press("Enter");
  await clerk.reads("#said", "O'Brien & <i>Sons</i> looks");
  // In a field a letter is a letter: the next stop hears keys.
  await clerk.press("Tab");
  const before = await clerk.page.locator(".spot.looked").count();
  for (let looked = 1; looked <= 2; looked += 1) {
    const place = await looks(clerk, "n");
    await clerk.page.waitForFunction((count) => document.querySelectorAll(".spot.looked").length === count, before + looked, WAIT);
    assert.match(await clerk.text("#so-far"), new RegExp(`${place.split(/[,\n]| [A-Z0-9-]+$/)[0]}.*: looked, not there`));
  }
  await looks(clerk, "f");
  await clerk.reads(".outcome", "Where it was");
  await choose(clerk, "It was for another reason", ".outcome details[open]", "Misfiled");
  await choose(clerk, "Inside another", ".outcome", "Why: inside another");
  await choose(clerk, "Searches", "#searches", "The oldest stands first");
  await choose(clerk, `${await ended(clerk)} found or ended`, "#searches", "The newest stands first");
  const register = await clerk.page.locator(".ask", { hasText: "CN0161" }).innerText();
  for (const words of [/Found after/, /inside another/, /3 looks|4 looks/, /looked: O'Brien/]) assert.match(register, words);
  await clerk.leaves();
});

/** How many searches have ended, as the register says it. */
const ended = ({ page }) => page.locator("#which a", { hasText: "found or ended" }).locator("strong").innerText();

story("a sweep: a shelf scanned through, the one not seen, its quiet search, and the scan that ends it", async () => {
  for (const scan of [card("FILE"), "S7", "F0171", "F0172", "F0173", "F0174", card("END")]) await here.scan("LIB-2", scan, "shelf 7");
  const clerk = await person(here, "/desks/LIB-1");
  await clerk.scan("B200");
  await clerk.reads("#person", "June Ward");
  await clerk.scan(card("SWEEP"));
  await clerk.reads("#next", "scan the shelf's label");
  await clerk.scan("S7");
  await clerk.reads("#next", "SEEN at Shelf 7");
  for (const folder of ["F0171", "F0173", "F0174"]) await clerk.scan(folder);
  await clerk.reads("#next", "(3 so far)");
  await clerk.scan(card("END"));
  await clerk.reads("#signal", "4 expected, 3 seen, 0 of them from elsewhere, 0 unknown labels");
  const searcher = await person(here, "/wanted");
  await choose(searcher, "Sweeps", "#sweeps", "Shelf 7");
  await searcher.page.locator("main h2", { hasText: "Swept" }).waitFor(WAIT);
  await follow(searcher, "/sweeps/", "Shelf 7");
  await searcher.reads("#missed", "CN0172 volume 1");
  assert.match(await searcher.text("#missed"), /a search is open/);
  assert.doesNotMatch(await searcher.text("#missed"), /CN017[134]/);
  await choose(searcher, "CN0172", "#missing-or-not", "Where to look");
  await choose(searcher, "Searches", "#searches", "The oldest stands first");
  await follow(searcher, "/searches?show=quiet", "");
  await searcher.reads("#searches", "CN0172 volume 1");
  await choose(searcher, "CN0172", "#plan", "Where to look");
  // The first scan anywhere ends it, and the open page asks where it was.
  await here.scan("W7-1", "F0172", "by chance");
  await searcher.reads(".sought", "Turned up");
  await choose(searcher, "Ward 7", ".outcome", "Where it was: Ward 7");
  await clerk.leaves();
  await searcher.leaves();
});

story("what turns up rings at the library's open page at once, and no more once somebody says where it was", async () => {
  const library = await person(here, "/desks/LIB-1");
  const clerk = await person(here, "/volumes/F0181");
  await choose(clerk, "Not there", ".sought", "Looking for");
  const asked = Date.now();
  await here.scan("W7-1", "F0181", "by chance");
  await library.reads("#rung", "…0181 vol 1 has turned up at Ward 7");
  await clerk.reads(".sought", "Turned up");
  await choose(clerk, "Ward 7", ".outcome", "Where it was: Ward 7");
  await library.page.locator("#rung [data-search]", { hasText: "…0181" }).waitFor({ ...WAIT, state: "detached" });
  assert.ok(Date.now() - asked < REFRESHED_MS, "sooner than a page that hears nothing looks anew");
  await library.leaves();
  await clerk.leaves();
});

/** Goes on with Tab to the link that leads there and has these words, and follows it. */
async function follow(clerk, path, words) {
  const isThere = () => clerk.page.evaluate(([path, words]) => {
    const part = document.activeElement;
    return (part.getAttribute("href") ?? "").startsWith(path) && part.textContent.includes(words);
  }, [path, words]);
  for (let stops = 0; !(await isThere()); stops += 1) {
    assert.ok(stops < MAX_STOPS, `the keyboard does not reach ${path} ${words}`);
    await clerk.press("Tab");
  }
  await Promise.all([clerk.page.waitForNavigation(), clerk.press("Enter")]);
}

story("the figures of a day: they are being counted, and appear by themselves, with and without JavaScript", async () => {
  for (const [from, options] of [["2026-01-01", {}], ["2026-01-02", { javaScriptEnabled: false }]]) {
    const manager = await person(here, `/missing?from=${from}`, options);
    assert.match(await manager.text(), /being counted|counted as soon as|Found where and how/);
    await manager.reads("#found-where", "Found where and how");
    assert.match(await manager.text(), /Declared missing[^]*Search open[^]*Sent and not confirmed[^]*Temporary in use without original[^]*Never seen/);
    await manager.leaves();
  }
});
