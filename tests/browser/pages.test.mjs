// Every page in every state in real Chromium: wide and narrow, by day, by night, in forced colours, on paper, with the
// keyboard alone and without JavaScript. With CASETRACK_PICTURES=1 pictures of all that stay in target/browser/shots.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { hospital, newHospital } from "./hospital.mjs";
import { PAGES, PICTURES, PRINTED, WIDTHS, addressOf } from "./pages.mjs";
import { AXE_TAGS, axeFinds, cutText, flipped, focusNow, foreign, mainText, markFocusable, overflow, sendForm } from "./seen.mjs";

/** What a page weighs at most with its style and scripts, gzipped, in bytes. */
const MAX_WEIGHT = 60_000;
/** A longer picture is cut: the rest of a long list looks the same. */
const MAX_PICTURE = 5_000;
/** So long one page may take with all that is looked at, in milliseconds. */
const PATIENCE_MS = 120_000;
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
  + "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

const home = dirname(fileURLToPath(import.meta.url));
const shots = join(home, "shots", "chromium");
const papers = join(home, "html");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const weights = [];
let here;
let fresh;

before(async () => {
  for (const folder of [shots, papers]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  [here, fresh] = await Promise.all([hospital(), newHospital()]);
});

after(async () => {
  const heaviest = weights.sort((one, other) => other.bytes - one.bytes);
  writeFileSync(join(home, "weights.txt"), heaviest.map(({ name, bytes }) => `${bytes}\t${name}\n`).join(""));
  if (heaviest.length) console.log(`heaviest page: ${heaviest[0].name}, ${heaviest[0].bytes} bytes gzipped with style and scripts`);
  assert.deepEqual([await here.close(), await fresh.close()], [0, 0], "the servers end cleanly");
});

/** Opens a page and notes all that must not happen in it. */
async function open(context, row) {
  const { status, noise } = row;
  const address = await addressOf(row, { old: here, fresh });
  const { origin } = new URL(address);
  const page = await context.newPage();
  const seen = { page, bad: [], loaded: new Map() };
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) seen.bad.push(`a request left the origin: ${url}`);
  });
  page.on("console", (said) => {
    // Chromium says of an error's own page that it is one; that is what is looked at.
    const wanted = (status !== 200 && said.text().includes(`status of ${status}`)) || noise?.test(said.text());
    if (["error", "warning"].includes(said.type()) && !wanted) seen.bad.push(`console: ${said.text()}`);
  });
  page.on("pageerror", (error) => seen.bad.push(`script: ${error.message}`));
  page.on("dialog", (dialog) => { seen.bad.push(`a foreign script ran: ${dialog.message()}`); dialog.dismiss(); });
  page.on("response", (response) => {
    const isRedirect = response.status() >= 300 && response.status() < 400;
    if (!isRedirect && ["document", "stylesheet", "script"].includes(response.request().resourceType())) seen.loaded.set(response.url(), response);
  });
  let answer = await page.goto(address);
  for (const step of row.steps ?? []) {
    [answer] = await Promise.all([page.waitForNavigation(), page.evaluate(sendForm, step)]);
  }
  assert.equal(answer.status(), status);
  assert.equal(answer.headers()["content-security-policy"], POLICY);
  seen.html = await answer.text();
  return seen;
}

async function weigh(name, loaded) {
  let bytes = 0;
  for (const response of loaded.values()) bytes += gzipSync(await response.body()).length;
  weights.push({ name, bytes });
  assert.ok(bytes < MAX_WEIGHT, `${bytes} bytes gzipped`);
}

const settled = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

async function picture(page, name) {
  if (!PICTURES) return;
  const { width } = page.viewportSize();
  const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), MAX_PICTURE);
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true, clip: { x: 0, y: 0, width, height } });
}

async function accessible(page, how, bad, rules = { type: "tag", values: AXE_TAGS }) {
  for (const found of await page.evaluate(axeFinds, rules)) bad.push(`axe, ${how}: ${found}`);
}

/** Of all rules only these know colours; the others find by night what they find by day. */
const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** A desk's page may sound after the first key, and asks something else from then on. */
async function firstKey(page) {
  await page.keyboard.press("Shift");
  await page.waitForFunction(() => !document.querySelector("#sound.off"));
}

/** Walks through the page with Tab, or back with Shift+Tab: everything is reached, the focus is seen, and it gets out. */
async function walk(page, key, bad) {
  const stops = await page.evaluate(markFocusable, key !== "Tab");
  const reached = new Set();
  // From the far end out of the page: the way begins where a person comes in.
  await page.keyboard.press(key);
  let presses = 0;
  for (let now = {}; presses <= stops + 3; presses += 1) {
    const before = now;
    do {
      await page.keyboard.press(key);
      now = await page.evaluate(focusNow);
    } while (now?.goesOnInside && now.stop === before.stop);
    if (!now) break;
    if (now.trouble) bad.push(`${key}: ${now.named} is ${now.trouble}`);
    if (now.stop !== null && reached.has(now.stop)) {
      // Backwards this browser, which has nothing around the page, begins again at the page's end. Forwards it gets out.
      if (key === "Tab" || reached.size < stops) bad.push(`${key}: ${now.named} comes again before the end`);
      break;
    }
    if (now.stop !== null) reached.add(now.stop);
  }
  if (presses > stops + 3) bad.push(`${key}: no way out after ${presses} stops`);
  if (reached.size !== stops) bad.push(`${key}: ${reached.size} of ${stops} are reached`);
}

async function withoutScripts(row, bad) {
  const context = await here.browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  try {
    const plain = await open(context, row);
    const text = await plain.page.evaluate(mainText);
    bad.push(...plain.bad.map((what) => `without JavaScript: ${what}`));
    return text;
  } finally {
    await context.close();
  }
}

/** The page's words with and without JavaScript. A desk hides a patient after a minute: what differs is read again. */
async function wordsOf(page, row, bad) {
  for (let tries = 1; ; tries += 1) {
    const words = { plain: await withoutScripts(row, bad), text: await page.evaluate(mainText) };
    if (words.plain === words.text || tries === 3) return words;
    await page.reload();
  }
}

async function lookAt(row) {
  const context = await here.browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  try {
    const { page, bad, loaded, html } = await open(context, row);
    writeFileSync(join(papers, `${row.name}.html`), html);
    const { text, plain } = await wordsOf(page, row, bad);
    assert.ok(text.includes(row.says), `"${row.says}" does not stand in: ${text.slice(0, 400)}`);
    if (plain !== text) bad.push(`other words without JavaScript:\n  with ${differs(text, plain)}\n  without ${differs(plain, text)}`);
    bad.push(...(await page.evaluate(foreign)).map((what) => `foreign: ${what}`));
    bad.push(...(await page.evaluate(flipped)).map((what) => `not isolated: ${what}`));
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await settled(page);
      await picture(page, `${row.name}-${width}`);
      const wide = await page.evaluate(overflow);
      if (wide) bad.push(`at ${width} px: ${wide}`);
      bad.push(...(await page.evaluate(cutText)).map((what) => `at ${width} px text is cut: ${what}`));
    }
    if (PRINTED.includes(row.name)) await page.pdf({ path: join(shots, `${row.name}.pdf`), preferCSSPageSize: true });
    await firstKey(page);
    await walk(page, "Tab", bad);
    await page.setViewportSize({ width: 1280, height: 900 });
    if (row.isThorough) await walk(page, "Shift+Tab", bad);
    await page.evaluate(axe);
    await accessible(page, "1280 px", bad);
    await page.emulateMedia({ colorScheme: "dark" });
    await picture(page, `${row.name}-dark`);
    await accessible(page, "dark", bad, COLOURS);
    if (row.isThorough) {
      await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
      await picture(page, `${row.name}-forced`);
      await accessible(page, "forced colours", bad, COLOURS);
    }
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
    await page.setViewportSize({ width: 320, height: 900 });
    await accessible(page, "320 px", bad);
    await weigh(row.name, loaded);
    assert.deepEqual(bad, []);
  } finally {
    await context.close();
  }
}

/** The piece of `one` from where it begins to differ from `other`. */
function differs(one, other) {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return JSON.stringify(one.slice(Math.max(0, at - 20), at + 120));
}

test("every page, in every state", { concurrency: 2 }, async (all) => {
  await Promise.all(PAGES.map((row) => all.test(row.name, { timeout: PATIENCE_MS }, () => lookAt(row))));
});

test("every page is correct HTML", { timeout: PATIENCE_MS }, async () => {
  const jar = join(home, "node_modules", "vnu-jar", "build", "dist", "vnu.jar");
  const args = ["-Xss2m", "-jar", jar, "--format", "gnu", "--stdout", "--exit-zero-always", papers];
  const { stdout } = await promisify(execFile)("java", args, { maxBuffer: 16_000_000, timeout: PATIENCE_MS });
  const lines = stdout.replaceAll(`file:${papers}/`, "").split("\n").filter(Boolean);
  const advice = lines.filter((line) => !/ error: /.test(line)).map((line) => line.replace(/^.*?: info warning: /, ""));
  console.log([...new Set(advice)].slice(0, 10).join("\n"));
  assert.deepEqual(lines.filter((line) => / error: /.test(line)), []);
});
