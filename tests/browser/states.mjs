// What the hospital of the browser tests has: places, people, folders, and the scans that bring each into its state.

/** Names that a page may never take for anything but text. */
export const HOSTILE = {
  markup: "<script>alert(1)</script>",
  attribute: `"""'><img src=x>`,
  arabic: "الحسيني",
  override: "\u202Edrawkcab\u202C\u202E",
  isolate: "\u2067left open",
  marks: `Z${"\u0301\u0327\u033F".repeat(12)}algo`,
  long: "Featherstonehaugh-Cholmondeley-Wriothesley-Beauchamp-Leveson",
};

/** Two check digits of a label of ours: ISO/IEC 7064 MOD 97-10, letters as 10 to 35. */
function checked(letter, digits) {
  const number = BigInt(`${parseInt(letter, 36)}${digits}00`);
  return `${letter}${digits}${String(98n - (number % 97n)).padStart(2, "0")}`;
}

/** The label of ours for the folder of row `n`: letter, seven digits, two check digits. */
export const ours = (n) => checked("V", String(n).padStart(7, "0"));

/** A wristband as DCB1077 asks: the NHS number between a company's prefix and a check digit, modulo 10. */
export function wristband(nhs) {
  const digits = `5050505${nhs}`;
  const sum = [...digits].reverse().reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 1 : 3), 0);
  return `]C18018${digits}${(10 - (sum % 10)) % 10}`;
}

const NUMBERS = { END: 1, RECEIVE: 2, FILE: 3, PACK: 4, EMPTY: 5, UNDO: 6, WHERE: 10, ALL: 11, OK: 12, MISSING: 13, SWEEP: 15 };
/** The text of a command card. */
export const card = (name) => checked("C", String(NUMBERS[name]).padStart(2, "0"));
/** Its check digits are wrong. */
const MISREAD = ours(1).replace(/..$/, "00");
const [END, FILE, PACK, EMPTY, UNDO, MISSING, SWEEP] = ["END", "FILE", "PACK", "EMPTY", "UNDO", "MISSING", "SWEEP"].map(card);

/** LIB-1 and CL5-1 are left alone for the tests that scan; each other desk stands in one state. */
const DESKS = {
  "LIB-1": "LIB", "CL5-1": "CL5", "LIB-2": "LIB", "W7-1": "W7", "SEC-1": "SEC", "ADM-1": "ADM", "CARD-1": "CARD",
  "IDLE-1": "CL5", "OPEN-1": "LIB", "ASIDE-1": "CL5", "STOP-1": "LIB", "REFUSED-1": "W7", "TWO-1": "LIB", "NOWHERE-1": "NOT-YET",
  "MISSED-1": "CL5", "SWEEP-1": "LIB", "RANG-1": "W7",
  // More than the front page shows at once.
  ...Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`MORE-${n + 1}`, "CL9"])),
};

export const config = (dir) => `[server]
listen = "127.0.0.1:0"
data_dir = "${dir}/data"
${Object.entries(DESKS).map(([code, place]) => `[[desk]]\ncode = "${code}"\nplace = "${place}"\n`).join("")}
[[desk]]
code = "BADGE-1"
place = "SEC"
sign_on = "required"
[[printer]]
name = "Hatch"
via = "folder:${dir}/spool"
dpi = 203
language = "zpl"
stock = "70x35"
[[printer]]
name = "Clinic 5"
via = "folder:${dir}/unplugged"
dpi = 203
language = "zpl"
stock = "70x35"
`;

const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const csv = (columns, rows) => [columns, ...rows].map((row) => columns.map((_, at) => quoted(String(row[at] ?? ""))).join(",")).join("\n") + "\n";

const shelves = Array.from({ length: 12 }, (_, at) => [`S${at + 1}`, `Shelf ${at + 1}`, "shelf", at < 6 ? "BAY-A" : "BAY-B"]);

const places = csv(["code", "name", "kind", "parent", "phone", "phone_out_of_hours", "open", "until"], [
  ["SITE", "St Elsewhere", "site", "", "01632 960000", "01632 960999"],
  ["LIB", "Library", "library", "SITE", "01632 960001", "bleep 4711", "Mon-Fri 08:00-18:00"],
  ["BAY-A", "Bay A", "other", "LIB"],
  ["BAY-B", "Bay B", "other", "LIB"],
  ...shelves,
  ["CL5", "Clinic 5", "clinic", "SITE", "01632 960005", "", "Mon-Fri 08:30-17:00"],
  ["CL9", "Clinic 9", "clinic", "SITE", "01632 960009"],
  ["CARD", "<b>Cardiology</b>", "clinic", "SITE", "01632 960006"],
  ["W7", "Ward 7", "ward", "SITE", "01632 960007", "01632 960107"],
  ["W8", "Ward 8", "ward", "SITE", "01632 960008"],
  ["SEC", "Secretaries, second floor", "office", "SITE", "01632 960010"],
  ["ADM", "Admissions", "office", "SITE", "01632 960011", "01632 960111"],
  ["DR-RAO", "Dr Rao", "person", "SEC"],
  ["STORE", "Off-site store", "store", "SITE", "01632 960012"],
  ["EMPTY-1", `Clinic ${HOSTILE.markup}`, "clinic", "SITE", HOSTILE.attribute, HOSTILE.attribute, HOSTILE.attribute],
  ["RTL-1", `عيادة ${HOSTILE.arabic} 7`, "clinic", "SITE", "01632 960013"],
  ["RTL-2", `${HOSTILE.override} ward`, "ward", "SITE", "01632 960014"],
  ["MARKS-1", HOSTILE.marks, "clinic", "SITE"],
  ["LONG-1", HOSTILE.long, "clinic", "SITE", "01632 960015"],
  ["K12", "Crate K12", "container"],
  ["K13", "Crate K13", "container"],
  ["K14", "Crate K14", "container"],
  ["K15", "Trolley K15", "container"],
  ["K16", "Box K16", "container"],
]);

const staff = csv(["badge", "name", "role"], [
  ["B100", "O'Brien & <i>Sons</i>", "clerk"],
  ["B200", "June Ward", "clerk"],
  ["B300", "Sam Okoro", "librarian"],
  ["B400", "Mary Manager", "manager"],
]);

const patients = csv(["site", "hospital_number", "nhs_number", "surname", "forename", "born", "died"], [
  ["RX1", "900001", "", HOSTILE.markup, HOSTILE.attribute, "1950-03-12"],
  ["RX1", "900002", "", "Smith-Jones", "Zoë", "1961-07-01"],
  ["RX1", "900003", "9434765919", "Patel", "Anita", "1950-01-02"],
  ["RX1", "900004", "9000000009", "Patel", "Anita", "1981-11-30"],
  ["RX1", "900005", "", HOSTILE.arabic, "فاطمة", "1970-05-05"],
  ["RX1", "900006", "", HOSTILE.override, HOSTILE.isolate, "1971-06-06"],
  ["RX1", "900007", "", HOSTILE.long, HOSTILE.long, "1972-07-07"],
  ["RX1", "900008"],
  ["RX1", "900009", "", "Ashdown", "Edith", "1921-01-31", "2019-12-24"],
  ["RX1", "900010", "", HOSTILE.marks, HOSTILE.marks, "1973-08-08"],
  ["RX1", "900011", "", "Three-Volumes", "Victor", "1944-04-04"],
  // Told apart by their NHS numbers alone; and more of one name than a page has room for.
  ["RX1", "900012", "9000000017", "Bornalike", "Mary", "1960-06-06"],
  ["RX1", "900013", "9000000025", "Bornalike", "Mary", "1960-06-06"],
  ["RX1", "900014", "", "Expected", "Edward", "1955-05-05"],
  ...Array.from({ length: 25 }, (_, n) => ["RX1", `${910000 + n}`, "", "Tanaka", `Number ${n + 1}`, `19${40 + n}-10-10`]),
]);

/** Folders in a state of their own: label, hospital number, volume, and what the import says of each. */
const STATES = [
  ["X-AT", "900003"], ["X-FILED", "900004"], ["X-LEFT", "900009"], ["X-IMPORTED", "900002", 1, { place: "CL9" }],
  ["X-WAY", "900003"], ["X-MEANT", "900002"], ["X-CRATE", "900002"], ["X-MOVING", "900002"], ["X-EMPTIED", "900002"],
  ["X-EITHER", "900002"], ["X-GONE", "900009", 1, { gone: "destroyed", place: "STORE" }],
  ["X-TRANSFERRED", "900002", 1, { gone: "transferred" }], ["X-GONE-SEEN", "900009", 1, { gone: "destroyed" }],
  ["X-GONE-TOO", "900009", 1, { gone: "destroyed" }],
  ["X-HOLD", "900002", 1, { hold: "Coroner's inquest", place: "LIB" }], ["X-HOLD-2", "900002", 1, { hold: "Legal case" }],
  ["X-RESTRICTED", "900002", 1, { restricted: "yes", place: "LIB" }], ["X-TEMPORARY", "900002", 1, { kind: "temporary" }],
  ["X-NEW", "900002"], ["X-UNDONE", "900002"], ["X-LATE", "900002"], ["X-LONG-STORY", "900002"],
  ["X-MARKUP", "900001"], ["X-ARABIC", "900005"], ["X-OVERRIDE", "900006"], ["X-LONG", "900007"], ["X-NAMELESS", "900008"],
  ["X-MARKS", "900010"], ["X-DIED", "900009"], ["X-AT-ARABIC", "900005", 1, { place: "RTL-1" }],
  // Wanted for a clinic; and searched for.
  ["X-PUT-ASIDE", "900014"], ["X-PASSED", "900014"], ["X-UNSCANNED", "900014"],
  ["X-SOUGHT", "900003", 1, { place: "CL9" }], ["X-LOOKED", "900002"], ["X-TURNED-UP", "900002"], ["X-FOUND", "900002"],
  ["X-DECLARED", "900001", 1, { place: "EMPTY-1" }], ["X-ENDED", "900002"], ["X-MISSED", "900002", 1, { place: "CL5" }], ["X-RANG", "900002"],
  ["X-SET-1", "900011", 1, { casenote: "CN-SET" }], ["X-SET-2", "900011", 2, { casenote: "CN-SET" }], ["X-SET-3", "900011", 3, { casenote: "CN-SET" }],
];

/** 200 with old labels, F0001 to F0200; 200 with labels of ours; those in their states; 50 of a stack; 160 at one place. */
function volumes() {
  const columns = ["barcode", "site", "hospital_number", "casenote", "volume", "home", "kind", "place", "hold", "restricted", "gone"];
  const number = (n) => String(n).padStart(4, "0");
  const folder = (barcode, patient, casenote, home, more = {}) =>
    [barcode, "RX1", patient, casenote, more.volume ?? 1, home, more.kind, more.place, more.hold, more.restricted, more.gone];
  const rows = [];
  for (let n = 1; n <= 200; n += 1) rows.push(folder(`F${number(n)}`, n === 1 ? "900001" : "900002", `CN${number(n)}`, "S12"));
  // Without a label of its own it is given one of ours, whose check digits make it a folder also where it is typed.
  for (let n = 201; n <= 400; n += 1) rows.push(folder("", "900002", `CN${number(n)}`, "S12"));
  for (const [label, patient, volume = 1, more = {}] of STATES) {
    rows.push(folder(label, patient, more.casenote ?? `CN-${label}`, "S3", { volume, ...more }));
  }
  for (let n = 1; n <= 50; n += 1) rows.push(folder(`STACK-${number(n)}`, "900002", `CNS${number(n)}`, "S1"));
  for (let n = 1; n <= 160; n += 1) rows.push(folder(`MANY-${number(n)}`, "900002", `CNM${number(n)}`, `S${(n % 12) + 1}`, { place: "W8" }));
  return csv(columns, rows);
}

/** The moment so many hours from now. */
const inHours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();

/** Who is expected at which clinic: soon, soon at one with a name that is no text, and three days ago. */
const appointments = () => csv(["clinic", "starts_at", "site", "hospital_number", "consultant"], [
  ["CL5", inHours(2), "RX1", "900014", "Dr Rao"],
  ["EMPTY-1", inHours(3), "RX1", "900014", HOSTILE.attribute],
  ["CL9", inHours(-72), "RX1", "900014", "Dr Rao"],
]);

/** What is imported, in this order. */
export const FILES = { places, staff, patients, volumes: volumes(), appointments: appointments() };

/** Labels that nobody knows: more than a page of questions has room for. */
const MANY_UNKNOWN = Array.from({ length: 60 }, (_, n) => `ZZ-OLD-${n + 1}`);

/** Scanned before the service listens, so that the clocks can be made to disagree about them. */
export const EARLY = [
  ["LIB-2", MANY_UNKNOWN],
  ["LIB-2", [PACK, "K15", "K16", END]],
  // In the first count of the hospital, which is made when the service begins.
  ["LIB-2", ["W7", "X-SET-3", END]],
  ["W7-1", ["X-EITHER"]],
  ["CL5-1", ["X-EITHER", "X-LATE", "ZZ-LATE-1"]],
  // Long sent, and long held: see LONG_AGO.
  ["LIB-2", ["CL9", "X-PASSED", "F0151", END]],
  ["SEC-1", ["F0152", "F0153", "F0154"]],
];

/**
 * No interface of the program gives a scan an uncertain clock yet, nor a late act: both come with desks away from the
 * server. What they would leave behind is written here. 1, 2, 3: moved against a rule, a label that was unknown, and
 * containers inside each other.
 */
export const CLOCKS_DISAGREE = `
.timeout 5000
UPDATE whereabouts SET or_at = (SELECT key FROM place WHERE code = 'W7')
  WHERE subject = 2 * (SELECT volume FROM label WHERE text = 'X-EITHER');
INSERT INTO question (scan, at, kind, volume)
  SELECT max(m.key) >> 13, max(m.happened), 1, m.subject / 2 FROM movement m
  WHERE m.subject = 2 * (SELECT volume FROM label WHERE text = 'X-LATE') HAVING count(*) > 0;
INSERT INTO question (scan, at, kind, volume)
  SELECT s.key, s.happened, 2, NULL FROM scan s JOIN scan_text t ON t.scan = s.key WHERE t.text = 'ZZ-LATE-1';
INSERT INTO question (scan, at, kind, volume)
  SELECT max(m.key) >> 13, max(m.happened), 3, NULL FROM movement m
  WHERE m.subject = 2 * (SELECT key FROM place WHERE code = 'K16') + 1 HAVING count(*) > 0;
`;

/** Nobody waits weeks for a test: what was scanned by then counts as scanned 20 days before. */
export const LONG_AGO = `
.timeout 5000
UPDATE whereabouts SET since = since - 20 * 86400000000
  WHERE subject IN (SELECT 2 * volume FROM label WHERE text IN ('X-PASSED', 'F0151', 'F0152'));
`;

/** Who scans what at which desk; `signals`, where given, is what each scan must answer. */
export const ACTS = [
  { desk: "CARD-1", scanner: "hand", codes: ["B100", "X-AT", "X-MARKUP", "X-ARABIC", "X-OVERRIDE", "X-LONG", "X-NAMELESS", "X-MARKS"] },
  { desk: "LIB-2", scanner: "file", codes: ["B200", "X-FILED", "S3", "X-DIED", "S4", "X-SET-1", "S12"], signals: ["told", "arrived", "filed"] },
  { desk: "LIB-2", scanner: "send", codes: ["B200", "STORE", "X-LEFT", END, "CL5", "X-WAY", "X-MEANT", END], signals: ["told", "told", "sent", "told", "told", "sent"] },
  { desk: "W7-1", scanner: "hand", codes: ["B300", "X-MEANT", "X-SET-2", "X-UNDONE", UNDO], signals: ["told", "look"] },
  { desk: "LIB-2", scanner: "pack", codes: ["B200", PACK, "K12", "X-CRATE", END, PACK, "K13", "X-MOVING", END, PACK, "K14", "X-EMPTIED", END, EMPTY, "K14", "CARD", "K13", END], signals: ["told", "told", "told", "packed"] },
  { desk: "LIB-2", scanner: "lies", codes: ["ZZ-UNKNOWN-1", "CL9", "ZZ-UNKNOWN-1", END, "ZZ-UNKNOWN-1", MISREAD, "ZZ-<b>UNKNOWN</b>", END] },
  { desk: "W7-1", scanner: "gone", codes: ["X-GONE-SEEN", card("OK"), "X-GONE-TOO", card("OK"), "ZZ-ASIDE-1"], signals: ["stop"] },
  { desk: "LIB-2", scanner: "dirty", codes: Array.from({ length: 6 }, (_, n) => ours(n + 1).replace(/..$/, "00")) },
  { desk: "LIB-2", scanner: "held", codes: ["X-HOLD", "X-RESTRICTED"] },
  { desk: "LIB-2", scanner: "to and fro", codes: Array.from({ length: 30 }, () => ["W8", "X-LONG-STORY", END]).flat() },
  { desk: "OPEN-1", scanner: "hand", codes: ["B200", "CARD", "F0101", "F0102", "F0103"] },
  { desk: "ASIDE-1", scanner: "hand", codes: ["F0101", "ZZ-NOBODY", "F0104", "F0102"], signals: ["look", "refused", "arrived", "look"] },
  { desk: "STOP-1", scanner: "hand", codes: ["B100", "CL9", "F0105", "X-HOLD-2", "F0106"], signals: ["told", "told", "sent", "stop", "stop"] },
  { desk: "REFUSED-1", scanner: "hand", codes: ["F0107", MISREAD], signals: ["arrived", "refused"] },
  { desk: "TWO-1", scanner: "left", codes: ["B200", "F0108", "F0109"] },
  { desk: "TWO-1", scanner: "right", codes: ["B300", "CARD", "F0110"] },
  { desk: "LIB-2", scanner: "shelves", codes: ["B200", FILE, "S5", "F0141", "F0142", "F0143", "F0144", "S6", "F0145", "F0146", END] },
  { desk: "LIB-2", scanner: "wanted", codes: ["X-PUT-ASIDE"], signals: ["look"] },
  { desk: "LIB-2", scanner: "sweep", codes: ["B200", SWEEP, "S5", "F0141", "F0143", "X-IMPORTED", "ZZ-SWEPT-1", "F0144", END] },
  { desk: "SEC-1", scanner: "sweep", codes: ["B300", SWEEP, "SEC", "F0153", END] },
  { desk: "SWEEP-1", scanner: "hand", codes: ["B200", SWEEP, "S6", "F0145"] },
  { desk: "MISSED-1", scanner: "hand", codes: [MISSING, "X-MISSED"] },
  { desk: "BADGE-1", scanner: "hand", codes: ["CL9"], signals: ["refused"] },
];

/** What the librarian settles, found by these words in the list of questions. */
export const ANSWERS = {
  gone: { words: "CN-X-GONE-TOO", fields: { step: "answer", verdict: "gone", badge: "B300" } },
  aside: { words: "ZZ-ASIDE-1", fields: { step: "aside", badge: "B300" } },
};

const tap = (value, more = {}) => ({ tap: value, badge: "B100", ...more });
/** Searches: what is said when each is opened, what is tapped then, and where its folder is scanned. */
export const SEARCHES = {
  open: { folder: "X-SOUGHT", fields: { asker: "CL5", consultant: HOSTILE.attribute, needed: "2026-01-05T09:00", badge: "B100" } },
  looked: { folder: "X-LOOKED", taps: [tap("not-there L:own"), tap("cannot-look L:shelf", { badge: "B200" })] },
  turned: { folder: "X-TURNED-UP", taps: [tap("not-there L:own")], scan: { desk: "W7-1", scanner: "night" } },
  found: { folder: "X-FOUND", taps: [tap("found L:own"), tap("why misfiled")] },
  declared: { folder: "X-DECLARED", taps: [tap("declare", { badge: "B400" })] },
  ended: { folder: "X-ENDED", taps: [tap("close not-needed", { badge: "B300" })] },
  rang: { folder: "X-RANG", fields: { asker: "CL5" }, scan: { desk: "RANG-1", scanner: "hand" } },
};

/** What is printed as PDFs: the words of a form, without its id. */
export const PRINTS = ["what=cover&name=X-AT&name=X-LONG&why=damaged&badge=B200", "what=place&name=CL5", "what=spine&name=X-SET-1&why=lost", "what=cover&name=X-MARKUP&why=old-label", "what=cards&name=LIB-2", "what=tracer&name=X-AT", "what=cover&name=X-FILED&why=old-label", "what=cover&name=X-ARABIC&why=old-label"];

/**
 * What is made up, in this order. The printer of Clinic 5 is in trouble, so that each label waits until PRINTERS says
 * what became of it.
 */
export const MADE = {
  file: { number: "900011", what: "volume", printer: "" },
  waits: { number: "900011", what: "temporary", printer: "Clinic 5" },
  printed: { number: "900008", what: "volume", printer: "Clinic 5" },
  unsure: { number: "900008", what: "temporary", printer: "Clinic 5" },
  failed: { number: "900001", what: "volume", printer: "Clinic 5" },
  off: { number: "900001", what: "temporary", printer: "Clinic 5" },
};

/**
 * What became of jobs is written into the queue, since no printer is plugged in here. Of the PDFs: waiting, printed,
 * nobody is sure, not printed, called off; the first stays a PDF, and the last two are as a desk without a label printer
 * queues them. Of the labels of what was made up, 9 waits; then printed, nobody is sure, not printed, called off.
 */
export const PRINTERS = `
.timeout 5000
UPDATE print_job SET printer = 'Zebra <b>hatch</b>', state = CASE key WHEN 2 THEN 0 ELSE key - 1 END WHERE key BETWEEN 2 AND 6;
UPDATE print_job SET state = 0 WHERE key IN (7, 8);
UPDATE print_job SET state = key - 8 WHERE key BETWEEN 10 AND 13;
UPDATE print_job SET said = 'The printer did not answer for two minutes.' WHERE state = 3;
UPDATE print_job SET said = 'There are no labels in it: 70 × 35 mm.' WHERE state = 4;
`;
