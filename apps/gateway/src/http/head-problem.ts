import type { IncomingMessage } from 'node:http';
import type { Problem } from '@tollwright/core';

/** More lines than common servers take or count: some of them drop the last ones, which are the gateway's own. */
const FIELDS_MAX = 100;
/**
 * Why the head of a request has a second reading although the parser took it, or null: a version other than 1.0 and 1.1,
 * a transfer coding other than chunked, several hosts or content types, or too many lines. The connection ends with it.
 */
export function headProblem(
  request: Pick<IncomingMessage, 'httpVersionMajor' | 'httpVersionMinor' | 'rawHeaders'>,
): Problem | null {
  const { httpVersionMajor, httpVersionMinor, rawHeaders: raw } = request;
  if (httpVersionMajor !== 1) return unreadable('its version is neither 1.0 nor 1.1');
  if (raw.length > 2 * FIELDS_MAX) return unreadable(`it has more than ${FIELDS_MAX} lines`);
  let hosts = 0;
  let types = 0;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    const { length } = name;
    // As long as one of the three: no other name has to be brought to lower case.
    if (length !== 4 && length !== 12 && length !== 17) continue;
    switch (name.toLowerCase()) {
      case 'host':
        hosts++;
        break;
      case 'content-type':
        types++;
        break;
      case 'transfer-encoding':
        if (httpVersionMinor === 0) return unreadable('HTTP/1.0 has no transfer codings');
        if ((raw[i + 1] as string).toLowerCase() !== 'chunked') return unreadable('its transfer coding is not chunked');
    }
  }
  if (hosts > 1) return unreadable('Host occurs twice');
  return types > 1 ? unreadable('Content-Type occurs twice') : null;
}

function unreadable(why: string): Problem {
  return { slug: 'bad-request', detail: `The head of the request has more than one reading: ${why}.` };
}
