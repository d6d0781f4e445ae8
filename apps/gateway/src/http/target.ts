/** A request target that reads the same to the gateway and to every upstream, or why it does not. */
export type Target =
  | { readonly kind: 'canonical'; readonly path: string; readonly query: string }
  | { readonly kind: 'ambiguous'; readonly detail: string };

const TARGET_LENGTH_MAX = 8192;
/** Anything but visible ASCII, and the characters that some parser treats as another. */
const FORBIDDEN = /[^\x21-\x7e]|[\\#"<>^`{|}]/;
/** An escape that is broken, or that hides a character with a meaning in paths: control bytes, `.`, `/`, `\`, `%`. */
const ESCAPE = /%(?![0-9a-fA-F]{2})|%(?:[01][0-9a-fA-F]|7[fF]|2[eEfF5]|5[cC])/;
/** An escape of a letter, digit, `-`, `_` or `~`: two spellings of one path. */
const NEEDLESS = /%(?:2[dD]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aAeE])/;
/** Some servers cut a segment at its semicolon before they resolve dots. */
const DOTS = /\/\.{1,2}(?=[/;]|$)/;

/** Splits a raw request target into path and query without changing a byte; refuses every spelling with two readings. */
export function canonicalTarget(raw: string): Target {
  if (raw.length > TARGET_LENGTH_MAX) return ambiguous('it is longer than 8192 characters');
  if (raw.charCodeAt(0) !== 0x2f) return ambiguous('it does not begin with a slash');
  const mark = raw.indexOf('?');
  const path = mark === -1 ? raw : raw.slice(0, mark);
  const query = mark === -1 ? '' : raw.slice(mark);
  if (FORBIDDEN.test(path)) return ambiguous('the path holds a character that must be escaped');
  if (path.includes('//')) return ambiguous('the path holds an empty segment');
  if (DOTS.test(path)) return ambiguous('the path holds a dot segment');
  if (path.includes('%')) {
    if (ESCAPE.test(path)) return ambiguous('the path holds an escape with a second meaning');
    if (NEEDLESS.test(path)) return ambiguous('the path escapes a character that needs none');
  }
  if (query !== '' && !QUERY.test(query)) return ambiguous('the query holds a character that must be escaped');
  return { kind: 'canonical', path, query };
}

const QUERY = /^\?[\x21\x24-\x5b\x5d-\x7e]*$/;

function ambiguous(detail: string): Target {
  return { kind: 'ambiguous', detail };
}
