// Making up: a digit chooses, a scanned badge sends. Without this file all is done with Tab, space and Enter.

/** A digit that another key follows within this time is part of a scan, in milliseconds: slow wedges leave 120. */
const SCAN_GAP_MS = 200;

const isText = (field) => field?.matches('input[type=text], select');

/** Chooses by the digits 1 to 9 wherever nothing is being typed. */
function listenToDigits(forget) {
  let waiting = 0;
  document.addEventListener('keydown', (event) => {
    clearTimeout(waiting);
    const bare = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat);
    if (!bare || !/^[1-9]$/.test(event.key) || isText(document.activeElement)) return;
    const choice = document.querySelector(`[data-key="${event.key}"]`);
    if (choice) waiting = setTimeout(() => {
      forget();
      choose(choice);
    }, SCAN_GAP_MS);
  });
}

function choose(choice) {
  choice.focus();
  choice.click();
  if (choice.dataset.then) document.getElementById(choice.dataset.then)?.focus();
}

/** Whoever scans a badge under a form that says all that is needed has signed it. */
function listenToBadge(badge) {
  badge.addEventListener('change', (event) => {
    const send = badge.form.querySelector('[value=make]');
    if (!event.isTrusted && badge.value && badge.form.reportValidity()) badge.form.requestSubmit(send);
  });
}

/** Makes the page for making up quick; `forget` takes the digits out of what may be a scan. */
export function runMake(forget) {
  listenToDigits(forget);
  const badge = document.querySelector('[data-sends]');
  if (badge) listenToBadge(badge);
}
