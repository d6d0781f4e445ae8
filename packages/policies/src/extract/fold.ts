import type { ExtractorRule } from '@tollwright/contracts';
import { readPath } from './json-path.ts';
import { type Fields, foldOpenAi, hasUsage } from './openai.ts';

const TEXT_LENGTH_MAX = 128;

/** Folds one parsed document into event fields by a rule. A path that leads nowhere writes nothing. */
export function fold(rule: ExtractorRule, fields: Fields, document: unknown): void {
  if (rule.kind === 'openai') {
    foldOpenAi(fields, document);
    return;
  }
  for (const [name, path] of Object.entries(rule.fields)) {
    const value = readPath(document, path);
    if (typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean' || value === null) {
      fields[name] = value as number | boolean | null;
    } else if (typeof value === 'string') {
      fields[name] = value.slice(0, TEXT_LENGTH_MAX);
    }
  }
}

/** Whether a rule found every quantity that it promises; what is missing is estimated or counts zero. */
export function isComplete(rule: ExtractorRule, fields: Fields): boolean {
  if (rule.kind === 'openai') return hasUsage(fields);
  return Object.keys(rule.fields).every((name) => fields[name] !== undefined);
}
