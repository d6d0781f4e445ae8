import type { ExtractorRule } from '@tollwright/contracts';
import { type Extraction, extractJson } from './extract-json.ts';
import type { Fields } from './fields.ts';
import { isComplete } from './fold.ts';
import { foldHeaders } from './fold-headers.ts';
import { SseScanner } from './sse-scanner.ts';

const STREAM = /^(?:data|event|id|retry|):/m;

/**
 * Reads an answer that somebody pasted, as the gateway would: a JSON document, the events of a stream, or for a rule that
 * reads headers the lines of a head (`name: value`).
 */
export function extractPasted(rule: ExtractorRule, text: string): Extraction {
  if (rule.kind === 'headers') return readHead(rule, text);
  const start = text.trimStart();
  if (start.startsWith('{') || start.startsWith('[') || !STREAM.test(text)) return extractJson(rule, text);
  const scanner = new SseScanner(rule);
  scanner.push(Buffer.from(text));
  scanner.end();
  return { kind: 'extracted', fields: scanner.fields, complete: scanner.complete };
}

function readHead(rule: Extract<ExtractorRule, { kind: 'headers' }>, text: string): Extraction {
  const headers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  const fields: Fields = {};
  foldHeaders(rule, fields, headers);
  return { kind: 'extracted', fields, complete: isComplete(rule, fields) };
}
