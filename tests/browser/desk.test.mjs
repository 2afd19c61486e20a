// What a clerk sees in a real browser: the desk page without a mouse, with and without JavaScript.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hospital, ours } from "./hospital.mjs";
import { assertDistinct, assertSaid, heardIn } from "./tones.mjs";
import { pause, wedge } from "./wedge.mjs";

const QUIET = { timeout: 15_000 };
let here;

before(async () => {
  here = await hospital();
});

after(async () => {
  assert.equal(await here.close(), 0, "the server ends cleanly");
});

async function open(path) {
  const page = await here.browser.newPage({ viewport: { width: 1280, height: 900 } });
  const outside = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(here.address) && !request.url().startsWith("data:")) outside.push(request.url());
  });
  page.on("dialog", (dialog) => assert.fail(`a page ran foreign script: ${dialog.message()}`));
  await page.goto(here.address + path);
  return { page, outside };
}

test("a page without scans of its own shows the desk's scanners side by side, each with its pile", async () => {
  for (const name of ["front", "back", "left", "right"]) await here.scan("CL5-1", "F0011", name);
  await here.scan("CL5-1", "NO-SUCH-1234", "front");
  const { page } = await open("/desks/CL5-1");
  const cards = page.locator(".others.large .other", { hasText: /Scanner (front|back|left|right)/ });
  await cards.nth(3).waitFor(QUIET);
  const boxes = async () => (await cards.evaluateAll((all) => all.map((card) => card.getBoundingClientRect().toJSON())));
  const wide = await boxes();
  assert.equal(new Set(wide.map((box) => box.top)).size, 1, "in one row at 1280");
  assert.equal(new Set(wide.map((box) => box.left)).size, 4);
  await page.setViewportSize({ width: 360, height: 800 });
  const narrow = await boxes();
  assert.equal(new Set(narrow.map((box) => box.left)).size, 1, "stacked at 360");
  assert.ok(narrow.every((box) => box.right <= 360));
  const front = cards.filter({ hasText: "Scanner front" });
  assert.equal(await front.locator(".asides .four").first().innerText(), "1234");
  // A later scan covers no pile: it has a place of its own; a scan into this page makes it the large one.
  await here.scan("CL5-1", ours(301), "front");
  await front.locator(".last", { hasText: "RECEIVED" }).waitFor(QUIET);
  assert.equal(await front.locator(".asides .four").first().innerText(), "1234");
  await wedge(page, ours(302));
  await page.locator("#signal", { hasText: "RECEIVED" }).waitFor(QUIET);
  await page.locator(".others:not(.large) .other").first().waitFor(QUIET);
  await page.close();
});

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

test("a scanner is proved at the desk: each symbol asks for the next, then it is ready, or one setting is named", async () => {
  const { page } = await open("/desks/CL5-1");
  const proof = page.locator("#proofs .proof");
  const sheet = ["C1736", "C1833", "91PROOF\u001d92GS", "proof-azy@#"];
  const scan = async (layout, texts = sheet) => {
    for (const text of texts) await wedge(page, text, { layout });
    const last = await wedge(page, "C1930", { layout });
    await wedge(page, "C2027", { layout, at: last + 0.3 });
  };
  await wedge(page, sheet[0]);
  await page.locator("#signal", { hasText: "scan number 2, Code 39" }).waitFor(QUIET);
  await proof.locator("li").first().waitFor(QUIET);
  assert.deepEqual(await proof.locator("li").evaluateAll((all) => all.map((li) => li.className)), ["right", "waited", "waited", "waited", "waited"]);
  await scan("us", sheet.slice(1));
  await page.locator("#signal", { hasText: "This scanner is ready" }).waitFor(QUIET);
  assert.match(await page.locator("#signal").innerText(), /one beep, or two\?/);
  await proof.locator("li.right").nth(4).waitFor(QUIET);
  // A scanner with US keys at a British PC.
  await scan("uk");
  await page.locator("#signal", { hasText: "wrong country" }).waitFor(QUIET);
  await proof.locator("li.otherwise", { hasText: "Small letters" }).waitFor(QUIET);
  // Code 39 switched off.
  await scan("us", sheet.filter((text) => text !== "C1833"));
  await page.locator("#signal", { hasText: "Code 39 does not arrive" }).waitFor(QUIET);
  await proof.locator("li.missing", { hasText: "Code 39" }).waitFor(QUIET);
  // A folder is a folder again.
  await wedge(page, ours(303));
  await page.locator("#signal", { hasText: "RECEIVED" }).waitFor(QUIET);
  await proof.waitFor({ state: "detached", ...QUIET });
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

test("each signal can be told with closed eyes, and sounds as the help page says", async () => {
  const { page } = await open("/help");
  const rendered = JSON.parse(await page.evaluate(async () => {
    const { TONES, TENTH, render } = await import(new URL("sound.js", document.querySelector("script[type=module]").src));
    const play = async (name, shift) => {
      const context = new OfflineAudioContext(1, 1.5 * 16_000, 16_000);
      render(context, name, 0.1, shift);
      return Array.from((await context.startRendering()).getChannelData(0), (sample) => Math.round(sample * 1e4) / 1e4);
    };
    const all = {};
    for (const name of Object.keys(TONES)) all[name] = await play(name, 1);
    for (const name of ["arrived", "sent"]) all[`${name}, tenth`] = await play(name, TENTH);
    return JSON.stringify(all);
  }));
  const heard = Object.fromEntries(Object.entries(rendered).map(([name, samples]) => [name, heardIn(samples, 16_000)]));
  console.log(heard);
  const { arrived, sent, filed, packed, kept, refused, stop, look, down } = heard;
  assert.deepEqual([filed, packed], [sent, sent]);
  assertDistinct({ arrived, sent, look, refused, stop, told: heard.told, kept, wait: heard.wait, down });
  assert.ok(kept.notes[0].hertz < arrived.notes[0].hertz / 1.5, "kept is as accepted, lower");
  assert.ok(refused.notes[0].hertz < 250 && stop.notes.every((note) => note.hertz < 250), "low");
  for (const name of ["arrived", "sent"]) {
    const ratio = heard[`${name}, tenth`].notes[0].hertz / heard[name].notes[0].hertz;
    assert.ok(ratio > 1.08 && ratio < 1.19, `the tenth is slightly different: ${ratio}`);
    assert.equal(heard[`${name}, tenth`].direction, heard[name].direction);
  }
  for (const [name, { peak, loudness }] of Object.entries(heard)) {
    assert.ok(peak > 0.1 && peak < 0.7 && loudness > 0.05, `${name} is neither faint nor cut off: ${peak}, ${loudness}`);
  }
  const said = await page.locator(".signs li").evaluateAll((all) => Object.fromEntries(all.map((li) => [
    li.querySelector(".panel").classList[1], /Sound: ([^.]+)\./.exec(li.textContent)[1],
  ])));
  assertSaid(said, heard);
  await page.close();
});

test("a browser that forbids sound is told so, until a key lets it sound; then the sound is checked by one key", async () => {
  const context = await here.browser.newContext();
  await context.addInitScript(() => {
    const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "state").get;
    let isAllowed = false;
    addEventListener("keydown", (event) => { isAllowed ||= event.isTrusted; }, { capture: true });
    Object.defineProperty(BaseAudioContext.prototype, "state", { get() { return isAllowed ? state.call(this) : "suspended"; } });
  });
  const page = await context.newPage();
  await page.goto(`${here.address}/desks/CL5-1`);
  await page.locator("#sound.off", { hasText: "Sound is off" }).waitFor(QUIET);
  await page.keyboard.press("Shift");
  await page.locator("#sound:not(.off)", { hasText: "Sound check" }).waitFor(QUIET);
  await page.keyboard.press("F2");
  await page.locator("#sound", { hasText: "did you hear them" }).waitFor(QUIET);
  await page.keyboard.press("F2");
  await page.locator("#sound").waitFor({ state: "hidden" });
  // Somebody signs on: asked again, and the page says until when.
  await wedge(page, "B100");
  await page.locator("#sound", { hasText: "Sound check" }).waitFor(QUIET);
  assert.match(await page.locator(".desk-name").innerText(), /O'Brien.*signed off at \d\d:\d\d if nothing is scanned/s);
  await wedge(page, "C0184");
  await context.close();
});

test("what is put aside stays until OK or END, and the page says which the next OK is about", async () => {
  const { page } = await open("/desks/CL5-1");
  const aside = page.locator("#aside");
  for (const text of ["NO-SUCH-0001", "NO-SUCH-0002"]) {
    await wedge(page, text);
    await aside.locator(".four", { hasText: text.slice(-4) }).waitFor(QUIET);
  }
  await wedge(page, ours(303));
  await page.locator("#signal", { hasText: "RECEIVED" }).waitFor(QUIET);
  assert.deepEqual(await aside.locator(".four").allInnerTexts(), ["0002", "0001"]);
  assert.equal(await aside.locator(".is-next .four").innerText(), "0002");
  assert.match(await aside.innerText(), /since \d\d:\d\d/);
  await page.keyboard.press("F4");
  await aside.locator(".is-next .four", { hasText: "0001" }).waitFor(QUIET);
  await page.keyboard.press("F10");
  await aside.locator("text=Nothing waits beside the pile").waitFor(QUIET);
  await page.close();
});

test("a lost line is seen without a scan; what waits is listed, outlives a reload, and is recorded once", async () => {
  const { page } = await open("/desks/CL5-1");
  await page.locator("#sound").waitFor();
  page.removeAllListeners("dialog");
  let asked = 0;
  page.on("dialog", (dialog) => { asked += 1; return dialog.accept(); });
  await page.route("**/api/v1/desks/*/scans", (route) => route.abort());
  await page.route("**/static/*/casetrack.js", (route) => (route.request().method() === "HEAD" ? route.abort() : route.continue()));
  const line = page.locator("#line", { hasText: "No connection to the server" });
  await line.waitFor({ timeout: 9_000 });
  assert.match(await line.innerText(), /USE PAPER SLIPS/);
  for (const n of [311, 312, 311]) await wedge(page, ours(n));
  await page.locator("#line", { hasText: `(3): …${ours(311).slice(-4)}, …${ours(312).slice(-4)}` }).waitFor(QUIET);
  await page.reload();
  assert.equal(asked, 1, "a page with scans that wait asks before it closes");
  await page.locator("#line", { hasText: `(3): …${ours(311).slice(-4)}` }).waitFor({ timeout: 12_000 });
  await page.unrouteAll();
  await page.locator("#notes", { hasText: "The connection is back" }).waitFor({ timeout: 12_000 });
  await line.waitFor({ state: "detached", timeout: 12_000 });
  for (const n of [311, 312]) {
    await page.locator(`#list a[href$="${ours(n)}"]`).first().waitFor(QUIET);
    const moves = await (await fetch(`${here.address}/api/v1/volumes/${ours(n)}/movements`)).json();
    assert.equal(moves.items.filter((item) => item.desk === "CL5-1").length, 1);
  }
  await page.close();
});

test("a scan that waited for a quarter of an hour is not sent: its folder may have gone on since", async () => {
  const { page } = await open("/desks/CL5-1");
  await page.locator("#sound").waitFor();
  page.removeAllListeners("dialog");
  page.on("dialog", (dialog) => dialog.accept());
  await page.route("**/api/v1/desks/*/scans", (route) => route.abort());
  await wedge(page, ours(331));
  await page.evaluate(() => {
    const name = "casetrack-CL5-1-waiting";
    const old = JSON.parse(sessionStorage.getItem(name)).map((scan) => ({ ...scan, at: new Date(Date.now() - 16 * 60_000).toISOString() }));
    sessionStorage.setItem(name, JSON.stringify(old));
  });
  await page.unrouteAll();
  let sent = 0;
  page.on("request", (request) => { if (request.method() === "POST") sent += 1; });
  await page.reload();
  await page.locator("#local .panel.refused", { hasText: "It waited too long for the server" }).waitFor(QUIET);
  await page.locator("#notes", { hasText: `not sent again (1): …${ours(331).slice(-4)}` }).waitFor(QUIET);
  assert.equal(sent, 0);
  await page.locator("#notes button", { hasText: "Slips are written" }).click();
  await page.close();
});

test("a server that takes nothing leaves a list for paper slips", async () => {
  const { page } = await open("/desks/CL5-1");
  const problem = { title: "Use paper slips", detail: "Nothing is recorded.", status: 503 };
  await page.route("**/api/v1/desks/*/scans", (route) => route.fulfill({ status: 503, headers: { "retry-after": "30" }, json: problem }));
  for (const n of [321, 322]) await wedge(page, ours(n));
  await page.locator("#notes", { hasText: `Not recorded, and not sent again (2): …${ours(321).slice(-4)}, …${ours(322).slice(-4)}` }).waitFor(QUIET);
  await page.locator("#local .panel.down").waitFor(QUIET);
  await page.reload();
  await page.locator("#notes button", { hasText: "Slips are written" }).click();
  assert.equal(await page.locator("#notes").innerText(), "");
  await page.close();
});

test("a page works where the browser keeps nothing, and says so", async () => {
  const context = await here.browser.newContext();
  await context.addInitScript(() => {
    Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
  });
  const page = await context.newPage();
  await page.goto(`${here.address}/desks/CL5-1`);
  await page.locator("#notes", { hasText: "keeps nothing" }).waitFor(QUIET);
  await wedge(page, ours(331));
  await page.locator("#signal", { hasText: "RECEIVED" }).waitFor(QUIET);
  await context.close();
});

test("no folder stays on the screen after a minute, though the page slept", async () => {
  const { page } = await open("/desks/CL5-1");
  await page.clock.install();
  await page.reload();
  await wedge(page, ours(341));
  await page.locator("#signal .panel", { hasText: "RECEIVED" }).waitFor(QUIET);
  // The server is not asked: what stands is taken off by the page itself.
  await page.route("**/desks/CL5-1?session=*", (route) => route.abort());
  await page.clock.fastForward(30_000);
  assert.equal(await page.locator("#signal .panel").count(), 1);
  await page.clock.fastForward(31_000);
  await page.locator("#signal .panel").waitFor({ state: "detached", timeout: 5_000 });
  await page.close();
});

test("a new release is loaded once nobody is at work", async () => {
  const { page } = await open("/desks/CL5-1");
  await page.clock.install();
  await page.route("**/static/*/casetrack.js", (route) => (route.request().method() === "HEAD" ? route.fulfill({ status: 404 }) : route.continue()));
  await page.reload();
  await page.locator("#sound").waitFor();
  let loads = 0;
  page.on("load", () => { loads += 1; });
  const letPass = async (seconds) => {
    for (let passed = 0; passed < seconds; passed += 6) {
      await page.clock.fastForward(6_000);
      await pause(300);
    }
  };
  await page.keyboard.press("7");
  await letPass(30);
  assert.equal(loads, 0, "something is typed");
  await page.keyboard.press("Backspace");
  await letPass(6);
  assert.equal(loads, 0, "somebody is there");
  await letPass(18);
  await page.locator("#sound").waitFor();
  await letPass(30);
  assert.equal(loads, 1, "once, not for ever");
  await page.close();
});

test("a week of scans leaves the page as small as it was", async () => {
  const scans = process.env.CASETRACK_FULL ? 20_000 : 1_000;
  const { page } = await open("/desks/LIB-1");
  await page.locator("#sound").waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const size = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    const kept = await page.evaluate(() => JSON.stringify(sessionStorage).length);
    return { heap: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners"), kept };
  };
  const labels = Array.from({ length: 200 }, (_, n) => ours(201 + n));
  /** Scans as a wedge does, as fast as the server answers: the page's own keys, without the browser's way to them. */
  const work = (count) => page.evaluate(async ([all, until]) => {
    const box = document.getElementById("code");
    let answered = 0;
    const next = document.getElementById("signal");
    const own = window.fetch;
    window.fetch = async (...asked) => {
      const reply = await own(...asked);
      if (asked[1]?.method === "POST") answered += 1;
      return reply;
    };
    for (let n = 0; n < until; n += 1) {
      for (const key of [...all[n % all.length], "Enter"]) {
        const code = key === "Enter" ? key : /[0-9]/.test(key) ? `Digit${key}` : `Key${key}`;
        box.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }));
      }
      while (answered < n - 20) await new Promise((done) => setTimeout(done, 5));
    }
    while (answered < until) await new Promise((done) => setTimeout(done, 5));
    window.fetch = own;
    return next.isConnected;
  }, [labels, count]);
  await work(300);
  await pause(2_000);
  const before = await size();
  await work(scans);
  await pause(2_000);
  const after = await size();
  console.log({ scans, before, after });
  assert.ok(after.heap < before.heap + 1_500_000, "heap: 1.5 MB of play");
  assert.ok(after.nodes < before.nodes + 1_000, "nodes: a list's worth of play");
  assert.ok(after.listeners <= before.listeners + 20, "listeners");
  assert.ok(after.kept <= before.kept + 200, "kept in the tab");
  assert.ok((await page.locator("#list li").count()) <= 30);
  await page.close();
});
