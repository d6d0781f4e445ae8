import { validate } from '@readme/openapi-parser';
import { parse as parseYaml } from 'yaml';
import { invalid } from '../refusals.ts';

export type JsonObject = { readonly [name: string]: unknown };

const WARNINGS_MAX = 20;

/** Reads JSON or YAML as an OpenAPI 3.0 or 3.1 document. Throws `invalid-input` with what is wrong. */
export function readDocument(text: string): JsonObject {
  const document = parseText(text);
  if (!isObject(document)) throw invalid('source', 'is not an OpenAPI document');
  const version = document.openapi;
  if (typeof version !== 'string' || !/^3\.[01]\.\d+/.test(version)) {
    const found =
      typeof document.swagger === 'string' ? `Swagger ${document.swagger}` : String(version ?? 'no version');
    throw invalid('source', `must be OpenAPI 3.0 or 3.1, found ${found}`);
  }
  if (!isObject(document.paths) || Object.keys(document.paths).length === 0) throw invalid('source', 'has no paths');
  return document;
}

/** What the specification's own schema finds. References to other documents are never followed. */
export async function documentWarnings(document: JsonObject): Promise<string[]> {
  try {
    const copy = structuredClone(document) as unknown as Parameters<typeof validate>[0];
    const result = await validate(copy, { resolve: { external: false, file: false }, timeoutMs: 5_000 });
    const found = [...(result.valid ? [] : result.errors), ...result.warnings];
    return [...new Set(found.map(({ message }) => inWords(message)))].slice(0, WARNINGS_MAX);
  } catch (error) {
    return [`The document could not be checked: ${error instanceof Error ? error.message : 'unknown'}`];
  }
}

/** The checker draws a piece of the document below its sentence and marks a line in it: kept are the sentence and that line. */
function inWords(message: string): string {
  const [sentence = ''] = message.trim().split('\n');
  const said = sentence.replace(/^[A-Z]+ (?=[a-z])/, '').trim();
  const marked = /^>\s*\d+ \|\s*(.*\w.*)$/m.exec(message)?.[1];
  return marked === undefined ? said : `${marked.trim()}: ${said}`;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseText(text: string): unknown {
  try {
    const value: unknown = text.trimStart().startsWith('{')
      ? JSON.parse(text)
      : parseYaml(text, { maxAliasCount: 100 });
    // What cannot be written as JSON again (cycles by anchors) is refused here; the database takes no NUL characters.
    const json = JSON.stringify(value) ?? 'null';
    if (json.includes('\\u0000')) throw new SyntaxError('NUL characters are not allowed');
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw invalid('source', `is neither JSON nor YAML: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}
