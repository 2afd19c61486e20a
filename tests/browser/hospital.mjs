// One hospital in every state on a free port, and a browser that looks at it. Everything is ended by its own id.
import { execFileSync, spawn } from "node:child_process";
import { webcrypto as crypto } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ACTS, ANSWERS, CLOCKS_DISAGREE, EARLY, FILES, LONG_AGO, MADE, PRINTERS, PRINTS, SEARCHES, config } from "./states.mjs";

const program = process.env.CASETRACK;
/** So long a server may take to be ready, and to end, in milliseconds: a busy machine needs a second or two. */
const PATIENCE_MS = 30_000;

export { card, ours, wristband } from "./states.mjs";

/** Chromium as Debian has it, told to speak to nobody but us. */
export function chromiumHere() {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/** Tells `what` went wrong when `promise` takes too long. */
export async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what}: ${ms} ms were not enough`)), ms); });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Starts the service and waits for its address; `log()` is all that it has said. */
async function serve(toml) {
  const server = spawn(program, ["serve", "--config", toml], { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  const address = await within(PATIENCE_MS, "the server's start", new Promise((resolve, reject) => {
    const hear = (bytes) => {
      told += bytes;
      const found = told.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("exit", () => reject(new Error(`the server ended: ${told}`)));
  }));
  return { server, address, log: () => told };
}

/** Ends a process that we started; `null` where it had to be killed. */
async function end(server) {
  server.removeAllListeners("exit");
  if (server.exitCode !== null) return server.exitCode;
  const status = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  return within(PATIENCE_MS, "the server's end", status).catch(() => { server.kill("SIGKILL"); return null; });
}

function written(dir, name, text) {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

/** Imports the files and lets the desks work as far as they can before the service listens. */
function build(dir) {
  const file = (name, text) => written(dir, name, text);
  const toml = file("casetrack.toml", config(dir));
  mkdirSync(join(dir, "spool"));
  const run = (args, input) => execFileSync(program, [...args, "--config", toml], { input, stdio: "pipe", timeout: PATIENCE_MS });
  for (const [kind, text] of Object.entries(FILES)) run(["import", kind, file(`${kind}.csv`, text)]);
  for (const [desk, codes] of EARLY) {
    // Not every line is accepted, which the command's status says: unknown labels are wanted here.
    try { run(["scan", "--desk", desk, "--session", "early"], codes.join("\n") + "\n"); } catch (error) { if (error.status !== 1) throw error; }
  }
  execFileSync("sqlite3", [join(dir, "data", "casetrack.db")], { input: CLOCKS_DISAGREE + LONG_AGO, timeout: PATIENCE_MS });
  return toml;
}

/** A service on its first morning: no desk, nothing imported. */
export async function newHospital() {
  const dir = mkdtempSync(join(tmpdir(), "casetrack-browser-"));
  const toml = written(dir, "casetrack.toml", `[server]\nlisten = "127.0.0.1:0"\ndata_dir = "${dir}/data"\n`);
  return served(dir, toml, null);
}

/** The hospital, served, its desks at work; with a browser unless `browser` is `null`. */
export async function hospital({ browser = chromiumHere } = {}) {
  const dir = mkdtempSync(join(tmpdir(), "casetrack-browser-"));
  const here = await served(dir, build(dir), browser);
  try {
    await work(here);
  } catch (error) {
    await here.close();
    throw error;
  }
  return here;
}

async function served(dir, toml, browser) {
  const { server, address, log } = await serve(toml);
  const looks = await browser?.();
  return {
    address,
    database: join(dir, "data", "casetrack.db"),
    browser: looks,
    log,
    own: null,
    /** Where the librarian's answers led, by their names. */
    answered: {},
    /** Where it is said of each folder that it was made up. */
    made: {},
    /** The addresses of the searches, by their names. */
    searches: {},
    async ask(path) {
      return (await fetch(`${address}/api/v1/${path}`)).json();
    },
    async scan(desk, code, scanner = "api") {
      const answer = await fetch(`${address}/api/v1/desks/${desk}/scans`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ id: uuid7(), code, scanner, entry: "scanned" }),
      });
      return answer.json();
    },
    /** Ends the service alone, as its people do; answers its exit status. */
    stop: () => end(server),
    async close() {
      await looks?.close();
      const status = await end(server);
      rmSync(dir, { recursive: true, force: true });
      return status;
    },
  };
}

/** The address of the question that has these words in the list, which may have several pages. */
export async function questionAbout(here, words) {
  for (let path = "/questions"; path; ) {
    const html = await (await fetch(here.address + path)).text();
    const row = html.split("<li class=\"ask ").find((piece) => piece.includes(words) && piece.includes("class=\"settle\""));
    if (row) return /class="settle" href="([^"]+)"/.exec(row)[1];
    path = /href="(\/questions\?after=[^"]+)"/.exec(html)?.[1];
  }
  throw new Error(`no question says ${words}`);
}

/** Sends the form of a question; answers where it led. */
async function settle(here, { words, fields }) {
  const path = await questionAbout(here, words);
  const html = await (await fetch(here.address + path)).text();
  const [, id] = /name="id" value="([^"]+)"/.exec(html);
  const reply = await fetch(here.address + path, { method: "POST", redirect: "manual", body: new URLSearchParams({ id, ...fields }) });
  if (reply.status !== 303) throw new Error(`${words}: ${reply.status} ${await reply.text()}`);
  return reply.headers.get("location");
}

/** What a browser sends of the form of this class as it stands, before anybody chooses: no button, and nothing unchecked. */
function fieldsOf(html, name) {
  const [, form] = new RegExp(`<form class="[^"]*\\b${name}\\b[^"]*"[^>]*>([^]*?)</form>`).exec(html) ?? [];
  if (!form) throw new Error(`no form ${name} stands in ${html}`);
  const valueOf = (tag) => /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? "";
  const fields = new Map();
  for (const [tag, field] of form.matchAll(/<input\b[^>]*\bname="([^"]+)"[^>]*>/g)) {
    if (!/type="(radio|checkbox)"/.test(tag) || / checked/.test(tag)) fields.set(field, valueOf(tag));
  }
  for (const [, field, options] of form.matchAll(/<select\b[^>]*\bname="([^"]+)"[^>]*>([^]*?)<\/select>/g)) {
    const tags = options.match(/<option\b[^>]*>/g) ?? [];
    fields.set(field, valueOf(tags.find((tag) => / selected/.test(tag)) ?? tags[0] ?? ""));
  }
  return { html, fields: Object.fromEntries(fields) };
}

/** Makes up a folder for the patient of this number, as the page asks for it; answers where it is said. */
async function makeUp(here, { number, what, printer }) {
  const send = (fields) => fetch(`${here.address}/make`, { method: "POST", redirect: "manual", body: new URLSearchParams(fields) });
  const asks = fieldsOf(await (await fetch(`${here.address}/make`)).text(), "who-for");
  const chosen = fieldsOf(await (await send({ ...asks.fields, number, step: "look" })).text(), "what-for");
  const [, value] = new RegExp(`name="what" value="(${what}[^"]*)"`).exec(chosen.html);
  const reply = await send({ ...chosen.fields, what: value, printer, badge: "B200", step: "make" });
  if (reply.status !== 303) throw new Error(`${what} for ${number}: ${reply.status} ${await reply.text()}`);
  return reply.headers.get("location");
}

/** Sends a form's fields as they stand, but for these; answers the reply. */
async function sendFields(here, { from, name, to, fields }) {
  const form = fieldsOf(await (await fetch(here.address + from)).text(), name);
  const body = new URLSearchParams({ ...form.fields, ...fields });
  const reply = await fetch(here.address + to, { method: "POST", redirect: "manual", body });
  const text = await reply.text();
  if (reply.status >= 400 || text.includes("NOT DONE")) throw new Error(`${to} ${JSON.stringify(fields)}: ${reply.status} ${text}`);
  return reply;
}

/** Opens a search on a folder's page, taps on the search's, and lets the folder be scanned; answers the search's address. */
async function search(here, { folder, fields = {}, taps = [], scan }) {
  const from = `/volumes/${folder}`;
  const opened = await sendFields(here, { from, name: "not-there", to: `${from}/not-there`, fields });
  const url = opened.headers.get("location");
  for (const tap of taps) await sendFields(here, { from: url, name: "looking", to: url, fields: tap });
  if (scan) await here.scan(scan.desk, folder, scan.scanner);
  return url;
}

/** Fetches labels as a PDF. */
async function printed(here, fields) {
  const body = new URLSearchParams(`${fields}&id=${uuid7()}`);
  const reply = await fetch(`${here.address}/labels/print`, { method: "POST", body });
  if (reply.headers.get("content-type") !== "application/pdf") throw new Error(`${fields}: ${reply.status} ${await reply.text()}`);
  await reply.arrayBuffer();
}

/** Lets the desks do their acts, and finds a label of ours. */
async function work(here) {
  for (const { desk, scanner, codes, signals } of ACTS) {
    for (const [at, code] of codes.entries()) {
      const said = await here.scan(desk, code, scanner);
      const wanted = signals?.[at];
      if (wanted && said.signal !== wanted) throw new Error(`${desk} ${code}: ${wanted} was expected, not ${JSON.stringify(said)}`);
    }
  }
  for (const [name, answer] of Object.entries(ANSWERS)) here.answered[name] = await settle(here, answer);
  for (const fields of PRINTS) await printed(here, fields);
  for (const [name, folder] of Object.entries(MADE)) here.made[name] = await makeUp(here, folder);
  for (const [name, wanted] of Object.entries(SEARCHES)) here.searches[name] = await search(here, wanted);
  execFileSync("sqlite3", [here.database], { input: PRINTERS, timeout: PATIENCE_MS });
  here.own = (await here.ask("search?q=CN0201")).items[0].barcode;
}

export function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = BigInt(Date.now());
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = Number(time & 0xffn);
    time >>= 8n;
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
