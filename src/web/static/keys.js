// Keys: a wedge scanner types. It is heard whatever has the focus, on the desk's page and on every other.

/** Longest pause between two keys of one scan, in milliseconds; slow wedges leave 40. */
const KEY_GAP_MS = 120;
/** Mean time a key of a scan, in milliseconds; quick typists need 80. */
const SCAN_MEAN_MS = 50;
/** A pause after which keys belong together no more, in milliseconds: a busy PC stalls a scan for less. */
const STALL_MS = 1000;
/** Fewest keys that show a scan by their pace alone, when its end came late or never; fewer may be a quick hand. */
const STALLED_KEYS = 4;
/** Keys remembered at a time: four times the longest label. What is longer is no label and loses its beginning. */
const MAX_KEYS = 1024;
/** The sign between the parts of a GS1 code, typed as Ctrl and the closing bracket. */
const GROUP_SEPARATOR = '\u001d';
/** Stands for a key that cannot be read: the scan is then refused as unreadable, never taken without that sign. */
const UNREADABLE = '\ufffd';

/**
 * What a key means: by its position for A-Z, 0-9 and hyphen, so that layout and caps lock do not matter; as `key`
 * says for all other signs, and where a remote desktop tells no position. Of the signs of old labels / . + $ % and
 * space lie alike on UK and US keyboards; @ " # £ \ | ~ do not, and a scanner set for the other layout gets them
 * wrong: no page can tell.
 */
export function characterOf(event) {
  const { code, key } = event;
  if (event.getModifierState?.('AltGraph')) return key.length === 1 ? key : null;
  if (event.metaKey || event.altKey) return null;
  if (event.ctrlKey) return code === 'BracketRight' || key === ']' || key === GROUP_SEPARATOR ? GROUP_SEPARATOR : null;
  if (key === 'Dead') return UNREADABLE;
  const place = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code);
  if (place?.[1]) return place[1];
  if (place?.[2]) {
    if (code.startsWith('Numpad')) return /^[0-9]$/.test(key) ? key : null;
    return event.shiftKey && key.length === 1 ? key : place[2];
  }
  if ((code === 'Minus' && !event.shiftKey) || code === 'NumpadSubtract') return '-';
  return key.length === 1 ? key : null;
}

/** Whether no hand types so: most keys came at a scanner's pace, and a busy PC held up the others or the end. */
function isStalled(run, now) {
  const gaps = run.slice(1).map((key, at) => key.at - run[at].at);
  const quick = gaps.filter((gap) => gap <= SCAN_MEAN_MS).length;
  return run.length >= STALLED_KEYS && quick >= 0.75 * gaps.length && now - run.at(-1).at <= STALL_MS;
}

/**
 * The keys of the scan at the end of `run`, or null. Keys without a pause are one piece. Lone keys before the last
 * piece were typed by a person and stay; any other piece before it is the same scan, stalled: half a scan is never
 * taken.
 */
export function scanIn(run, now) {
  const pieces = [];
  for (const [at, key] of run.entries()) {
    if (at === 0 || key.at - run[at - 1].at > KEY_GAP_MS) pieces.push([]);
    pieces.at(-1).push(key);
  }
  // A Tab or Enter well before it only brought the focus here.
  if (pieces.length > 1 && pieces[0].every((key) => !key.text)) return scanIn(pieces.slice(1).flat(), now);
  const last = pieces.at(-1) ?? [];
  const endGap = last.length < STALLED_KEYS ? SCAN_MEAN_MS : KEY_GAP_MS;
  const inOne = last.length >= 2 && now - last.at(-1).at <= endGap
    && (last.at(-1).at - last[0].at) / (last.length - 1) <= SCAN_MEAN_MS;
  if (!inOne && !isStalled(run, now)) return null;
  const before = pieces.slice(0, -1);
  const typed = before.length > 1 && before.every((piece) => piece.length === 1);
  return typed ? last : run;
}

/** The keys as text. Of letters only that of an AIM identifier (`]d2`, `]C1`) has a case that matters. */
function textOf(keys) {
  const signs = keys.filter((key) => key.text);
  const isAim = signs[0]?.text === ']';
  return signs.map((key, at) => (isAim && at === 1 ? key.cased : key.text)).join('');
}

/** A sign with the case that Shift gave it, whatever caps lock made of it. */
const casedOf = (text, { code, shiftKey }) => (code.startsWith('Key') && !shiftKey ? text.toLowerCase() : text);
const CONTROLS = 'a, button, summary';
const FIELDS = 'input:not([type=button], [type=submit], [type=reset], [type=checkbox], [type=radio]), textarea, select';
const isBare = (event) => !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey);

/** A field as it is before a key changes it. */
function stateOf(field) {
  if (!field?.matches(FIELDS)) return { field: null };
  return { field, value: field.value, from: field.selectionStart, to: field.selectionEnd };
}

/** Takes what a scanner typed out of a field again. */
function restore({ field, value, from, to }) {
  if (!field?.isConnected) return;
  if (field.value !== value) {
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  if (typeof from === 'number') field.setSelectionRange(from, to);
  if (document.activeElement !== field) field.focus({ preventScroll: true });
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

/** Puts a sign into the box, which takes the focus from wherever it was. */
function write(box, text) {
  if (document.activeElement !== box) {
    box.focus({ preventScroll: true });
    box.setSelectionRange(box.value.length, box.value.length);
  }
  if (box.value.length < box.maxLength) box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
}

/**
 * Hears every key of the page.
 *
 * - `scanned(text, field)`: a scan; the field that had the focus is as it was before.
 * - `cut(text)`: keys came as from a scanner, and no Enter or Tab after them. Nothing is taken.
 * - `box`: where all that is typed on the page goes; without one, fields take their keys themselves.
 * - `typed(text)`: Enter, with something typed into the box.
 * - `card(key, isHeld)`: a function key; `true` if it means something here.
 *
 * Gives a function that forgets the keys so far: they meant something, and belong to no scan.
 */
export function listen({ scanned, cut, box = null, typed = () => {}, card = () => false }) {
  let run = [];
  let cutOff = null;
  let endedAt = -Infinity;
  let silence = 0;
  let press = 0;

  function remember(text, at, cased = text) {
    run.push({ text, cased, at, before: stateOf(box ?? document.activeElement) });
    if (run.length > MAX_KEYS) run.shift();
    clearTimeout(silence);
    silence = setTimeout(() => {
      if (!isStalled(run, run.at(-1).at)) return;
      // What comes after a stall still belongs to it; the next scan finds the field as it was.
      cutOff = run[0].before;
      cut(textOf(run));
    }, STALL_MS + KEY_GAP_MS);
  }

  function forget() {
    clearTimeout(silence);
    run = [];
    cutOff = null;
  }

  function ends(event) {
    const now = event.timeStamp;
    const keys = scanIn(run, now);
    const isSecondSign = now - endedAt <= KEY_GAP_MS; // Of CR LF, or of Enter and Tab.
    if (keys || isSecondSign) {
      swallow(event);
      if (!keys) return;
      endedAt = now;
      forget();
      restore(keys[0].before);
      scanned(textOf(keys), keys[0].before.field);
    } else if (event.key === 'Enter' && box && !document.activeElement?.matches(CONTROLS)) {
      swallow(event);
      endedAt = now;
      forget();
      const text = box.value.trim();
      box.value = '';
      if (text) typed(text);
      else remember('', now);
    } else {
      forget();
      remember('', now); // It may stand before a scan.
    }
  }

  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.key === 'Process') return;
    const now = event.timeStamp;
    const idle = !run.length || now - run.at(-1).at > STALL_MS;
    const follows = run.length > 0 && now - run.at(-1).at <= SCAN_MEAN_MS;
    if (idle) {
      if (box && cutOff) restore(cutOff);
      forget();
    }
    if (follows) clearTimeout(press);
    if (/^F[0-9]+$/.test(event.key) && isBare(event)) {
      // A scanner that sends a function key for a sign presses no card.
      if (follows) remember(UNREADABLE, now);
      if (follows || card(event.key, event.repeat)) swallow(event);
      return;
    }
    if (event.key === 'Enter' || event.key === 'Tab') {
      ends(event);
      return;
    }
    const text = characterOf(event);
    if (text === null || (text === ' ' && idle && document.activeElement?.matches(CONTROLS))) return;
    if (!event.repeat) remember(text, now, casedOf(text, event));
    if (event.key === 'Dead') return;
    if (box) {
      swallow(event);
      write(box, text);
    } else if (follows && !document.activeElement?.matches(FIELDS)) {
      swallow(event);
    }
  }, { capture: true });

  // An Enter that stands before a scan presses nothing: a link or a button waits for the time of a key.
  document.addEventListener('keydown', (event) => {
    const control = document.activeElement;
    if (event.key !== 'Enter' || event.defaultPrevented || !isBare(event) || !control?.matches(CONTROLS)) return;
    event.preventDefault();
    if (event.repeat) return;
    clearTimeout(press);
    press = setTimeout(() => control.click(), KEY_GAP_MS);
  });

  return forget;
}
