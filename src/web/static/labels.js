// Labels: what is chosen is shown at once; without this file the button shows it.

import { patch } from './patch.js';

/** After the last key in a field, in milliseconds. */
const TYPING_MS = 500;

/** What the server says is chosen now: a part that was patched forgets what was clicked in it before. */
function settle(form, focused) {
  for (const input of form.querySelectorAll('#sheet input[name]')) input.checked = input.defaultChecked;
  for (const select of form.querySelectorAll('[data-live] select')) {
    if (select === focused) continue;
    for (const option of select.options) option.selected = option.defaultSelected;
  }
}

/** Asks for the page as the form would and patches what differs. A later choice outdates an earlier answer. */
export function showLabels(form) {
  let asked = 0;
  let timer = 0;
  const show = async () => {
    clearTimeout(timer);
    asked += 1;
    const mine = asked;
    const fields = new URLSearchParams(new FormData(form));
    const isGet = form.method === 'get';
    const url = isGet ? `${form.action}?${fields}` : form.action;
    const reply = await fetch(url, isGet ? {} : { method: 'POST', body: fields }).catch(() => null);
    if (!reply?.ok || mine !== asked) return;
    const text = await reply.text();
    if (mine !== asked) return;
    patch(text);
    settle(form, document.activeElement);
  };
  form.addEventListener('change', ({ target }) => {
    // A list that is scanned into is shown when it is whole; the badge and the box that leaves some out change no label.
    if (!target.matches('textarea, [name=badge], [name=leave-out], #spoiling') && form.querySelector('#preview')) show();
  });
  form.addEventListener('input', ({ target }) => {
    if (target.name !== 'copies' || !form.querySelector('#preview')) return;
    clearTimeout(timer);
    timer = setTimeout(show, TYPING_MS);
  });
}
