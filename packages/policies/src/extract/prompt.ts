import { isObject, type Json } from './fields.ts';
import { addStrings, type CountTokens, TextTally } from './text-tally.ts';

const BYTES_PER_TOKEN = 4;
/** What the frame of a message and of a conversation cost: the published rule for chat models. */
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_CONVERSATION = 3;
const TEXTS = ['system', 'instructions', 'messages', 'input', 'prompt'] as const;
const SCHEMAS = ['tools', 'functions'] as const;

/**
 * Input tokens of a request that nobody reported, never more than its bytes. Counts the texts of its messages and its tools;
 * without a tokenizer, or where the body is no JSON object, four bytes are one token.
 */
export function promptTokens(body: Buffer, count: CountTokens | null): number {
  const document = count === null ? null : parse(body);
  if (document === null) return Math.ceil(body.length / BYTES_PER_TOKEN);
  const tally = new TextTally();
  let tokens = 0;
  let place = 0;
  for (const name of TEXTS) {
    const value = document[name];
    if (!Array.isArray(value)) {
      addStrings(tally, place++, value);
      continue;
    }
    const messages = value.filter(isObject).length;
    if (messages > 0) tokens += messages * TOKENS_PER_MESSAGE + TOKENS_PER_CONVERSATION;
    for (const item of value) {
      if (typeof item === 'number') tokens++;
      else if (Array.isArray(item)) tokens += item.length;
      else addStrings(tally, place++, item);
    }
  }
  for (const name of SCHEMAS) if (document[name] !== undefined) addSchema(tally, place++, document[name], body.length);
  return Math.min(tokens + tally.tokens(count), body.length);
}

/** A schema is counted as it is written. One that is nested too deeply for that weighs what the whole request does. */
function addSchema(tally: TextTally, place: number, schema: unknown, bodyBytes: number): void {
  try {
    tally.add(place, JSON.stringify(schema));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    tally.weigh(bodyBytes);
  }
}

function parse(body: Buffer): Json | null {
  try {
    const document: unknown = JSON.parse(body.toString('utf8'));
    return isObject(document) ? document : null;
  } catch {
    return null;
  }
}
