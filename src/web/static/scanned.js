// A scan into a page that is no desk: looked up exactly, never typed into a field.

import { listen } from './keys.js';

/** Says something on top of the page, read out at once. */
function say(text) {
  const main = document.getElementById('main');
  const line = document.getElementById('scanned') ?? document.createElement('p');
  line.id = 'scanned';
  line.className = 'warning';
  line.setAttribute('role', 'alert');
  line.textContent = text;
  main.prepend(line);
}

/**
 * Listens for a scanner on a page that moves nothing. A field marked `data-scan` takes the scan while it has the focus.
 * Gives a function that forgets the keys so far.
 */
export function lookUpScans() {
  return listen({
    scanned: (text, field) => {
      if (!field?.matches('[data-scan]')) {
        location.assign(`/find?scan=${encodeURIComponent(text)}`);
        return;
      }
      // A list takes one scan a line.
      field.value = field.matches('textarea') ? [...field.value.split('\n').filter((line) => line.trim()), text, ''].join('\n') : text;
      for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
    },
    cut: () => say('Something was scanned, but the scanner sent no Enter after it. Take it out of the field and scan again; '
      + 'if this comes back, the scanner must be set to send Enter.'),
  });
}
