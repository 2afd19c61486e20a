// Patching: a live part becomes what the server says it is now, and what a person is doing there stays.
//
// Nodes that are the same stay the same nodes, so that focus, selection and scrolling stay where they are. Rows are
// told apart by what they lead to: a row that comes in above must not slide another folder under a finger.

/** Where a person types: a part that holds it waits until they have gone. */
const TYPED = 'input:not([type=button], [type=submit], [type=checkbox], [type=radio]), textarea, select, [contenteditable]';
/** How long a row that has changed is tinted, in milliseconds. */
const FLASH_MS = 1200;
/** More rows than these at once are a new page, not a change to look at. */
const MAX_FLASHED = 12;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** What an element may become: one of the same name and id or key; a row, one that leads to the same thing. */
function kind(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeName;
  const lead = node.matches('tr, li') ? node.querySelector('a[href]') : node.matches('a[href]') && node;
  return `${node.nodeName} ${node.id || node.dataset.key || (lead && lead.getAttribute('href')) || ''}`;
}

/** Attributes; what a person has opened stays open. */
function patchAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function patchNode(old, fresh, changed) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType === Node.ELEMENT_NODE) {
    patchAttributes(old, fresh);
    patchChildren(old, fresh, changed);
    if (old.matches('tr, li')) changed.add(old);
  } else {
    old.nodeValue = fresh.nodeValue;
  }
}

/** The children that differ, and the one that stands behind them: what is alike at both ends is left out. */
function differing(old, fresh) {
  const [had, wanted] = [[...old.childNodes], [...fresh.childNodes]];
  const least = Math.min(had.length, wanted.length);
  let head = 0;
  while (head < least && had[head].isEqualNode(wanted[head])) head += 1;
  let tail = 0;
  while (tail < least - head && had.at(-1 - tail).isEqualNode(wanted.at(-1 - tail))) tail += 1;
  return [had.slice(head, had.length - tail), wanted.slice(head, wanted.length - tail), had[had.length - tail] ?? null];
}

/** Keeps each old child that is wanted still, where it is if it can be: one that is moved loses the focus. */
function patchChildren(old, fresh, changed) {
  const [had, wanted, behind] = differing(old, fresh);
  const spare = new Map(had.map((child) => [kind(child), []]));
  for (const child of had) spare.get(kind(child)).push(child);
  const found = wanted.map((node) => spare.get(kind(node))?.shift());
  for (const gone of [...spare.values()].flat()) gone.remove();
  let next = had.find((child) => child.parentNode === old) ?? behind;
  for (const [at, node] of wanted.entries()) {
    const kept = found[at] ?? document.importNode(node, true);
    if (found[at]) patchNode(kept, node, changed);
    else if (kept.nodeType === Node.ELEMENT_NODE && kept.matches('tr, li')) changed.add(kept);
    if (kept === next) next = next.nextSibling;
    else old.insertBefore(kept, next);
  }
}

function flash(rows) {
  if (calm.matches || rows.size > MAX_FLASHED) return;
  // Grey: the colours of signals mean something else.
  const tint = getComputedStyle(document.documentElement).getPropertyValue('--rule');
  for (const row of rows) row.animate([{ backgroundColor: tint }, {}], { duration: FLASH_MS, easing: 'ease-out' });
}

/** Patches every live part of this page from `text`, a whole page. Says whether none had to wait. */
export function patch(text) {
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  const focused = document.activeElement;
  const changed = new Set();
  let whole = true;
  for (const part of document.querySelectorAll('[data-live][id]')) {
    const other = fresh.getElementById(part.id);
    if (!other || part.isEqualNode(other)) continue;
    if (focused?.matches(TYPED) && part.contains(focused)) whole = false;
    else patchNode(part, other, changed);
  }
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
  flash(changed);
  return whole;
}
