type Json = Readonly<Record<string, unknown>>;

/** Event fields as an extractor found them: a number is a finite non-negative integer, a string at most 128 characters. */
export type Fields = Record<string, string | number | boolean | null>;

/**
 * Folds one OpenAI-shaped document into event fields: a whole answer, or one chunk of a stream. Chat completions and
 * legacy completions say `usage.prompt_tokens`, responses say `usage.input_tokens`; a stream of responses wraps the
 * document in `response`. Explicit zeros stay zero. Later documents overwrite earlier ones.
 */
export function foldOpenAi(fields: Fields, document: unknown): void {
  if (!isObject(document)) return;
  const body = isObject(document.response) ? document.response : document;
  if (typeof body.model === 'string' && body.model.length <= 128) fields.model = body.model;
  if (!isObject(body.usage)) return;
  const input = count(body.usage.prompt_tokens) ?? count(body.usage.input_tokens);
  const output = count(body.usage.completion_tokens) ?? count(body.usage.output_tokens);
  const total = count(body.usage.total_tokens);
  if (input !== null) fields.input_tokens = input;
  if (output !== null) fields.output_tokens = output;
  if (total !== null) fields.total_tokens = total;
  else if (input !== null && output !== null) fields.total_tokens = input + output;
}

/** Whether usage was reported: without it the gateway estimates. */
export function hasUsage(fields: Fields): boolean {
  return fields.input_tokens !== undefined && fields.output_tokens !== undefined;
}

/** UTF-8 bytes of generated text in one streamed chunk, for estimates; null when the shape is not known. */
export function deltaBytes(document: unknown): number | null {
  if (!isObject(document)) return null;
  if (typeof document.delta === 'string') return Buffer.byteLength(document.delta);
  if (Array.isArray(document.choices)) {
    let sum = 0;
    for (const choice of document.choices) if (isObject(choice)) sum += textBytes(choice.delta ?? choice.text);
    return sum;
  }
  return typeof document.type === 'string' ? 0 : null;
}

/** Every string below a delta is generated text, except names that are part of the frame. */
function textBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textBytes(item), 0);
  if (!isObject(value)) return 0;
  let sum = 0;
  for (const [name, item] of Object.entries(value)) if (!FRAME.has(name)) sum += textBytes(item);
  return sum;
}

const FRAME = new Set(['role', 'id', 'type', 'index']);

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
