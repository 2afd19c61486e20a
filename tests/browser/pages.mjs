// Every page in every state: a name for its pictures, its address, and what it must say.
import { questionAbout } from "./hospital.mjs";
import { HOSTILE, card, wristband } from "./states.mjs";

/** The widths: a desk's screen, the same at 200 %, a phone, the narrowest that counts (WCAG 2.2, 1.4.10). */
export const WIDTHS = [1280, 640, 360, 320];

/** Whether pictures are kept for people to look at: making them takes longer than all that a machine looks at. */
export const PICTURES = process.env.CASETRACK_PICTURES === "1";

/**
 * A page: `path` is its address, or finds it in a hospital; `says` is a text that must stand in it; `status` is 200
 * unless it is an error's page; `noise`, if any, is what its console may say; `steps`, if any, are the forms that are
 * sent one after the other before it is looked at.
 */
const page = (name, path, says, status = 200) => ({ name, path, says, status });

/** The page to which "More" leads. */
const after = (path) => async (here) => {
  const html = await (await fetch(here.address + path)).text();
  const [, next] = /href="([^"]+)"(?: rel="next")?>(?:More|Older)/.exec(html);
  return next.replaceAll("&amp;", "&").replaceAll("&#38;", "&");
};
const question = (words) => (here) => questionAbout(here, words);

/** A desk waits only a quarter of a minute for what is missed. */
const asksForMissing = async (here) => {
  await here.scan("MISSED-1", card("MISSING"), "asks");
  return "/desks/MISSED-1?session=asks";
};
/** The page of the list that leads to the newest sweep of this place. */
const sweepOf = (name) => async (here) => {
  const html = await (await fetch(`${here.address}/sweeps`)).text();
  return new RegExp(`href="(/sweeps/[^"]+)">${name}`).exec(html)[1];
};
/** The list of a clinic whose name begins so. */
const listOf = (name) => async (here) => {
  const html = await (await fetch(`${here.address}/wanted`)).text();
  return new RegExp(`href="(/wanted\\?clinic=[^"]+)">${name}`).exec(html)[1].replaceAll("&#38;", "&");
};
/** Missing notes as known today, once they are counted. */
const missingToday = async (here) => {
  const day = new Date().toISOString().slice(0, 10);
  for (let text = ""; !text.includes("Found where and how"); ) text = await (await fetch(`${here.address}/missing?as_of=${day}`)).text();
  return `/missing?as_of=${day}`;
};
const search = (name) => (here) => here.searches[name];

/** Each desk page finds out whether its browser lets it sound, by trying; Chromium says so when it does not yet. */
const ASKS_FOR_SOUND = /AudioContext was not allowed to start/;

const desks = [
  page("desk-idle", "/desks/IDLE-1", "Scan a folder, or your badge"),
  page("desk-received", "/desks/CARD-1?session=hand", "RECEIVED"),
  page("desk-sent-open", "/desks/OPEN-1?session=hand", "<b>Cardiology</b>"),
  page("desk-aside", "/desks/ASIDE-1?session=hand", "Put aside"),
  page("desk-stop", "/desks/STOP-1?session=hand", "On hold"),
  page("desk-refused", "/desks/REFUSED-1?session=hand", "NOT DONE"),
  page("desk-two-scanners", "/desks/TWO-1?session=left", "Scanner right"),
  page("desk-watching", "/desks/TWO-1", "Scanner left"),
  page("desk-watching-many", "/desks/LIB-2", "Scanner file"),
  page("desk-badge", "/desks/BADGE-1?session=hand", "badge"),
  page("desk-undone", "/desks/W7-1?session=hand", "taken back"),
  page("desk-missed", "/desks/MISSED-1?session=hand", "X-MISSED"),
  page("desk-missing-asks", asksForMissing, "MISSING: scan or type its number"),
  page("desk-sweeping", "/desks/SWEEP-1?session=hand", "SEEN at Shelf 6"),
  page("desk-swept", "/desks/SEC-1?session=sweep", "3 expected, 1 seen"),
  page("desk-rung", "/desks/RANG-1?session=hand", "CN-X-RANG"),
  page("desk-place-unknown", "/desks/NOWHERE-1", "is not known here yet"),
].map((row) => ({ noise: ASKS_FOR_SOUND, ...row }));

const volumes = [
  page("volume-at", "/volumes/X-AT", "Cardiology"),
  page("volume-filed", "/volumes/X-FILED", "Shelf 3"),
  page("volume-left", "/volumes/X-LEFT", "Off-site store"),
  page("volume-imported", "/volumes/X-IMPORTED", "Clinic 9"),
  page("volume-on-its-way", "/volumes/X-WAY", "Clinic 5"),
  page("volume-meant-for", "/volumes/X-MEANT", "Clinic 5"),
  page("volume-in-crate", "/volumes/X-CRATE", "Crate K12"),
  page("volume-in-moving-crate", "/volumes/X-MOVING", "Crate K13"),
  page("volume-emptied", "/volumes/X-EMPTIED", "Library"),
  page("volume-a-or-b", "/volumes/X-EITHER", "Ward 7"),
  page("volume-late", "/volumes/X-LATE", "Clinic 5"),
  page("volume-gone", "/volumes/X-GONE", "destroyed"),
  page("volume-transferred", "/volumes/X-TRANSFERRED", "transferred"),
  page("volume-gone-but-seen", "/volumes/X-GONE-SEEN", "Which is right?"),
  page("volume-on-hold", "/volumes/X-HOLD", "Coroner's inquest"),
  page("volume-restricted", "/volumes/X-RESTRICTED", "Restricted"),
  page("volume-temporary", "/volumes/X-TEMPORARY", "temporary"),
  page("volume-not-yet-seen", "/volumes/X-NEW", "Not yet seen"),
  page("volume-undone", "/volumes/X-UNDONE", "taken back"),
  page("volume-set", "/volumes/X-SET-1", "Volume 3"),
  page("volume-long-story", "/volumes/X-LONG-STORY", "Older movements"),
  page("volume-markup", "/volumes/X-MARKUP", HOSTILE.markup.toUpperCase()),
  page("volume-arabic", "/volumes/X-ARABIC", HOSTILE.arabic),
  page("volume-at-right-to-left", "/volumes/X-AT-ARABIC", HOSTILE.arabic),
  page("volume-override", "/volumes/X-OVERRIDE", "belongs on"),
  page("volume-long-name", "/volumes/X-LONG", HOSTILE.long.toUpperCase()),
  page("volume-nameless", "/volumes/X-NAMELESS", "CN-X-NAMELESS"),
  page("volume-died", "/volumes/X-DIED", "died"),
  page("volume-marks", "/volumes/X-MARKS", "belongs on"),
  page("slip", "/volumes/X-AT/slip", "X-AT"),
];

const missing = [
  page("volume-not-there", "/volumes/X-IMPORTED", "Say where you looked"),
  page("volume-searched", "/volumes/X-SOUGHT", "Where to look"),
  page("searches", "/searches", "X-SOUGHT"),
  page("searches-turned-up", "/searches?show=turned-up", "X-TURNED-UP"),
  page("searches-declared", "/searches?show=declared", "X-DECLARED"),
  page("searches-quiet", "/searches?show=quiet", "CN0142"),
  page("searches-ended", "/searches?show=ended", "Found after"),
  page("search-open", search("open"), "Where to look"),
  page("search-walking", async (here) => `${here.searches.open}?by=walking`, "Where to look"),
  page("search-looked", search("looked"), "looked, not there"),
  page("search-turned-up", search("turned"), "Where was it really?"),
  page("search-found", search("found"), "Why: misfiled"),
  page("search-declared", search("declared"), "Declared missing"),
  page("search-ended", search("ended"), "Search for it again"),
  page("sweeps", "/sweeps", "Where to sweep next"),
  page("sweep-shelf", sweepOf("Shelf 5"), "Should be here, and was not seen"),
  page("sweep-room", sweepOf("Secretaries"), "Was that the whole room?"),
  page("wanted", "/wanted", "Clinic 5"),
  page("wanted-list", listOf("Clinic 5"), "Put aside in the library"),
  page("wanted-hostile", listOf("Clinic &#60;script"), HOSTILE.attribute),
  page("chase-coming", "/chase", "Coming clinics"),
  page("chase-sent", "/chase?list=sent", "CN0151"),
  page("chase-passed", "/chase?list=passed", "CN-X-PASSED"),
  page("chase-held", "/chase?list=held", "CN0152"),
  page("missing", missingToday, "Found where and how"),
];

const places = [
  page("place-library", "/places/LIB", "Library"),
  page("place-shelf", "/places/S3", "X-FILED"),
  page("place-clinic", "/places/CL5", "X-WAY"),
  page("place-empty", "/places/ADM", "Admissions"),
  page("place-many", "/places/W8", "CNM0001"),
  page("place-crate", "/places/K12", "X-CRATE"),
  page("place-store", "/places/STORE", "X-LEFT"),
  page("place-person", "/places/DR-RAO", "Dr Rao"),
  page("place-markup", "/places/EMPTY-1", HOSTILE.markup),
  page("place-right-to-left", "/places/RTL-1", HOSTILE.arabic),
  page("place-override", "/places/RTL-2", "ward"),
  page("place-marks", "/places/MARKS-1", "algo"),
  page("place-long", "/places/LONG-1", HOSTILE.long),
  page("place-hostile-full", "/places/CARD", "<b>Cardiology</b>"),
  page("place-crate-moving", "/places/K13", "On its way"),
  page("place-crate-empty", "/places/K14", "Empty, by the log"),
  page("place-crate-in-a-trolley", "/places/K16", "Trolley K15"),
  page("place-shelf-gaps", "/places/S12", "missing from here"),
  page("place-shelf-strangers", "/places/S4", "Belongs here, but is not here"),
  page("list-coming", "/places/CL5?list=coming", "CN-X-WAY"),
  page("list-sent", "/places/LIB?list=sent", "CN-X-WAY"),
  page("list-meant", "/places/W7?list=meant", "CN-X-MEANT"),
  page("list-containers", "/places/LIB?list=containers", "Crate K12"),
  page("list-here", "/places/W8?list=here", "CNM0001"),
  page("list-here-goes-on", after("/places/W8?list=here"), "From the beginning"),
  page("list-unsure", "/places/W8?list=unsure", "CNM0001"),
  page("list-gaps", "/places/S12?list=gaps", "CN0001"),
  page("list-strangers", "/places/S4?list=strangers", "CN-X-DIED"),
  page("list-inside", "/places/K12?list=inside", "CN-X-CRATE"),
  page("list-empty", "/places/ADM?list=sent", "Nothing, by the log"),
  page("places", "/places", "Clinic 5"),
  page("shelves", "/places/LIB/shelves", "Shelf 3"),
  page("shelves-none", "/places/CL5/shelves", "No shelf stands here"),
];

const questions = [
  page("questions", "/questions", "Scanners that often misread"),
  page("questions-go-on", after("/questions"), "ZZ-OLD-1"),
  page("question-order", question("CN-X-EITHER"), "Nobody knows where it is"),
  page("question-gone", question("CN-X-GONE-SEEN"), "It is gone, as recorded"),
  page("question-rule", question("CN-X-LATE"), "It was allowed"),
  page("question-loop", question("Trolley K15"), "stands by itself"),
  page("question-label", question("ZZ-UNKNOWN-1"), "Which folder is it?"),
  page("question-label-markup", question("ZZ-&#60;b&#62;UNKNOWN"), "ZZ-<b>UNKNOWN</b>"),
  page("question-answered", (here) => here.answered.gone, "DONE"),
  page("question-set-aside", (here) => here.answered.aside, "DONE"),
];

const rest = [
  page("front", "/", "Where folders are"),
  page("front-all-desks", "/?desks=all", "BADGE-1"),
  page("help", "/help", "Put aside"),
  page("scanners", "/help/scanners", "How it is done"),
  page("scanner", "/help/scanners/zebra-ds2208", "Print the sheet"),
  page("scanner-unconfirmed", "/help/scanners/newland-hr22?unconfirmed=yes", "Not confirmed."),
  page("scanner-any", "/help/scanners/generic-serial?interface=rs232", "Look for: RS-232"),
  page("scanner-no-such-sheet", "/help/scanners/generic-hid?interface=keyboard", "has no sheet for keyboard"),
  page("card", "/desks/LIB-1/card", "END"),
  page("card-hostile", "/desks/CARD-1/card", "<b>Cardiology</b>"),
  page("found-exactly", "/find?q=900011", "THREE-VOLUMES"),
  page("found-two-of-a-name", "/find?q=Patel", "PATEL"),
  page("found-born-alike", "/find?q=Bornalike", "born alike: check the NHS number"),
  page("found-many", "/find?q=Tanaka", "Beginning with"),
  page("found-many-go-on", after("/find?q=Tanaka"), "Back to all that was found"),
  page("found-inside", "/find?q=stone", "FEATHERSTONEHAUGH"),
  page("found-birth-date", "/find?q=2+Jan+1950", "PATEL"),
  page("found-places", "/find?q=Clinic", "Clinic 5"),
  page("found-none", "/find?q=Nobody-of-that-name", "Nothing found"),
  page("found-hostile", `/find?q=${encodeURIComponent(HOSTILE.attribute)}`, HOSTILE.markup.toUpperCase()),
  page("found-not-asked", "/find?q=", "Where is the folder?"),
  page("scan-found", "/find?scan=X-AT", "Cardiology"),
  page("scan-place", "/find?scan=S3", "Shelf 3"),
  page("scan-patient", `/find?scan=${encodeURIComponent(wristband("9434765919"))}`, "CN-X-AT"),
  page("scan-unknown", "/find?scan=ZZ-UNKNOWN-1", "ZZ-UNKNOWN-1"),
  page("scan-misread", "/find?scan=V000000100", "V000000100"),
  page("scan-badge", "/find?scan=B100", "This is a badge"),
  page("scan-card", `/find?scan=${card("END")}`, "This is a card for the desk"),
  page("error-no-page", "/none", "There is no such page", 404),
  page("error-no-volume", `/volumes/${encodeURIComponent(HOSTILE.markup)}`, "There is no volume", 404),
  page("error-no-question", "/questions/order:X-AT-NONE", "There is no question", 404),
  page("error-no-profile", "/help/scanners/acme", "There is no profile", 404),
  page("error-malformed", "/questions?limit=none", "Not understood", 400),
  page("error-no-list", "/places/CL5?list=none", "Not understood", 400),
];

/** So many folders at once, by their old labels. */
const folders = (count) => Array.from({ length: count }, (_, n) => `&name=F${String(n + 1).padStart(4, "0")}`).join("");

/** The page for making up after these forms: each the button that is pressed, and what is typed. */
const making = (name, says, ...steps) => ({ ...page(`make-${name}`, "/make", says), steps });
const look = (fields) => ({ press: "look", fields });
/** Much like a patient who is known, but for both numbers. */
const ANITA = { number: "999001", nhs: "9434765870", surname: "Patel", forename: "Anita", born: "2/1/1950" };
const everyone = { passed: true };

const made = (name, says) => page(`make-made-${name}`, (here) => here.made[name], says);
const makings = [
  page("make", "/make", "Make up a folder"),
  making("wrong", "type the year with four digits", look({ surname: "Lee", born: "4/5/20", nhs: "943 476 5918" })),
  making("nobody", "Nobody like this is known", look({ surname: "Nobody-of-that-name" })),
  making("found", "Is it one of these?", look({ surname: "Patel" })),
  making("found-many", "More people fit", look({ surname: "Tanaka" })),
  making("near", "Much like what you typed", look(ANITA)),
  making("near-not-passed", "Compare them first", look(ANITA), { press: "new", fields: {} }),
  making("near-passed", "provisional until the next import", look(ANITA), { press: "new", fields: everyone }),
  making("near-hostile", HOSTILE.long, look({ number: "900007", surname: HOSTILE.long, forename: HOSTILE.long, born: "7/7/1972" })),
  making("near-arabic", HOSTILE.arabic, look({ number: "999002", surname: HOSTILE.arabic, forename: HOSTILE.isolate, born: "5/5/1970" })),
  making("new", "It counts as not yet seen", look({ number: "999003", surname: `${HOSTILE.markup}1`, forename: HOSTILE.attribute })),
  making("known", "What is made?", look({ number: "900003" })),
  making("known-many", "New volume of CN0002", look({ number: "900002" })),
  making("known-died", "died", look({ number: "900009" })),
  making("back", "Whose is it?", look({ number: "900003" }), { press: "again", fields: {} }),
  making("refused", "NOT DONE", look({ number: "900003" }), { press: "make", fields: { what: "casenote", casenote: "CN-X-AT", badge: "B200" } }),
  making("no-badge", "NOT DONE", look({ number: "900003" }), { press: "make", fields: { what: "casenote", casenote: "CN-NEW-1", badge: "nobody's" } }),
  made("file", "Print its label"),
  made("waits", "printing on Clinic 5"),
  made("printed", "was printed on Clinic 5"),
  made("unsure", "Look whether its label came out"),
  made("failed", "did not print on Clinic 5"),
  made("off", "called off on Clinic 5"),
  page("make-made-unprinted", (here) => `${here.made.file}&unprinted=Hatch`, "not printing on Hatch"),
];

const labels = [
  page("labels", "/labels", "one a line"),
  page("labels-missing", "/labels?what=cover&name=X-AT&name=ZZ-NOBODY&name=CL5", "It is a place, not a folder"),
  page("labels-sheet", `/labels?what=cover${folders(40)}&first=5&spoiled=7&spoiled=21`, "40 labels: 15 on this sheet"),
  page("labels-too-many", `/labels?what=cover${folders(30)}&copies=50`, "at most 1,000"),
  page("labels-stock-changed", "/labels?what=spine&name=X-AT&stock=L7160", "is chosen now"),
  page("labels-badges", "/labels?what=badge&name=B100&name=B200", "Make the PDF: 2 labels"),
  page("labels-hostile", `/labels?what=cover&name=${encodeURIComponent(HOSTILE.markup)}&name=${encodeURIComponent(HOSTILE.arabic)}`, HOSTILE.markup),
  page("label-cover", "/volumes/X-AT/label", "Make the PDF: 1 label"),
  page("label-smallest", "/volumes/X-AT/label?stock=L7651&first=30", "65 labels, 5 across"),
  page("label-spine", "/volumes/X-AT/label?what=spine", "L4760"),
  page("label-tracer", "/volumes/X-AT/label?what=tracer", "L7165"),
  page("label-why", "/volumes/X-AT/label", "Choose why"),
  page("label-roll", "/volumes/X-AT/label?stock=70x35&why=lost", "70 × 35 mm"),
  page("label-printer", "/volumes/X-AT/label?printer=Hatch", "Print 1 label on Hatch"),
  page("label-printer-no-roll", "/volumes/X-AT/label?printer=Hatch&what=spine", "Choose another printer"),
  page("label-temporary", "/volumes/X-TEMPORARY/label", "X-TEMPORARY"),
  page("label-long-name", "/volumes/X-LONG/label", "Name shortened"),
  page("label-arabic", "/volumes/X-ARABIC/label", "shown as a box"),
  page("label-markup", "/volumes/X-MARKUP/label", HOSTILE.markup.toUpperCase()),
  page("label-marks", "/volumes/X-MARKS/label", "X-MARKS"),
  page("label-place", "/places/S3/label", "Shelf 3"),
  page("label-places-beneath", "/places/LIB/label?beneath=yes", "All that is printed"),
  page("label-crate", "/places/K12/label", "Crate K12"),
  page("label-place-hostile", "/places/EMPTY-1/label", HOSTILE.markup),
  page("cards", "/desks/LIB-2/cards", "Cards of desk LIB-2"),
  page("cards-destinations", "/desks/LIB-2/cards?what=destinations", "Ward 8"),
  page("labels-queue", "/labels/queue", "Did it print?"),
  page("labels-by-hand", "/labels/queue", "Make the PDF: 2 labels"),
];

/** The first morning: nothing is imported, no desk is set up. */
const first = [
  page("new-front", "/", "No desk is in the configuration yet"),
  page("new-places", "/places", "No place is imported yet"),
  page("new-questions", "/questions", "Nothing needs a librarian"),
  page("new-find", "/find?q=Smith", "Nothing found"),
  page("new-searches", "/searches", "Nobody is searching for a folder"),
  page("new-wanted", "/wanted", "No clinic list was imported yet"),
  page("new-chase", "/chase?list=held", "No place holds a folder longer"),
  page("new-sweeps", "/sweeps", "Nothing was swept yet"),
  page("new-labels", "/labels?what=cards", "Make the PDF"),
  page("new-labels-queue", "/labels/queue", "Nothing has been printed from here yet"),
].map((row) => ({ isNew: true, ...row }));

/** Only pages whose name has one of these in it, while one works on them. */
const only = (process.env.CASETRACK_PAGES ?? "").split(",");

/**
 * Whether all is looked at in this state of a page: in the first one of each kind of page, or with CASETRACK_FULL=1.
 * The order backwards, forced colours and the second browser hardly ever tell two states apart, and take a third of the time.
 */
const kinds = new Set();
const isThorough = ({ name }) => {
  const kind = /^(new-)?[^-]+/.exec(name)[0];
  const isFirst = !kinds.has(kind);
  kinds.add(kind);
  return isFirst || process.env.CASETRACK_FULL === "1";
};

/** Desks first: an act that nobody goes on with ends after a while. */
export const PAGES = [...desks, ...volumes, ...missing, ...places, ...questions, ...makings, ...labels, ...rest, ...first]
  .filter(({ name }) => only.some((part) => name.includes(part))).map((row) => ({ ...row, isThorough: isThorough(row) }));

/** Pages that are made to be printed. */
export const PRINTED = ["card", "slip", "place-library", "volume-set"];

/** The address of a page in one of the hospitals: the old one, or the new. */
export async function addressOf({ path, isNew }, { old, fresh }) {
  const here = isNew ? fresh : old;
  return here.address + (typeof path === "string" ? path : await path(here));
}
