// A keyboard wedge on every page: whatever has the focus, no scan is lost, joined, doubled or typed into a field.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hospital, ours } from "./hospital.mjs";
import { flipped } from "./seen.mjs";
import { HOSTILE } from "./states.mjs";
import { pause, wedge } from "./wedge.mjs";

let here;

before(async () => {
  here = await hospital();
});

after(async () => {
  assert.equal(await here.close(), 0, "the server ends cleanly");
});

async function open(path) {
  const page = await here.browser.newPage();
  page.on("pageerror", (error) => assert.fail(error));
  await page.goto(here.address + path);
  return page;
}

const focus = {
  nothing: (page) => page.evaluate(() => document.activeElement?.blur()),
  box: (page) => page.focus("#code"),
  link: (page) => page.focus("nav a"),
  button: (page) => page.focus("button[data-key=F8]"),
};

/** A desk's page whose scans reach no server: what it would send is gathered. */
async function deaf() {
  const page = await here.browser.newPage();
  const sent = [];
  await page.route("**/api/v1/desks/*/scans", async (route) => {
    const { code, entry } = route.request().postDataJSON();
    sent.push([code, entry]);
    await route.fulfill({ json: { signal: "told", title: "Taken", detail: "", movements: [], session: "Scan on" } });
  });
  await page.goto(`${here.address}/desks/CL5-1`);
  await page.locator("#sound").waitFor();
  return { page, sent };
}

test("two hundred scans, either layout, caps lock or not, whatever has the focus, half of them 150 ms apart", async () => {
  const page = await open("/desks/LIB-1");
  const sent = [];
  page.on("request", (request) => { if (request.method() === "POST") sent.push(request.postDataJSON().code); });
  const labels = Array.from({ length: 200 }, (_, n) => ours(201 + n));
  const counts = {};
  let last = 0;
  for (const [n, label] of labels.entries()) {
    const layout = ["us", "uk"][n % 2];
    const caps = (n >> 1) % 2 === 1;
    const place = Object.keys(focus)[(n >> 2) % 4];
    await focus[place](page);
    const isSecond = n % 2 === 1;
    if (isSecond) await pause(Math.max(0, last * 1000 + 150 - Date.now()));
    last = await wedge(page, label, { layout, caps, at: isSecond ? last + 0.15 : 0 });
    const of = `${layout}, caps lock ${caps ? "on" : "off"}, focus on ${place}`;
    counts[of] = (counts[of] ?? 0) + 1;
  }
  console.log(counts);
  assert.equal(Object.keys(counts).length, 16);
  assert.equal(await page.inputValue("#code"), "");
  assert.equal(new URL(page.url()).pathname, "/desks/LIB-1");
  const deadline = Date.now() + 60_000;
  let missing = labels;
  while (missing.length > 0 && Date.now() < deadline) {
    const left = [];
    for (const label of missing) {
      const answer = await (await fetch(`${here.address}/api/v1/volumes/${label}/movements`)).json();
      const moves = answer.items.filter((item) => item.desk === "LIB-1");
      assert.ok(moves.length <= 1, `${label} is doubled`);
      if (moves.length === 0) left.push(label);
    }
    missing = left;
  }
  assert.deepEqual(missing, [], "lost");
  assert.deepEqual(sent, labels, "each once, whole, in its order");
  await page.close();
});

test("what a scanner sends is taken as it was read", async () => {
  const { page, sent } = await deaf();
  const table = [
    ["F0002", {}, "F0002"],
    ["F0002", { suffix: ["Tab"] }, "F0002"],
    ["F0002", { suffix: ["Enter", "Enter"] }, "F0002"],
    ["F0002", { suffix: ["Enter", "Tab"] }, "F0002"],
    ["F0002", { gap: 40 }, "F0002"],
    ["rx12aB", {}, "RX12AB"],
    ["rx12aB", { caps: true }, "RX12AB"],
    ["W7", {}, "W7"],
    // The signs of Code 39 lie alike on both keyboards.
    ["RX1/2.3+4$5%6 7-8", { layout: "us" }, "RX1/2.3+4$5%6 7-8"],
    ["RX1/2.3+4$5%6 7-8", { layout: "uk" }, "RX1/2.3+4$5%6 7-8"],
    // These do not: a scanner set for the other layout gets them wrong, and no page can tell.
    ['A@B"C#', { layout: "us" }, 'A@B"C#'],
    ['A@B"C#', { layout: "uk" }, 'A"B@C£'],
    // The symbology's own sign keeps its case: the wristband's Data Matrix is no Data Bar.
    ["]d20109506000134352\u001d8018123", {}, "]d20109506000134352\u001d8018123"],
    ["]C1ab\u001d12", { caps: true }, "]C1AB\u001d12"],
    // A key that cannot be read leaves a gap that can be seen, never a shorter label.
    [["F", "Dead", "0", "1", "2"], {}, "F\ufffd012"],
    [["F", "0", "F8", "1", "2"], {}, "F0\ufffd12"],
  ];
  for (const [text, how, taken] of table) {
    sent.length = 0;
    await wedge(page, text, how);
    await pause(200);
    assert.deepEqual(sent, [[taken, "scanned"]], JSON.stringify([text, how]));
    assert.equal(await page.inputValue("#code"), "");
  }
  await page.close();
});

test("an Enter before or after a scan presses no button and follows no link", async () => {
  const { page, sent } = await deaf();
  for (const place of ["link", "button"]) {
    sent.length = 0;
    await focus[place](page);
    await wedge(page, "F0002", { prefix: ["Enter"], suffix: ["Enter", "Enter"] });
    await pause(300);
    assert.deepEqual(sent, [["F0002", "scanned"]], place);
    assert.equal(new URL(page.url()).pathname, "/desks/CL5-1");
  }
  await page.close();
});

test("what a person types and presses goes on as ever", async () => {
  const { page, sent } = await deaf();
  const typed = async (keys, gap = 150) => { for (const key of keys) { await page.keyboard.press(key); await pause(gap); } };
  await focus.nothing(page);
  await typed(["1", "2", "3", "4", "Enter"]);
  assert.deepEqual(sent.splice(0), [["1234", "typed"]]);
  // What was typed stays in the box while a scan passes.
  await typed(["7", "8"]);
  await pause(1200);
  await wedge(page, "F0003");
  await pause(200);
  assert.deepEqual(sent.splice(0), [["F0003", "scanned"]]);
  assert.equal(await page.inputValue("#code"), "78");
  await typed(["Backspace", "9", "Enter"]);
  assert.deepEqual(sent.splice(0), [["79", "typed"]]);
  // A digit alone chooses; keys for cards; a key held down is one press; a space or an Enter presses what has the focus.
  await typed(["3", "Enter"]);
  assert.match(sent.splice(0)[0][0], /^C23/);
  await page.keyboard.down("F8");
  await page.keyboard.down("F8");
  await page.keyboard.up("F8");
  assert.match(sent.splice(0).join(), /^C06\d\d,typed$/);
  await pause(2100);
  await focus.button(page);
  await typed(["Space"]);
  await pause(2100);
  await focus.button(page);
  await typed(["Enter"], 300);
  assert.equal(sent.splice(0).length, 2);
  // The browser's own keys stay its own, and what an input method composes is not looked at.
  const left = await page.evaluate(() => ["altKey", "ctrlKey", "isComposing"].map((flag) => {
    const event = new KeyboardEvent("keydown", { key: flag === "isComposing" ? "A" : "F4", code: "F4", [flag]: true, cancelable: true, bubbles: true });
    document.body.dispatchEvent(event);
    return event.defaultPrevented;
  }));
  assert.deepEqual(left, [false, false, false]);
  await pause(1200);
  await focus.link(page);
  // Enter follows the link that has the focus.
  await Promise.all([page.waitForURL(`${here.address}/`), typed(["Enter"])]);
  assert.deepEqual(sent, []);
  await page.close();
});

test("a scan without its Enter is told aloud, and the next one is whole", async () => {
  const { page, sent } = await deaf();
  await wedge(page, "F0002", { suffix: [] });
  await page.locator("#local", { hasText: "The scanner sent no Enter" }).waitFor();
  assert.deepEqual(sent, []);
  await wedge(page, "F0003");
  await pause(200);
  assert.deepEqual(sent, [["F0003", "scanned"]]);
  assert.equal(await page.inputValue("#code"), "");
  await page.close();
});

/** Opens a page with fields of every kind on it, and answers where a scan leads and what the fields hold by then. */
async function scannedInto(path, selector, text) {
  const page = await open(path);
  await page.evaluate(() => {
    const form = document.createElement("form");
    form.action = "/nowhere";
    for (const [kind, value] of [["input", "before"], ["textarea", "before"], ["select", "before"]]) {
      const field = document.createElement(kind);
      field.id = `test-${kind}`;
      if (kind === "select") for (const option of ["before", "F9", "V9"]) field.add(new Option(option, option));
      field.value = value;
      form.append(field);
    }
    const badge = document.createElement("input");
    badge.id = "test-badge";
    badge.dataset.scan = "";
    form.append(badge);
    document.querySelector("main").append(form);
  });
  await page.evaluate(() => addEventListener("pagehide", () => {
    const fields = Array.from(document.querySelectorAll("[id^=test-]"), (field) => field.value);
    sessionStorage.setItem("left", JSON.stringify(fields));
  }));
  await page.route("**/find?scan=*", (route) => route.fulfill({ body: "found", contentType: "text/html" }));
  if (selector) await page.focus(selector); else await page.evaluate(() => document.activeElement?.blur());
  await wedge(page, text);
  await pause(300);
  return { page, left: () => page.evaluate(() => JSON.parse(sessionStorage.getItem("left"))) };
}

test("a scan into a page that is no desk is looked up, and stands in no field", async () => {
  const fields = [null, "#test-input", "#test-textarea", "#test-select", "nav a"];
  for (const [path, places] of Object.entries({ "/": fields, "/help": [null], "/desks/LIB-1/card": [null], "/volumes/F0001": ["nav a"] })) {
    for (const field of places) {
      const { page, left } = await scannedInto(path, field, "F0002/1");
      await page.waitForURL("**/find?scan=F0002%2F1");
      assert.deepEqual(await left(), ["before", "before", "before", ""], `${path} ${field}`);
      await page.close();
    }
  }
});

test("a field that asks for a scan takes it", async () => {
  const { page } = await scannedInto("/help", "#test-badge", "S000000123");
  assert.equal(await page.inputValue("#test-badge"), "S000000123");
  assert.equal(new URL(page.url()).pathname, "/help");
  await page.close();
});

test("on a question's page a scan fills the field that has the focus, and no other; nothing is sent before its button", async () => {
  const asked = async (mark) => {
    const list = await (await fetch(`${here.address}/questions`)).text();
    const card = list.split('<li class="ask').find((item) => item.includes(mark));
    assert.ok(card, `no question about ${mark}`);
    const page = await open(/class="settle" href="([^"]+)"/.exec(card)[1]);
    const posts = [];
    page.on("request", (request) => { if (request.method() === "POST") posts.push(request.url()); });
    await page.route("**/find?scan=*", (route) => route.fulfill({ body: "found", contentType: "text/html" }));
    return { page, path: new URL(page.url()).pathname, posts };
  };
  for (const [mark, fields] of [["X-EITHER", ["#badge"]], ["ZZ-UNKNOWN-1", ["#folder", "#badge-aside"]]]) {
    const { page, path, posts } = await asked(mark);
    const wanted = Object.fromEntries(fields.map((field) => [field, "B300"]));
    for (const field of fields) {
      await page.focus(field);
      await wedge(page, "B200");
      await pause(200);
      // A second scan takes the place of the first: the wrong badge is corrected by the right one.
      await wedge(page, "B300");
      await pause(200);
    }
    for (const field of fields) assert.equal(await page.inputValue(field), wanted[field], `${mark} ${field}`);
    assert.equal(new URL(page.url()).pathname, path);
    assert.deepEqual(posts, []);
    for (const other of fields.includes("#folder") ? ["nav a", "#volume", null] : ["nav a", "[name=verdict]", null]) {
      if (new URL(page.url()).pathname !== path) await page.goto(here.address + path);
      if (other) await page.focus(other); else await page.evaluate(() => document.activeElement?.blur());
      await wedge(page, "F0002");
      await page.waitForURL("**/find?scan=F0002");
    }
    assert.deepEqual(posts, []);
    await page.close();
  }
});

test("typing into a field of such a page stays typing", async () => {
  const { page } = await scannedInto("/help", null, []);
  await page.fill("#test-input", "");
  await page.focus("#test-input");
  for (const key of "smith 42") { await page.keyboard.press(key === " " ? "Space" : key); await pause(90); }
  assert.equal(await page.inputValue("#test-input"), "smith 42");
  await page.focus("#test-textarea");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await pause(200);
  assert.equal(await page.inputValue("#test-textarea"), "before\n");
  assert.equal(new URL(page.url()).pathname, "/help");
  await page.close();
});

/** One of the page's own scripts, alone; it may import nothing. */
async function script(name) {
  const folder = /src="([^"]+)casetrack\.js"/.exec(await (await fetch(`${here.address}/help`)).text())[1];
  const text = await (await fetch(`${here.address}${folder}${name}`)).text();
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

test("what a script writes into a page keeps its direction to itself, as what the server writes", async () => {
  const { isolated } = await script("written.js");
  const table = [
    ["ring عيادة القلب 01632 960013", "ring [عيادة القلب] 01632 960013"],
    ["كوهن, דנה", "[كوهن, דנה]"],
    ["At דנה 7 or Ward 7", "At [דנה] 7 or Ward 7"],
    ["דנה", "[דנה]"],
    ["\u202edrawkcab\u202c 01632", "drawkcab 01632"],
    ["open \u2067isolate, \u200fmark", "open isolate, mark"],
    ["דנה (Zoë) כוהן!", "[דנה] (Zoë) [כוהן]!"],
    ["", ""],
  ];
  for (const [text, expected] of table) {
    assert.equal(isolated(text).replaceAll("\u2068", "[").replaceAll("\u2069", "]"), expected);
  }
});

test("a desk tells a place written to the left before the server's page comes, and turns nothing", async () => {
  const page = await open("/desks/CL5-1");
  await page.locator("#sound").waitFor();
  await page.route("**/desks/CL5-1?session=*", (route) => route.abort());
  await wedge(page, "RTL-1");
  await page.locator("#next", { hasText: HOSTILE.arabic }).waitFor();
  await page.locator("#signal, #alert", { hasText: HOSTILE.arabic }).first().waitFor();
  assert.deepEqual(await page.evaluate(flipped), []);
  await page.close();
});

test("keys are read alone: a busy PC's scan is one, a quick typist is no scanner", async () => {
  const { characterOf, scanIn } = await script("keys.js");
  const read = (letters, gaps, end) => {
    let at = 0;
    const run = [...letters].map((letter, n) => ({ text: letter, at: (at += n ? gaps[n - 1] : 0) }));
    return scanIn(run, at + end)?.map((key) => key.text).join("") ?? null;
  };
  assert.equal(read("F0002", [5, 5, 5, 5], 5), "F0002");
  assert.equal(read("F0002", [5, 5, 5, 5], 400), "F0002", "the Enter was held up");
  assert.equal(read("F0002", [5, 5, 5, 400], 5), "F0002", "the last key was held up");
  assert.equal(read("F0002", [400, 5, 5, 5], 5), "F0002", "the first key was early");
  assert.equal(read("12F0002", [300, 300, 5, 5, 5, 5], 5), "F0002", "what was typed before it stays");
  assert.equal(read("123456", [90, 110, 80, 95, 120], 100), null, "a quick typist");
  assert.equal(read("12", [45], 300), null, "two keys rolled together");
  assert.equal(read("12", [45], 100), null, "two keys rolled together, and a quick Enter");
  assert.equal(read("W7", [5], 5), "W7", "the shortest label");
  assert.equal(read("", [], 5), null);
  const tabbed = scanIn([{ text: "", at: 0 }, ...[..."F0002"].map((text, n) => ({ text, at: 500 + 5 * n }))], 525);
  assert.equal(tabbed[0].text, "F", "a hand's Tab half a second before brought the focus, and is no part of the scan");
  const key = (more) => characterOf({ code: "", key: "", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more });
  const alt = (name) => name === "AltGraph";
  assert.equal(key({ code: "KeyV", key: "v" }), "V");
  assert.equal(key({ code: "Digit4", key: "$", shiftKey: true }), "$");
  assert.equal(key({ code: "Digit4", key: "€", getModifierState: alt }), "€");
  assert.equal(key({ code: "Numpad4", key: "4" }), "4");
  assert.equal(key({ code: "Numpad4", key: "ArrowLeft" }), null);
  assert.equal(key({ code: "", key: "v" }), "v", "a remote desktop tells no position");
  assert.equal(key({ code: "KeyA", key: "a", ctrlKey: true }), null);
  assert.equal(key({ code: "BracketRight", key: "]", ctrlKey: true }), "\u001d");
  assert.equal(key({ code: "Quote", key: "Dead" }), "\ufffd");
  assert.equal(key({ code: "ShiftLeft", key: "Shift", shiftKey: true }), null);
});
