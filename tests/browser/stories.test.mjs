// One story for each person of the design: the question they have at seven in the morning, and the answer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { person } from "./clerk.mjs";
import { card, hospital, within, wristband } from "./hospital.mjs";

const PATIENCE = { timeout: 120_000 };
/** A stack of 50 takes a medical secretary less than a minute. */
const STACK_MS = 60_000;

let here;

before(async () => {
  here = await hospital();
});

after(async () => {
  assert.equal(await here.close(), 0, "the server ends cleanly");
});

const story = (name, tell) => test(name, PATIENCE, tell);

story("library clerk: a trolley came back over night; what is still to be done with it?", async () => {
  const clerk = await person(here, "/desks/LIB-1");
  await clerk.scan("B100");
  await clerk.reads("#person", "O'Brien & <i>Sons</i>");
  for (const folder of ["F0011", "F0012", "X-WAY"]) await clerk.scan(folder);
  // One of them is on its way to a clinic: it is put aside, and stays on the page.
  await clerk.reads("#aside", "Clinic 5");
  await clerk.scan("F0013");
  await clerk.reads("#signal", "RECEIVED");
  await clerk.scan("S12");
  await clerk.reads("#signal", "Shelf 12");
  await clerk.scan(card("END"));
  await clerk.reads("#signal", "Count the pile");
  const filed = await here.ask("volumes/F0013");
  assert.deepEqual([filed.state, filed.filed.code, filed.by.badge], ["at", "S12", "B100"]);
  await clerk.leaves();
});

story("clinic clerk: what is on its way to me, and is this bundle all of it?", async () => {
  const library = await person(here, "/desks/LIB-2");
  for (const scan of ["CL5", "F0021", "F0022", card("END")]) await library.scan(scan);
  await library.reads("#next", "Scan a folder");
  const clinic = await person(here, "/places/CL5");
  await clinic.reads("main", "CN0021");
  assert.match(await clinic.text(), /On its way to Clinic 5/);
  const desk = await person(here, "/desks/CL5-1");
  for (const folder of ["F0021", "F0022"]) {
    await desk.scan(folder);
    await desk.reads("#signal", folder.replace("F", "CN"));
  }
  // The place's page is open all the while, and says by itself that both have arrived.
  await within(15_000, "both arrived on the open page", clinic.page.waitForFunction(() => {
    const rows = [...document.querySelectorAll("tr, li")].filter((row) => /CN002[12]/.test(row.innerText));
    return rows.length >= 2 && rows.every((row) => !row.innerText.includes("On its way"));
  }));
  for (const one of [library, clinic, desk]) await one.leaves();
});

story("medical secretary: fifty folders on my chair; where were they handed over?", async () => {
  const secretary = await person(here, "/desks/SEC-1");
  const began = Date.now();
  for (let n = 1; n <= 50; n += 1) await secretary.scan(`STACK-${String(n).padStart(4, "0")}`);
  const last = async () => (await here.ask("volumes/STACK-0050")).place?.code === "SEC";
  while (!(await last())) assert.ok(Date.now() - began < STACK_MS, "the stack takes longer than a minute");
  for (let n = 1; n <= 50; n += 1) {
    const { state, place, confirmed } = await here.ask(`volumes/STACK-${String(n).padStart(4, "0")}`);
    assert.deepEqual([n, state, place?.code, confirmed], [n, "at", "SEC", true]);
  }
  // What to do with all of them: three scans more.
  for (const scan of [card("ALL"), "W7", card("OK")]) await secretary.scan(scan);
  // The question before OK names the 50 as well: what was sent says when it is done.
  const sent = async () => (await here.ask("volumes/STACK-0001")).to?.code === "W7";
  while (!(await sent())) assert.ok(Date.now() - began < STACK_MS, "the stack is not sent on within a minute");
  await secretary.reads("#signal", "50");
  await secretary.leaves();
});

story("porter at night: where is it, and who answers now? With the keyboard alone", async () => {
  const porter = await person(here, "/");
  await porter.type("CN-X-FILED");
  await porter.press("Enter");
  await porter.reads(".large", "Shelf 3");
  const words = await porter.text();
  assert.match(words, /bleep 4711/, "the library's number out of hours");
  const size = await porter.page.locator(".large").evaluate((part) => parseFloat(getComputedStyle(part).fontSize));
  assert.ok(size >= 40, `${size} px are read from two metres`);
  await porter.leaves();
});

story("porter: which shelf do I walk to, and what is missing from it?", async () => {
  const porter = await person(here, "/places/LIB/shelves");
  await porter.page.locator("main a", { hasText: "Shelf 3" }).first().click();
  await porter.reads("#here", "CN-X-FILED");
  await porter.reads("#gaps", "CN-X-NEW");
  await porter.leaves();
});

story("clinical record officer: why may this folder not go, and what do I do now?", async () => {
  const officer = await person(here, "/desks/LIB-2");
  await officer.scan("B300");
  await officer.scan("CL5");
  await officer.scan("X-HOLD");
  await officer.reads("#stop", "On hold");
  assert.match(await officer.text("#stop"), /Put it aside\. OK sends it all the same; END leaves it here\./);
  await officer.scan("F0031");
  await officer.reads("#warnings", "not recorded");
  assert.equal((await here.ask("volumes/F0031")).state, "not-yet-seen");
  await officer.scan(card("END"));
  await officer.page.waitForFunction(() => document.getElementById("stop").childElementCount === 0);
  await officer.scan("F0031");
  await officer.reads("#signal", "SENT");
  const held = await here.ask("volumes/X-HOLD");
  assert.deepEqual([held.state, held.place.code], ["at", "LIB"], "it stays here");
  await officer.leaves();
});

story("admissions clerk: which Anita Patel is here?", async () => {
  const clerk = await person(here, "/");
  await clerk.type("Patel");
  await clerk.press("Enter");
  await clerk.reads("main", "CN-X-FILED");
  const words = await clerk.text();
  assert.match(words, /CN-X-AT/);
  await clerk.page.goto(`${here.address}/volumes/X-FILED`);
  await clerk.reads("main", "30 Nov 1981");
  await clerk.leaves();
});

story("admissions clerk: the patient stands here; by birth date, then by the wristband", async () => {
  const clerk = await person(here, "/");
  // Two of one name: each list says by what they are told apart.
  await clerk.type("Patel");
  await clerk.reads("#found .namesakes", "check the birth date");
  assert.match(await clerk.text("#found"), /born 2 Jan 1950[\s\S]*born 30 Nov 1981/);
  await clerk.type(" 30.11.1981");
  await clerk.press("Enter");
  await clerk.reads("main", "CN-X-FILED");
  assert.doesNotMatch(await clerk.text(), /CN-X-AT/);
  // By wristband: an exact look-up, never a search.
  await clerk.page.goto(`${here.address}/`);
  await clerk.scan(wristband("9434765919"));
  await clerk.reads("main", "CN-X-AT");
  assert.doesNotMatch(await clerk.text(), /CN-X-FILED/);
  await clerk.leaves();
});

story("records manager: who had this folder, and when?", async () => {
  const manager = await person(here, "/");
  await manager.type("CN-X-SET-1".replace("X-SET-1", "SET"));
  await manager.press("Enter");
  await manager.page.locator("main a", { hasText: /volume 2/i }).first().click();
  await manager.reads("#history", "Arrived at Ward 7");
  const history = await manager.text("#history");
  assert.match(history, /Sam Okoro · desk W7-1/);
  await manager.page.goto(`${here.address}/volumes/X-UNDONE`);
  await manager.reads("#history", "taken back");
  await manager.leaves();
});

story("records manager: what was sent and has not arrived", async () => {
  const manager = await person(here, "/");
  await manager.reads("#sent-plot .figures", "ago");
  await manager.page.locator("#longest a", { hasText: "CN-SET volume 3" }).click();
  await manager.reads(".large", "On its way to Ward 7");
  await manager.leaves();
});

story("librarian: what waits for me? One of two places, by telephone", async () => {
  const librarian = await person(here, "/questions");
  await librarian.page.locator("li", { hasText: "CN-X-EITHER" }).locator(".settle").click();
  await librarian.reads(".sides", "01632 960107");
  await librarian.page.getByLabel("At Ward 7").check();
  await librarian.page.fill("#badge", "B100");
  await librarian.press("Enter");
  await librarian.reads(".panel", "NOT DONE");
  assert.equal((await here.ask("volumes/X-EITHER")).question !== null, true, "a clerk's badge settles nothing");
  await librarian.page.getByLabel("At Ward 7").check();
  await librarian.page.focus("#badge");
  await librarian.scan("B300");
  await librarian.page.getByRole("button", { name: "Settle it" }).click();
  await librarian.reads(".panel", "DONE");
  const { state, place, question } = await here.ask("volumes/X-EITHER");
  assert.deepEqual([state, place.code, question], ["at", "W7", null]);
  await librarian.leaves();
});

story("librarian: a label that nobody knows; which folder is it on, and where was it scanned?", async () => {
  const librarian = await person(here, "/questions");
  await librarian.page.locator("li", { hasText: "ZZ-UNKNOWN-1" }).locator(".settle").click();
  await librarian.page.focus("#folder");
  await librarian.scan("F0032");
  await librarian.page.getByRole("button", { name: "Show the folder" }).click();
  await librarian.reads("main", "Is it this folder?");
  assert.match(await librarian.text(), /CN0032 volume 1/);
  await librarian.page.focus("#badge");
  await librarian.scan("B300");
  await librarian.page.getByRole("button", { name: "Yes, this folder" }).click();
  await librarian.reads(".panel", "DONE");
  // The label names the folder from now on, at every desk; and it was where it was scanned.
  assert.equal((await here.scan("CL5-1", "ZZ-UNKNOWN-1", "later")).signal, "arrived");
  const { state, place } = await here.ask("volumes/F0032");
  assert.deepEqual([state, place.code], ["at", "CL5"]);
  await librarian.page.goto(`${here.address}/volumes/F0032`);
  await librarian.reads("#history", "Library");
  await librarian.leaves();
});

story("hospital IT: does it work, what does it cost, and does it stop at once?", async () => {
  for (const path of ["/healthz", "/readyz"]) assert.match(await (await fetch(here.address + path)).text(), /^ok\n/);
  const metrics = await (await fetch(`${here.address}/metrics`)).text();
  assert.match(metrics, /^casetrack_writing 1$/m);
  assert.ok(Number(/^casetrack_scans_total (\d+)$/m.exec(metrics)[1]) > 100);
  const watcher = await person(here, "/volumes/F0041");
  const stream = await fetch(`${here.address}/api/v1/live?desk=LIB-1`);
  const ended = (async () => { for await (const piece of stream.body) void piece; })();
  const began = Date.now();
  assert.equal(await here.stop(), 0);
  await within(5_000, "the stream's end", ended);
  assert.ok(Date.now() - began < 5_000, `${Date.now() - began} ms to stop with open pages`);
  await watcher.leaves();
});
