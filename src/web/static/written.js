// Written from right to left: a text that a script puts into a page turns nothing that stands beside it, as in the
// pages that the server writes (web/escape.rs).

/** The blocks of the scripts that are written from right to left. */
const LEFTWARD = '\\u{590}-\\u{8ff}\\u{fb1d}-\\u{fdff}\\u{fe70}-\\u{fefc}\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}';
/** A piece written to the left: up to its last such sign before a letter or a digit that is written to the right. */
const PIECE = new RegExp(`[${LEFTWARD}](?:(?:[${LEFTWARD}]|[^\\p{Alphabetic}\\p{N}])*[${LEFTWARD}])?`, 'gu');
/** Signs without a shape that turn what follows: marks, embeddings, overrides and isolates. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** `text` with each piece that is written to the left keeping its direction to itself. */
export const isolated = (text) => text.replace(TURNS, '').replace(PIECE, '\u2068$&\u2069');
