// Patching: a live part becomes what the server says it is now, and what a person is doing there stays.
//
// Nodes that are the same stay the same nodes, so that focus, selection and scrolling stay where they are. Rows are
// told apart by what they lead to: a row that comes in above must not slide another folder under a finger.

/** Where a person types: a part that holds it waits until they have gone. */
const TYPED = 'input:not([type=button], [type=submit], [type=checkbox], [type=radio]), textarea, select, [contenteditable]';
/** How long a row that has changed is tinted, in milliseconds. */
const FLASH_MS = 1200;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** What tells one element from its neighbours: its id, its key, or where its first link leads. */
function key(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  const name = node.id || node.dataset.key || (node.matches('a[href]') ? node : node.querySelector('a[href]'))?.getAttribute('href');
  return name ? `${node.nodeName} ${name}` : null;
}

function sameKind(old, fresh) {
  return old.nodeName === fresh.nodeName && key(old) === key(fresh);
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

/** Keeps each old child that is there still, in its place; what is new comes in, what is gone goes. */
function patchChildren(old, fresh, changed) {
  const spare = new Set(old.childNodes);
  let next = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    while (next && !spare.has(next)) next = next.nextSibling;
    const found = [...spare].find((child) => child.isEqualNode(wanted) && key(child) !== null)
      ?? [...spare].find((child) => sameKind(child, wanted));
    if (found) {
      spare.delete(found);
      patchNode(found, wanted, changed);
      if (found === next) next = next.nextSibling;
      else old.insertBefore(found, next);
    } else {
      const node = document.importNode(wanted, true);
      old.insertBefore(node, next);
      if (node.nodeType === Node.ELEMENT_NODE && node.matches('tr, li')) changed.add(node);
    }
  }
  for (const gone of spare) gone.remove();
}

function flash(rows) {
  if (calm.matches) return;
  const tint = getComputedStyle(document.documentElement).getPropertyValue('--tint-amber');
  if (!tint) return;
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
