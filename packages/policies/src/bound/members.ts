/** A member of the top-level object of a JSON text, by the offsets of its value. */
export interface Member {
  readonly name: string;
  readonly valueStart: number;
  readonly valueEnd: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Lists the members of the top-level object in order, duplicates included, with escapes in names resolved. The text must
 * be JSON that JSON.parse accepts and its top level an object: then no other checks are needed.
 */
export function topLevelMembers(text: string): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const nameEnd = stringEnd(text, at);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    let valueStart = skipSpace(text, nameEnd);
    if (text.charCodeAt(valueStart) === COLON) valueStart = skipSpace(text, valueStart + 1);
    const valueEnd = endOfValue(text, valueStart);
    members.push({ name, valueStart, valueEnd });
    at = skipSpace(text, valueEnd);
    if (text.charCodeAt(at) !== COMMA) break;
    at = skipSpace(text, at + 1);
  }
  return members;
}

/** Puts a member before all others of an object. `value` is JSON; all other bytes stay as they are. */
export function insertFirst(text: string, name: string, value: string): string {
  const open = text.indexOf('{') + 1;
  const empty = /^\s*\}/.test(text.slice(open));
  return `${text.slice(0, open)}"${name}":${value}${empty ? '' : ','}${text.slice(open)}`;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at) - 1;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      if (depth === 0) break;
      depth--;
    } else if (code === COMMA && depth === 0) break;
  }
  while (at > start && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** The offset after the closing quote of the string that starts at `start`. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    at = text.indexOf('"', at);
    if (at === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    at++;
    if (backslashes % 2 === 0) return at;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
