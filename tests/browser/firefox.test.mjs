// Every page in Firefox ESR: wide and narrow; and a desk at work in it. With CASETRACK_PICTURES=1 pictures of all pages
// stay in target/browser/shots/firefox.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { firefoxHere } from "./firefox.mjs";
import { hospital, newHospital, within } from "./hospital.mjs";
import { PAGES, PICTURES, WIDTHS, addressOf } from "./pages.mjs";
import { AXE_TAGS, axeFinds, foreign, overflow, sendForm } from "./seen.mjs";

const ENTER = "\uE007";
const PATIENCE_MS = 120_000;
/** A key of a scan takes this long at most, in milliseconds, and so often a busy machine may try. */
const SCANNER_MS = 40;
const BURSTS = 9;
const shots = join(dirname(fileURLToPath(import.meta.url)), "shots", "firefox");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let here;
let fresh;
let firefox;

before(async () => {
  rmSync(shots, { recursive: true, force: true });
  mkdirSync(shots, { recursive: true });
  [here, fresh] = await Promise.all([hospital({ browser: null }), newHospital()]);
  firefox = await firefoxHere();
  const { browserName, browserVersion } = await firefox.begin();
  console.log(`${browserName} ${browserVersion}`);
});

after(async () => {
  await firefox?.close();
  assert.deepEqual([await here.close(), await fresh.close()], [0, 0], "the servers end cleanly");
});

async function lookAt(row) {
  const address = await addressOf(row, { old: here, fresh });
  const tab = await firefox.tab(new URL(address).origin);
  try {
    await tab.size(1280);
    await tab.open(address);
    for (const step of row.steps ?? []) await tab.follow(sendForm, step);
    assert.equal(tab.status, row.status);
    for (const width of WIDTHS) {
      await tab.size(width);
      const wide = await tab.run(overflow);
      if (wide) tab.bad.push(`at ${width} px: ${wide}`);
      if (PICTURES) writeFileSync(join(shots, `${row.name}-${width}.png`), await tab.picture());
    }
    await tab.size(1280);
    tab.bad.push(...await tab.run(foreign));
    // What axe itself makes the console say is not the page's.
    const bad = [...tab.bad];
    await tab.load(axe);
    bad.push(...await tab.run(axeFinds, { type: "tag", values: AXE_TAGS }));
    assert.deepEqual(bad, []);
  } finally {
    await tab.close();
  }
}

test("every page, and with CASETRACK_FULL=1 every state", async (all) => {
  for (const row of PAGES.filter(({ isThorough }) => isThorough)) {
    await all.test(row.name, { timeout: PATIENCE_MS }, () => lookAt(row));
  }
});

/** Waits until the page shows `text`. */
function shows(tab, text) {
  return within(PATIENCE_MS / 4, `waiting for "${text}"`, tab.run((wanted) => new Promise((done) => {
    const look = () => { if (document.querySelector("main").innerText.includes(wanted)) { clearInterval(every); done(true); } };
    const every = setInterval(look, 20);
  }), text));
}

/** The mean time a key took to reach the page, in milliseconds: a busy machine is slower than any scanner. */
function pace() {
  const times = window.casetrackKeys ?? [];
  const mean = (times.at(-1) - times[0]) / (times.length - 1);
  window.casetrackKeys = [];
  return mean;
}

test("a wedge scanner's burst is a scan, whatever has the focus", { timeout: PATIENCE_MS }, async (one) => {
  const tab = await firefox.tab(here.address);
  await tab.open(`${here.address}/desks/CL5-1`);
  await tab.run(() => {
    window.casetrackKeys = [];
    addEventListener("keydown", (event) => window.casetrackKeys.push(event.timeStamp), true);
  });
  let folder = 90;
  for (let mean = Infinity; mean > SCANNER_MS; folder += 1) {
    if (folder === 90 + BURSTS) { one.skip("this machine is too busy to type as fast as a scanner"); break; }
    await tab.run(() => document.querySelector("nav a").focus());
    await tab.keys([...`F00${folder}`, ENTER]);
    mean = await tab.run(pace);
    if (mean <= SCANNER_MS) await received(tab, `00${folder}`);
  }
  assert.deepEqual(tab.bad, []);
  await tab.close();
});

async function received(tab, digits) {
  await shows(tab, `CN${digits}`);
  const volume = await here.ask(`volumes/F${digits}`);
  assert.deepEqual([volume.state, volume.place.code, volume.confirmed], ["at", "CL5", true]);
}

test("a volume's page follows its folder while it is open", { timeout: PATIENCE_MS }, async () => {
  const tab = await firefox.tab(here.address);
  await tab.open(`${here.address}/volumes/F0130`);
  await here.scan("CL5-1", "F0130", "elsewhere");
  await shows(tab, "Clinic 5");
  assert.deepEqual(tab.bad, []);
  await tab.close();
});
