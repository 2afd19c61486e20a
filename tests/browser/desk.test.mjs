// What a clerk sees in a real browser: the desk page without a mouse, with and without JavaScript.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hospital, ours } from "./hospital.mjs";

const QUIET = { timeout: 15_000 };
let here;

before(async () => {
  here = await hospital();
});

after(async () => {
  assert.equal(await here.close(), 0, "the server ends cleanly");
});

/**
 * Types as a wedge scanner does: 5 ms a key, then Enter. The keys carry the scanner's times, as they do from a real
 * keyboard however busy the PC is.
 */
async function wedge(page, text) {
  page.wedge ??= await page.context().newCDPSession(page);
  let timestamp = Date.now() / 1000;
  for (const key of [...text, "Enter"]) {
    const code = key === "Enter" ? key : /[0-9]/.test(key) ? `Digit${key}` : `Key${key}`;
    const windowsVirtualKeyCode = key === "Enter" ? 13 : key.charCodeAt(0);
    const press = { key, code, windowsVirtualKeyCode, timestamp };
    await page.wedge.send("Input.dispatchKeyEvent", { type: "keyDown", text: key === "Enter" ? "\r" : key, ...press });
    await page.wedge.send("Input.dispatchKeyEvent", { type: "keyUp", ...press });
    timestamp += 0.005;
  }
}

async function open(path, options = {}) {
  const page = await here.browser.newPage();
  const outside = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(here.address) && !request.url().startsWith("data:")) outside.push(request.url());
  });
  page.on("dialog", (dialog) => assert.fail(`a page ran foreign script: ${dialog.message()}`));
  await page.setViewportSize({ width: options.width ?? 1280, height: 900 });
  await page.goto(here.address + path);
  return { page, outside };
}

test("a folder scanned into the desk page is received, whatever has the focus", async () => {
  const { page, outside } = await open("/desks/CL5-1");
  await page.evaluate(() => document.activeElement?.blur());
  await wedge(page, "F0002");
  await page.locator("#signal", { hasText: "RECEIVED" }).waitFor(QUIET);
  const volume = await (await fetch(`${here.address}/api/v1/volumes/F0002`)).json();
  assert.deepEqual([volume.state, volume.place.code, volume.confirmed], ["at", "CL5", true]);
  assert.deepEqual(outside, []);
  await page.close();
});

test("two hundred folders at wedge speed: none lost, joined or doubled", async () => {
  const { page } = await open("/desks/LIB-1");
  for (let n = 201; n <= 400; n += 1) await wedge(page, ours(n));
  const deadline = Date.now() + 60_000;
  let missing = ["all"];
  while (missing.length > 0 && Date.now() < deadline) {
    missing = [];
    for (let n = 201; n <= 400; n += 1) {
      const answer = await fetch(`${here.address}/api/v1/volumes/${ours(n)}/movements`);
      const scans = (await answer.json()).items.filter((item) => item.desk === "LIB-1");
      assert.ok(scans.length <= 1, `${ours(n)} is doubled`);
      if (scans.length === 0) missing.push(n);
    }
  }
  assert.deepEqual(missing, [], await page.locator("#list").innerText());
  // Nothing was joined, cut or refused on the way: nothing waits beside the pile but what was received before.
  const words = await page.locator("#list .lines li strong:first-child").allTextContents();
  assert.deepEqual(words.filter((word) => word === "NOT DONE" || word === "STOP"), []);
  await page.close();
});

test("a scan that a busy PC held up is still one scan, and a quick typist is no scanner", async () => {
  const { page } = await open("/desks/CL5-1");
  const read = (text, gaps, enter) => page.evaluate(async ([letters, pauses, end]) => {
    const { scanIn } = await import(new URL("keys.js", document.querySelector("script[type=module]").src));
    let at = 0;
    const run = [...letters].map((letter, n) => ({ text: letter, at: (at += n ? pauses[n - 1] : 0) }));
    return scanIn(run, at + end);
  }, [text, gaps, enter]);
  assert.equal(await read("F0002", [5, 5, 5, 5], 5), "F0002");
  assert.equal(await read("F0002", [5, 5, 5, 5], 400), "F0002", "the Enter was held up");
  assert.equal(await read("F0002", [5, 5, 5, 400], 5), "F0002", "the last key was held up");
  assert.equal(await read("F0002", [400, 5, 5, 5], 5), "F0002", "the first key was early");
  assert.equal(await read("12F0002", [300, 300, 5, 5, 5, 5], 5), "F0002", "what was typed before it stays");
  assert.equal(await read("123456", [90, 110, 80, 95, 120], 100), null, "a quick typist");
  assert.equal(await read("12", [45], 300), null, "two keys rolled together");
  await page.close();
});

test("a hostile name is text, on every page", async () => {
  await here.scan("LIB-1", "CARD", "hostile");
  await here.scan("LIB-1", "F0001", "hostile");
  await here.scan("LIB-1", "<script>alert(2)</script>", "hostile");
  for (const path of ["/", "/volumes/F0001", "/places/CARD", "/places/LIB", "/desks/LIB-1", "/help", "/desks/LIB-1/card"]) {
    const { page } = await open(path);
    assert.equal(await page.locator("script:not([src])").count(), 0, path);
    assert.equal(await page.locator("img[src=x]").count(), 0, path);
    await page.close();
  }
});

test("no page is wider than a phone", async () => {
  for (const path of ["/", "/volumes/F0001", "/places/LIB", "/desks/LIB-1", "/help"]) {
    const { page } = await open(path, { width: 360 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${path} is ${width} px wide`);
    await page.close();
  }
});

test("a volume's page follows its folder while it is open", async () => {
  const { page } = await open("/volumes/F0003");
  await here.scan("CL5-1", "F0003", "elsewhere");
  await page.locator("main", { hasText: "Clinic 5" }).waitFor(QUIET);
  await page.close();
});

test("the desk works without JavaScript", async () => {
  const context = await here.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${here.address}/desks/CL5-1`);
  // What is typed counts as a label only if its check digits are ours: anything else is a patient's number.
  await page.fill("#code", "F0004");
  await page.press("#code", "Enter");
  await page.locator("#signal, #alert", { hasText: "No folders are known" }).first().waitFor(QUIET);
  await page.fill("#code", here.own);
  await page.press("#code", "Enter");
  await page.locator("#signal", { hasText: "RECEIVED" }).waitFor(QUIET);
  const volume = await (await fetch(`${here.address}/api/v1/volumes/${here.own}`)).json();
  assert.deepEqual([volume.state, volume.place.code, volume.confirmed], ["at", "CL5", true]);
  await page.locator("button", { hasText: "UNDO" }).click();
  await page.locator("#list", { hasText: "taken back" }).waitFor(QUIET);
  await context.close();
});
