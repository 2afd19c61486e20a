// One stream for all tabs of a browser. Run as a shared worker; a browser without those runs it in the page itself.
// HTTP/1.1 allows six connections to a server: a stream a tab would leave none for the seventh.

/** Most topics of one stream, as the server has it. The pages shown last come first. */
const MAX_TOPICS = 64;
/** Pages that open together share one opening of the stream, in milliseconds. */
const OPEN_AFTER_MS = 20;
/** The browser has given up, most often for a server that is just starting: opened anew after so long. */
const REOPEN_MS = 3000;
/** How often each page is asked whether it lives. */
const ASK_EVERY_MS = 20000;
/** A page that has not answered for so long is gone or frozen. It says again what it watches when it is shown. */
const GONE_AFTER_MS = 70000;

/** Whether a message tells of what `topic` watches. A movement without a barcode may be anybody's. */
function concerns(topic, kind, told) {
  const [what, name] = topic;
  if (kind === 'desk') return what === 'desk' && told.desk === name;
  if (what === 'desk') return false;
  return told.barcode === null || told.barcode === name || (what === 'place' && told.places.includes(name));
}

/** The stream and the pages that share it. A page is a MessagePort, or anything with its `postMessage`. */
export function share() {
  /** Each page, what it watches and when it last said something; the newest last. */
  const pages = new Map();
  let source = null;
  let open = false;
  /** Where the stream stands; what came after it is told when it is opened with other topics. */
  let after = '';
  let covered = new Set();
  let opening = 0;

  const say = (which, word) => {
    for (const [port, page] of pages) if (which(page)) port.postMessage(word);
  };

  function union() {
    const topics = new Set();
    for (const page of [...pages.values()].reverse()) for (const topic of page.topics) topics.add(JSON.stringify(topic));
    return [...topics].slice(0, MAX_TOPICS).sort();
  }

  function close() {
    source?.close();
    source = null;
    open = false;
  }

  function reopen() {
    opening = 0;
    const topics = union();
    close();
    covered = new Set(topics);
    if (topics.length === 0) return;
    const asked = new URLSearchParams(topics.map((topic) => JSON.parse(topic)));
    if (after) asked.append('after', after);
    const stream = new EventSource(`/api/v1/live?${asked}`);
    source = stream;
    const hear = (kind, then) => stream.addEventListener(kind, (event) => {
      if (event.lastEventId) after = event.lastEventId;
      then(JSON.parse(event.data));
    });
    hear('here', () => { open = true; say(() => true, 'here'); });
    hear('reset', () => say(() => true, 'changed'));
    for (const kind of ['movement', 'search', 'desk']) {
      hear(kind, (told) => say((page) => page.topics.some((topic) => concerns(topic, kind, told)), 'changed'));
    }
    stream.addEventListener('error', () => {
      open = false;
      say(() => true, 'lost');
      if (stream === source && stream.readyState === EventSource.CLOSED) soon(REOPEN_MS);
    });
  }

  function soon(wait) {
    clearTimeout(opening);
    opening = setTimeout(reopen, wait);
  }

  /** What a page says: what it watches, that it lives, or that it goes. */
  function told(port, { watch, leave }) {
    const page = pages.get(port);
    if (watch) {
      const same = JSON.stringify(page?.topics) === JSON.stringify(watch);
      pages.delete(port);
      pages.set(port, { topics: watch, at: Date.now() });
      const known = source && watch.every((topic) => covered.has(JSON.stringify(topic)));
      if (!known) soon(OPEN_AFTER_MS);
      else if (open && !same) port.postMessage('here');
    } else if (leave) {
      pages.delete(port);
      if (pages.size === 0) close();
    } else if (page) {
      page.at = Date.now();
    } else {
      port.postMessage('who?');
    }
  }

  setInterval(() => {
    for (const [port, page] of pages) if (Date.now() - page.at > GONE_AFTER_MS) pages.delete(port);
    if (pages.size === 0) close();
    say(() => true, 'alive?');
  }, ASK_EVERY_MS);

  return told;
}

if ('SharedWorkerGlobalScope' in globalThis) {
  const told = share();
  globalThis.addEventListener('connect', (event) => {
    const [port] = event.ports;
    port.addEventListener('message', ({ data }) => told(port, data));
    port.start();
  });
}
