import { isObject } from '../extract/fields.ts';
import { insertFirst, topLevelMembers } from './members.ts';
import { asksForResponse } from './output-cap.ts';

const OPTIONS = 'stream_options';
const INCLUDE = 'include_usage';
const OPTION = `"${INCLUDE}":true`;

/**
 * Whether a request has to be asked for the usage of its stream: a streamed completion whose caller does not ask itself.
 * Streams of responses always carry their usage. Options that are no object are left for the upstream to refuse.
 */
export function lacksUsage(document: Readonly<Record<string, unknown>>): boolean {
  const { stream, stream_options: options } = document;
  if (stream !== true || asksForResponse(document)) return false;
  if (options === undefined || options === null) return true;
  return isObject(options) && options[INCLUDE] !== true;
}

/** Asks for the usage of a stream in a request that lacks it. All other bytes stay as they are. */
export function askForUsage(text: string): string {
  const options = topLevelMembers(text).find(({ name }) => name === OPTIONS);
  if (options === undefined) return insertFirst(text, OPTIONS, `{${OPTION}}`);
  const { valueStart, valueEnd } = options;
  const value = text.slice(valueStart, valueEnd);
  return text.slice(0, valueStart) + withUsage(value) + text.slice(valueEnd);
}

function withUsage(value: string): string {
  if (value === 'null') return `{${OPTION}}`;
  const present = topLevelMembers(value).filter(({ name }) => name === INCLUDE);
  if (present.length === 0) return insertFirst(value, INCLUDE, 'true');
  let out = value;
  for (const { valueStart, valueEnd } of present.reverse()) {
    out = `${out.slice(0, valueStart)}true${out.slice(valueEnd)}`;
  }
  return out;
}
