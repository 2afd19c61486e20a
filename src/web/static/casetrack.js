// Makes pages live and the desk page a desk. Every page works without this file.

import { runDesk } from './desk.js';
import { runFind } from './find.js';
import { playSignals } from './help.js';
import { showLabels } from './labels.js';
import { keepLive } from './live.js';
import { runMake } from './make.js';
import { lookUpScans } from './scanned.js';
import { runSearch } from './search.js';

const desk = document.getElementById('desk');
const find = document.querySelector('form.find');
const labels = document.querySelector('form.labels');
const search = document.querySelector('form.looking');
if (desk) runDesk(desk);
else {
  const forget = lookUpScans();
  if (find) runFind(find);
  if (labels) showLabels(labels);
  if (search) runSearch(search, forget);
  if (document.body.classList.contains('make')) runMake(forget);
  playSignals(document.querySelectorAll('[data-hear]'));
  keepLive();
}
