// Every page in every state: a name for its pictures, its address, and what it must say.
import { HOSTILE } from "./states.mjs";

/** The widths: a desk's screen, the same at 200 %, a phone, the narrowest that counts (WCAG 2.2, 1.4.10). */
export const WIDTHS = [1280, 640, 360, 320];

/**
 * Pages that other parts of the house still build, by name. Such a page is left out as long as its address does not
 * answer. Whoever brings the page takes its name from here.
 */
export const ARRIVING = new Set([
  "places", "shelves", "slip", "questions", "scan-found", "scan-unknown",
]);

/**
 * A page: `says` is a text that must stand in it; `status` is 200 unless it is an error's page; `noise`, if any, is
 * what its console may say.
 */
const page = (name, path, says, status = 200) => ({ name, path, says, status });

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
  page("desk-place-unknown", "/desks/NOWHERE-1", "is not known here yet"),
];

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
  page("places", "/places", "Clinic 5"),
  page("shelves", "/places/LIB/shelves", "Shelf 3"),
];

const rest = [
  page("front", "/", "LIB-1"),
  page("help", "/help", "Put aside"),
  page("card", "/desks/LIB-1/card", "END"),
  page("card-hostile", "/desks/CARD-1/card", "<b>Cardiology</b>"),
  page("found-many", "/find?q=900002", "SMITH-JONES"),
  page("found-two-of-a-name", "/find?q=Patel", "PATEL"),
  page("found-none", "/find?q=Nobody-of-that-name", "No folder"),
  page("found-hostile", `/find?q=${encodeURIComponent(HOSTILE.attribute)}`, "No folder"),
  page("scan-found", "/find?scan=X-AT", "Cardiology"),
  page("scan-unknown", "/find?scan=ZZ-UNKNOWN-1", "ZZ-UNKNOWN-1"),
  page("questions", "/questions", "Ward 7"),
  page("error-no-page", "/none", "There is no such page", 404),
  page("error-no-volume", `/volumes/${encodeURIComponent(HOSTILE.markup)}`, "There is no volume", 404),
  page("error-malformed", "/places/CL5?limit=none", "Not understood", 400),
];

/** Only pages whose name has this in it, while one works on them. */
const only = process.env.CASETRACK_PAGES ?? "";

/** Desks first: an act that nobody goes on with ends after a while. */
export const PAGES = [...desks, ...volumes, ...places, ...rest].filter(({ name }) => name.includes(only));

/** Pages that are made to be printed. */
export const PRINTED = ["card", "slip", "place-library", "volume-set"];
