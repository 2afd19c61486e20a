// Firefox by WebDriver BiDi, without a driver between: a WebSocket, commands and events.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { within } from "./hospital.mjs";

/** So long Firefox may take to listen, and one command to be answered, in milliseconds. */
const START_MS = 60_000;
const COMMAND_MS = 60_000;

/** Speaks to nobody by itself, and asks nothing. */
const PREFERENCES = {
  "app.normandy.enabled": false, "app.update.enabled": false, "browser.aboutConfig.showWarning": false,
  "browser.newtabpage.enabled": false, "browser.safebrowsing.downloads.remote.enabled": false,
  "browser.safebrowsing.malware.enabled": false, "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false, "browser.shell.checkDefaultBrowser": false, "browser.startup.homepage": "about:blank",
  "browser.startup.page": 0, "datareporting.healthreport.uploadEnabled": false, "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.getAddons.cache.enabled": false, "extensions.systemAddon.update.enabled": false, "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false, "network.dns.disablePrefetch": true,
  "network.prefetch-next": false, "services.settings.server": "data:,", "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.server": "", "accessibility.tabfocus": 7,
};

export async function firefoxHere() {
  const profile = mkdtempSync(join(tmpdir(), "casetrack-firefox-"));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, "user.js"), lines.join(""));
  const args = ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile, "about:blank"];
  const program = spawn("firefox-esr", args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, MOZ_HEADLESS: "1" } });
  try {
    const socket = await connect(program);
    return new Firefox(program, profile, socket);
  } catch (error) {
    program.kill("SIGKILL");
    throw error;
  }
}

async function connect(program) {
  const url = await within(START_MS, "Firefox's start", new Promise((resolve, reject) => {
    let told = "";
    program.stderr.on("data", (bytes) => {
      told += bytes;
      const found = told.match(/WebDriver BiDi listening on (ws:\/\/\S+)/);
      if (found) resolve(found[1]);
    });
    program.on("exit", () => reject(new Error(`Firefox ended: ${told}`)));
  }));
  const socket = new WebSocket(`${url}/session`);
  await within(COMMAND_MS, "Firefox's socket", new Promise((resolve, reject) => { socket.on("open", resolve); socket.on("error", reject); }));
  return socket;
}

class Firefox {
  #program; #profile; #socket; #last = 0; #waiting = new Map(); #hears = new Set();

  constructor(program, profile, socket) {
    this.#program = program;
    this.#profile = profile;
    this.#socket = socket;
    socket.on("message", (bytes) => {
      const message = JSON.parse(bytes);
      if (message.type === "event") { for (const hear of this.#hears) hear(message.method, message.params); return; }
      const asked = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.type === "success") asked?.resolve(message.result);
      else asked?.reject(new Error(`${asked.method}: ${message.error}: ${message.message}`));
    });
  }

  /** One command and its answer. */
  send(method, params = {}) {
    const id = (this.#last += 1);
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { method, resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return within(COMMAND_MS, method, answer);
  }

  async begin() {
    const { capabilities } = await this.send("session.new", { capabilities: {} });
    await this.send("session.subscribe", { events: ["browsingContext.load", "log.entryAdded", "network.beforeRequestSent", "network.responseStarted"] });
    return capabilities;
  }

  /** A tab that notes what must not happen in it; `origin` is where it may ask. */
  async tab(origin) {
    const { context } = await this.send("browsingContext.create", { type: "tab" });
    const tab = new Tab(this, context, origin);
    this.#hears.add(tab.hear);
    tab.forget = () => this.#hears.delete(tab.hear);
    return tab;
  }

  async close() {
    const ended = new Promise((resolve) => this.#program.once("exit", resolve));
    await this.send("browser.close").catch(() => this.#program.kill("SIGKILL"));
    await within(START_MS, "Firefox's end", ended).catch(() => this.#program.kill("SIGKILL"));
    this.#socket.terminate();
    rmSync(this.#profile, { recursive: true, force: true });
  }
}

class Tab {
  bad = [];
  status = null;
  loaded = () => {};

  constructor(firefox, context, origin) {
    this.firefox = firefox;
    this.context = context;
    this.hear = (method, params) => {
      if ((params.context ?? params.source?.context) !== context) return;
      if (method === "browsingContext.load") this.loaded();
      if (method === "log.entryAdded" && ["error", "warn"].includes(params.level)) this.bad.push(`console: ${params.text}`);
      if (method === "network.beforeRequestSent" && !/^(data|about|blob):/.test(params.request.url) && !params.request.url.startsWith(`${origin}/`)) {
        this.bad.push(`a request left the origin: ${params.request.url}`);
      }
      if (method === "network.responseStarted" && params.navigation) this.status = params.response.status;
    };
  }

  async open(url) {
    this.status = null;
    await this.firefox.send("browsingContext.navigate", { context: this.context, url, wait: "complete" });
  }

  /** Does something in the page that leads to another one, and waits until that is there. */
  async follow(work, ...values) {
    const there = new Promise((resolve) => { this.loaded = resolve; });
    await this.run(work, ...values);
    await within(COMMAND_MS, "the next page", there);
  }

  size(width, height = 900) {
    return this.firefox.send("browsingContext.setViewport", { context: this.context, viewport: { width, height } });
  }

  /** Runs a function in the page and answers its plain value. */
  async run(work, ...values) {
    const call = `async () => JSON.stringify(await (${work})(...${JSON.stringify(values)}) ?? null)`;
    const params = { functionDeclaration: call, target: { context: this.context }, awaitPromise: true };
    const { type, result, exceptionDetails } = await this.firefox.send("script.callFunction", params);
    if (type !== "success") throw new Error(`in the page: ${exceptionDetails.text}`);
    return JSON.parse(result.value);
  }

  /** Puts a script into the page, past its policy, as a debugger does. */
  load(text) {
    return this.firefox.send("script.evaluate", { expression: `${text};0`, target: { context: this.context }, awaitPromise: false });
  }

  /** A picture of the whole page, as PNG. */
  async picture() {
    const { data } = await this.firefox.send("browsingContext.captureScreenshot", { context: this.context, origin: "document" });
    return Buffer.from(data, "base64");
  }

  /** Presses keys one after the other, `gapMs` between them, as a wedge scanner does. */
  keys(keys, gapMs = 5) {
    const actions = keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }, { type: "pause", duration: gapMs }]);
    return this.firefox.send("input.performActions", { context: this.context, actions: [{ type: "key", id: "keyboard", actions }] });
  }

  async close() {
    this.forget();
    await this.firefox.send("browsingContext.close", { context: this.context });
  }
}
