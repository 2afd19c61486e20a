// Panels: the last signal, large, for as long as it may be seen.

import { page, refresh } from './live.js';
import { isolated } from './written.js';

/** After so long no patient stays on the screen. */
const BLANK_AFTER_MS = 60000;
/** Signals that ask for something to be done: read out at once. */
const LOUD = ['look', 'refused', 'stop'];
/** Where signals stand that are shown for a while only. */
const PASSING = '#local .panel, #signal .panel, #alert .panel, #others .last .panel';

const part = (id) => document.getElementById(id);

/** The title as it stands beside the big word, which it need not say again. */
function besideWord(word, title) {
  const rest = title.startsWith(word) && /^[ :.]/.test(title.slice(word.length)) ? title.slice(word.length + 1).trimStart() : '';
  return rest || title;
}

/** A panel of this sign. */
export function panelOf(name, title, detail) {
  const panel = part(`sign-${name}`).content.cloneNode(true);
  panel.querySelector('.title').textContent = isolated(besideWord(panel.querySelector('.word').textContent, title));
  panel.querySelector('.detail').textContent = isolated(detail);
  return panel;
}

/** Shows signals, and takes them off after their time; also where the page slept, or its clock was set. */
export function lastSignal() {
  let timer = 0;
  let shown = '';
  let shownAt = Date.now();

  /** Something else may be shown than before: its time begins. */
  function changed() {
    const now = Array.from(document.querySelectorAll(PASSING), (panel) => panel.textContent).join();
    if (now === shown) return;
    shown = now;
    shownAt = Date.now();
    clearTimeout(timer);
    if (shown) timer = setTimeout(tick, BLANK_AFTER_MS);
  }

  function tick() {
    if (!shown || Math.abs(Date.now() - shownAt) < BLANK_AFTER_MS) return;
    page.shown += 1;
    for (const panel of document.querySelectorAll(PASSING)) panel.remove();
    changed();
    refresh();
  }

  /** What the server has answered; its page shows the same. */
  function show(name, title, detail) {
    page.shown += 1;
    part('local').replaceChildren();
    if (name === 'stop' && part('stop').firstElementChild) return; // It stands already; the page says what was not recorded.
    const isLoud = LOUD.includes(name);
    part(isLoud ? 'signal' : 'alert').replaceChildren();
    part(isLoud ? 'alert' : 'signal').replaceChildren(panelOf(name, title, detail));
    shown = '';
    changed();
  }

  /** What this page alone knows: it stands before the server's last signal until the next answer. */
  function say(name, title, detail) {
    part('local').replaceChildren(panelOf(name, title, detail));
    shown = '';
    changed();
  }

  return { show, say, changed, tick };
}
