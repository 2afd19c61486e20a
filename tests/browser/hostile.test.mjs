// Whatever is typed, scanned, imported or sent: it is text, nothing breaks, and nothing of it is logged.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { person } from "./clerk.mjs";
import { hospital, uuid7, within } from "./hospital.mjs";
import { cutText, flipped, foreign, overflow } from "./seen.mjs";
import { HOSTILE } from "./states.mjs";
import { wedge } from "./wedge.mjs";

const PATIENCE = { timeout: 120_000 };
const LONG = "9".repeat(10_000);

/** What is sent everywhere, as text. */
const TEXTS = [
  HOSTILE.markup, HOSTILE.attribute, HOSTILE.arabic, HOSTILE.override, HOSTILE.isolate, HOSTILE.marks, HOSTILE.long, LONG,
  "\0", "a\0b", "..", "../../etc/passwd", "%", "%%", "_%", "'; DROP TABLE scan; --", "\" OR 1=1", "{{7*7}}", "${7*7}", "\r\nX-Evil: 1",
  "\uFFFD", "\uFEFF", "\u2028", "🏥".repeat(40), "]C0V000001234", "*", "\"*\"", "NEAR(a b)", "a AND b OR", "^", "(", "-",
];

/** What is sent as it stands in an address: bytes that no text has. */
const RAW = ["%00", "%2F", "%2e%2e%2f", "%C0%AF", "%FF", "%ED%A0%80", "%ED%B0%80", "%F0%9F", "%E2%80%AE", "%zz", "%", "a%0d%0aX-Evil:%201", "%5C..%5C"];

const ADDRESSES = ["/find?q=", "/find?scan=", "/volumes/", "/places/", "/desks/", "/desks/LIB-1?session=", "/api/v1/volumes/", "/api/v1/places/CL5/volumes?after=",
  "/api/v1/places/CL5/volumes?limit=", "/api/v1/search?q=", "/api/v1/live?place=", "/static/", "/volumes/X-AT?after="];

let here;

before(async () => {
  here = await hospital();
});

after(async () => {
  assert.equal(await (await fetch(`${here.address}/healthz`)).text(), "ok\n", "the server lives");
  assert.equal(await here.close(), 0, "the server ends cleanly");
  const log = here.log();
  for (const secret of ["alert(1)", "Featherstonehaugh", "Smith-Jones", "SMITH-JONES", "Patel", "900002", "9434765919", HOSTILE.arabic, "DROP TABLE", "99999999", "X-AT", "passwd"]) {
    assert.ok(!log.includes(secret), `the log tells ${secret}:\n${log.slice(0, 4_000)}`);
  }
});

async function answers(path, options) {
  const stop = new AbortController();
  const reply = await fetch(here.address + path, { redirect: "manual", signal: stop.signal, ...options });
  assert.ok(reply.status < 500, `${reply.status} for ${path.slice(0, 200)}`);
  assert.equal(reply.headers.get("x-evil"), null, path.slice(0, 200));
  const endless = reply.headers.get("content-type") === "text/event-stream";
  const body = endless ? "" : await reply.text();
  stop.abort();
  return { reply, body };
}

test("no address fails, whatever stands in it", PATIENCE, async () => {
  for (const address of ADDRESSES) {
    for (const end of [...TEXTS.map(encodeURIComponent), ...RAW]) {
      const { reply, body } = await answers(address + end);
      const isPage = /html/.test(reply.headers.get("content-type"));
      assert.ok(!isPage || !/<script>|<img src=x/.test(body), `markup of ${end.slice(0, 80)} stands in ${address}`);
    }
  }
});

test("no form and no scan fails, whatever stands in it", PATIENCE, async () => {
  const json = (body) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const form = (fields) => ({ method: "POST", body: new URLSearchParams(fields) });
  for (const text of TEXTS) {
    await answers("/api/v1/desks/LIB-1/scans", json({ id: uuid7(), code: text, scanner: "hostile" }));
    await answers("/api/v1/desks/LIB-1/scans", json({ id: uuid7(), code: "F0001", scanner: text }));
    await answers("/api/v1/desks/LIB-1/scans", json({ id: text, code: "F0001", at: text, entry: text }));
    await answers("/desks/LIB-1", form({ id: uuid7(), scanner: "hostile", code: text }));
    await answers("/desks/LIB-1", form({ id: text, scanner: text, code: "F0001" }));
  }
  for (const body of ["", "{", "[]", "null", "\"\"", "{\"id\":1}", "\uFEFF{}", "{\"id\":\"\\ud800\"}", "[".repeat(10_000)]) {
    const { reply } = await answers("/api/v1/desks/LIB-1/scans", { method: "POST", headers: { "content-type": "application/json" }, body });
    assert.equal(reply.status, 400, body.slice(0, 40));
  }
  const { reply } = await answers("/api/v1/desks/LIB-1/scans", json({ id: uuid7(), code: "9".repeat(70_000) }));
  assert.equal(reply.status, 413);
});

/** Sends bytes as they are; answers what came back. */
function raw(bytes) {
  const { hostname, port } = new URL(here.address);
  return within(20_000, "an answer to raw bytes", new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let told = "";
    socket.on("data", (piece) => { told += piece.toString("latin1"); });
    socket.on("close", () => resolve(told));
    socket.on("error", (error) => (told ? resolve(told) : error.code === "ECONNRESET" ? resolve("") : reject(error)));
    socket.write(Buffer.from(bytes, "latin1"));
  }));
}

test("no header fails, whatever stands in it", PATIENCE, async () => {
  const host = new URL(here.address).host;
  const lines = ["Last-Event-ID: \xFF\xFE", "Last-Event-ID: 1.2.3", `Last-Event-ID: ${LONG}`, "Accept-Language: <script>", "Origin: null", "Sec-Fetch-Site: \xFF",
    `Cookie: ${LONG}`, "Content-Length: -1", "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked, chunked", "Accept-Encoding: \0", "Range: bytes=0-0,-1"];
  for (const line of lines) {
    const told = await raw(`GET /volumes/X-AT HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${line}\r\n\r\n`);
    assert.doesNotMatch(told, /^HTTP\/1\.1 5/, line.slice(0, 60));
  }
  for (const other of ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example", "\xFF"]) {
    const told = await raw(`GET / HTTP/1.1\r\nHost: ${other}\r\nConnection: close\r\n\r\n`);
    assert.match(told, /^HTTP\/1\.1 4/, other);
  }
  assert.match(await raw(`GET ../../etc/passwd HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 4|^$/);
});

test("a page that names what was typed stays a page", PATIENCE, async () => {
  const visitor = await person(here, "/", { viewport: { width: 320, height: 900 } });
  for (const text of TEXTS.filter((text) => !text.includes("\0"))) {
    for (const path of [`/find?q=${encodeURIComponent(text)}`, `/volumes/${encodeURIComponent(text)}`, `/places/${encodeURIComponent(text)}`]) {
      await visitor.page.goto(here.address + path);
      const page = visitor.page;
      assert.deepEqual([await page.evaluate(foreign), await page.evaluate(flipped), await page.evaluate(overflow), await page.evaluate(cutText)], [[], [], null, []], path.slice(0, 200));
    }
  }
  await visitor.leaves();
});

test("a desk that is scanned nonsense stays a desk", PATIENCE, async () => {
  const clerk = await person(here, "/desks/ADM-1");
  for (const text of ["<script>alert(7)</script>", "<img src=x onerror=alert(8)>", "'\"--><b>", "F0151"]) {
    await clerk.page.evaluate(() => document.getElementById("code").focus());
    await clerk.page.fill("#code", text);
    await clerk.press("Enter");
  }
  await wedge(clerk.page, "F0150");
  await clerk.reads("#signal", "CN0150");
  assert.deepEqual([await clerk.page.evaluate(foreign), await clerk.page.evaluate(flipped)], [[], []]);
  await clerk.leaves();
});
