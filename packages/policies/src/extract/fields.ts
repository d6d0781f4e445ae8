/** A JSON object as it was parsed. */
export type Json = Readonly<Record<string, unknown>>;

/** Event fields as an extractor found them: a number is finite, a string at most 128 characters. */
export type Fields = Record<string, string | number | boolean | null>;

/** Longest text of a field; longer ones are cut, and no model. */
export const TEXT_LENGTH_MAX = 128;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A reported count, or null where it is none: an explicit zero is a count. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** Writes a count where one was reported. */
export function putCount(fields: Fields, name: string, value: unknown): void {
  const count = countOf(value);
  if (count !== null) fields[name] = count;
}

/** Writes the model that an answer names, unless it is longer than a field may be. */
export function putModel(fields: Fields, model: unknown): void {
  if (typeof model === 'string' && model.length <= TEXT_LENGTH_MAX) fields.model = model;
}

/** Whether input and output are known: without them the gateway estimates. */
export function hasUsage(fields: Fields): boolean {
  return fields.input_tokens !== undefined && fields.output_tokens !== undefined;
}

/** Every token of a call: what a cache served or took is not part of its input. */
export function totalOf(fields: Fields): number {
  return (
    Number(fields.input_tokens ?? 0) +
    Number(fields.cache_creation_input_tokens ?? 0) +
    Number(fields.cache_read_input_tokens ?? 0) +
    Number(fields.output_tokens ?? 0)
  );
}
