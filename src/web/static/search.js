// A search: a tap is sent without leaving the page, the places sort themselves anew, the badge stays in its field.

import { page } from './live.js';
import { patch } from './patch.js';

/** A digit that another key follows within this time is part of a scan, in milliseconds: slow wedges leave 120. */
const SCAN_GAP_MS = 200;
/** An answer that takes longer has failed; the same tap may be sent again, it counts once. */
const ANSWER_MOST_MS = 20000;
/** Which of a place's buttons a letter presses. */
const LETTERS = ['f', 'n', 'c'];
const TEXT = 'input[type=text], input:not([type]), select, textarea';

/** What came of a tap stands on top until the next one. */
function say(nodes) {
  document.getElementById('said').replaceChildren(...nodes);
}

function notSent(why) {
  const line = document.createElement('p');
  line.className = 'warning';
  line.setAttribute('role', 'alert');
  line.textContent = why;
  say([line]);
}

async function send(form, tap) {
  const body = new URLSearchParams(new FormData(form));
  if (tap?.name) body.set(tap.name, tap.value);
  const reply = await fetch(form.action, { method: 'POST', body, signal: AbortSignal.timeout(ANSWER_MOST_MS) });
  const text = await reply.text();
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  if (!reply.ok) {
    notSent(fresh.querySelector('main .lead')?.textContent ?? 'This did not work. Open the page again.');
    return;
  }
  page.shown += 1;
  patch(text);
  say(fresh.getElementById('said').childNodes);
}

/** Sends one tap at a time; the page that answers has a new id for the next. */
function listenToTaps(form) {
  let sending = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    form.setAttribute('aria-busy', 'true');
    send(form, event.submitter)
      .catch(() => notSent('The server does not answer. Nothing is lost: tap again in a moment.'))
      .finally(() => {
        sending = false;
        form.removeAttribute('aria-busy');
      });
  });
}

/** A digit chooses a place, a letter says what was found there; a scan is neither. */
function listenToKeys(form, forget) {
  let waiting = 0;
  const act = (key) => {
    const chosen = LETTERS.includes(key)
      ? document.activeElement.closest('.spot')?.querySelectorAll('.taps button')[LETTERS.indexOf(key)]
      : form.querySelector(`[data-digit="${key}"] .taps button`);
    if (!chosen) return;
    forget();
    chosen.focus();
    if (LETTERS.includes(key)) chosen.click();
  };
  document.addEventListener('keydown', (event) => {
    clearTimeout(waiting);
    const bare = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat);
    const key = event.key.toLowerCase();
    if (bare && /^[0-9fnc]$/.test(key) && !document.activeElement?.matches(TEXT)) waiting = setTimeout(act, SCAN_GAP_MS, key);
  });
}

/** Makes the page of a search quick; `forget` takes the keys out of what may be a scan. */
export function runSearch(form, forget) {
  listenToTaps(form);
  listenToKeys(form, forget);
}
