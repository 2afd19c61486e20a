// The interface against its own description: schemathesis asks whatever the OpenAPI file allows and forbids, and finds
// no answer outside it. What it cannot ask is asked by hand.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { hospital, within } from "./hospital.mjs";

/** The same number asks the same questions. */
const SEED = Number(process.env.CASETRACK_SEED ?? 20_261_128);
/** Requests for each operation and phase: enough to meet every limit from both sides. */
const EXAMPLES = Number(process.env.CASETRACK_EXAMPLES ?? 25);
const PATIENCE_MS = 240_000;

const CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
  "response_schema_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method", "allow_header_conformance"];

let here;

before(async () => {
  here = await hospital({ browser: null });
});

after(async () => {
  assert.equal(await here.close(), 0, "the server ends cleanly");
});

function run(program, args) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1", COLUMNS: "160" } });
  let told = "";
  child.stdout.on("data", (bytes) => { told += bytes; });
  child.stderr.on("data", (bytes) => { told += bytes; });
  const ended = new Promise((resolve) => child.on("exit", (status) => resolve({ status, told })));
  return within(PATIENCE_MS, program, ended).catch((error) => { child.kill("SIGKILL"); throw new Error(`${error.message}\n${told}`); });
}

/** What is asked of things that there are: most of what is made up names nothing. */
const KNOWN = `
[[operations]]
include-path-regex = "^/(api/v1/)?desks/"
parameters = { "path.code" = "SEC-1" }
[[operations]]
include-path-regex = "^/(api/v1/)?places/"
parameters = { "path.code" = "CL5" }
[[operations]]
include-path-regex = "^/(api/v1/)?volumes/"
parameters = { "path.barcode" = "X-SET-1" }
[[operations]]
include-path = "/api/v1/search"
parameters = { "query.q" = "Smith" }
`;

/** While figures are counted the answer is 503 with Retry-After, as described: no error of the server's. */
const COUNTING = `
[[operations]]
include-path = "/api/v1/reports/missing"
checks.not_a_server_error.expected-statuses = ["2XX", "3XX", "4XX", "503"]
`;

/** Asks everything but the live stream, which does not end and is asked by hand below. */
async function asked(config) {
  const file = join(mkdtempSync(join(tmpdir(), "casetrack-schema-")), "schemathesis.toml");
  writeFileSync(file, COUNTING + config);
  const { status, told } = await run(process.env.SCHEMATHESIS, [
    "--config-file", file, "run", `${here.address}/api/v1/openapi.json`, "--url", here.address, "--seed", String(SEED),
    "--max-examples", String(EXAMPLES), "--phases", "examples,coverage,fuzzing", "--checks", CHECKS.join(","),
    "--request-timeout", "10", "--workers", "1", "--continue-on-failure", "--warnings", "off", "--no-shrink", "--exclude-path", "/api/v1/live",
  ]);
  rmSync(dirname(file), { recursive: true });
  console.log(`schemathesis, seed ${SEED}: ${/\d+ generated[^\n]*/.exec(told)?.[0]}`);
  assert.equal(status, 0, told);
}

test("no answer is outside the description, whatever is asked", { timeout: PATIENCE_MS }, () => asked(""));

test("no answer about what there is is outside the description", { timeout: PATIENCE_MS }, () => asked(KNOWN));

test("a live stream answers at once, in its own form, and its refusals are problems", { timeout: PATIENCE_MS }, async () => {
  const stop = new AbortController();
  const stream = await fetch(`${here.address}/api/v1/live?volume=F0120`, { signal: stop.signal });
  assert.deepEqual([stream.status, stream.headers.get("content-type")], [200, "text/event-stream"]);
  let told = "";
  const heard = (async () => {
    for await (const piece of stream.body) {
      told += Buffer.from(piece);
      if (/event: ?movement[\s\S]*\n\n/.test(told)) return;
    }
  })();
  await here.scan("CL5-1", "F0120", "stream");
  await within(10_000, "a movement on the stream", heard);
  stop.abort();
  const { barcode, kind, places } = JSON.parse(/^data: ?(.*)$/m.exec(told.slice(told.search(/event: ?movement/)))[1]);
  assert.deepEqual([barcode, kind, places.includes("CL5")], ["F0120", "arrived", true]);
  for (const [query, status] of [["", 400], ["?volume=NONE-OF-OURS", 404], ["?place=%00", 404]]) {
    const refused = await fetch(`${here.address}/api/v1/live${query}`);
    assert.deepEqual([query, refused.status, refused.headers.get("content-type")], [query, status, "application/problem+json"]);
    assert.equal((await refused.json()).status, status);
  }
});
