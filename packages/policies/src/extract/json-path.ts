/** Reads a path such as `$.usage.prompt_tokens` or `$.choices.0.text` in parsed JSON; undefined where it leads nowhere. */
export function readPath(document: unknown, path: string): unknown {
  let value = document;
  for (const step of path.split('.').slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
