// A small hospital on a free port, and a browser that looks at it. Everything is ended by its own id.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const program = process.env.CASETRACK;

const config = (dir) => `
[server]
listen = "127.0.0.1:0"
data_dir = "${dir}/data"
[[desk]]
code = "LIB-1"
place = "LIB"
[[desk]]
code = "CL5-1"
place = "CL5"
`;

const places = `code,name,kind,parent,phone
SITE,St Elsewhere,site,,
LIB,Library,library,SITE,01632 960001
S12,Shelf 12,shelf,LIB,
CL5,Clinic 5,clinic,SITE,01632 960005
CARD,<b>Cardiology</b>,clinic,SITE,01632 960006
`;
const staff = `badge,name,role
B100,O'Brien & <i>Sons</i>,clerk
`;
const patients = `site,hospital_number,surname,forename,born
RX1,900001,<script>alert(1)</script>,"""'><img src=x>",1950-03-12
RX1,900002,Smith-Jones,Zoë,1961-07-01
`;

/** The label of ours for the folder of row `n`: letter, seven digits, two check digits (ISO/IEC 7064 MOD 97-10). */
export function ours(n) {
  const digits = String(n).padStart(7, "0");
  return `V${digits}${String(98n - (BigInt(`31${digits}00`) % 97n)).padStart(2, "0")}`;
}

/** 200 folders with old labels, F0001 to F0200, and 200 with labels of ours. */
function volumes() {
  const rows = ["barcode,site,hospital_number,casenote,volume,home"];
  for (let n = 1; n <= 200; n += 1) {
    const label = String(n).padStart(4, "0");
    rows.push(`F${label},RX1,${n === 1 ? "900001" : "900002"},CN${label},1,S12`);
  }
  // Without a label of its own it is given one of ours, whose check digits make it a folder also where it is typed.
  for (let n = 201; n <= 400; n += 1) rows.push(`,RX1,900002,CN${String(n).padStart(4, "0")},1,S12`);
  return rows.join("\n") + "\n";
}

export async function hospital() {
  const dir = mkdtempSync(join(tmpdir(), "casetrack-browser-"));
  const file = (name, text) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const toml = file("casetrack.toml", config(dir));
  for (const [kind, text] of Object.entries({ places, staff, patients, volumes: volumes() })) {
    execFileSync(program, ["import", kind, file(`${kind}.csv`, text), "--config", toml], { stdio: "pipe" });
  }
  const server = spawn(program, ["serve", "--config", toml], { stdio: ["ignore", "pipe", "pipe"] });
  const address = await new Promise((resolve, reject) => {
    let told = "";
    const hear = (bytes) => {
      told += bytes;
      const found = told.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("exit", () => reject(new Error(`the server ended: ${told}`)));
  });
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
  return {
    address,
    browser,
    own: (await (await fetch(`${address}/api/v1/search?q=CN0201`)).json()).items[0].barcode,
    async scan(desk, code, scanner = "api") {
      const answer = await fetch(`${address}/api/v1/desks/${desk}/scans`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ id: uuid7(), code, scanner, entry: "scanned" }),
      });
      return answer.json();
    },
    async close() {
      await browser.close();
      server.removeAllListeners("exit");
      const status = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await status;
      rmSync(dir, { recursive: true, force: true });
      return status;
    },
  };
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
