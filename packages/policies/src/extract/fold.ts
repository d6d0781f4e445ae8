import type { ExtractorRule } from '@tollwright/contracts';
import { type Fields, hasUsage, TEXT_LENGTH_MAX } from './fields.ts';
import { readPath } from './json-path.ts';
import { presetOf } from './preset.ts';

/** Folds one parsed document into event fields by a rule. A path that leads nowhere writes nothing. */
export function fold(rule: ExtractorRule, fields: Fields, document: unknown): void {
  const preset = presetOf(rule);
  if (preset !== null) preset.fold(fields, document);
  if (rule.kind !== 'json') return;
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
  switch (rule.kind) {
    case 'openai':
    case 'anthropic':
      return hasUsage(fields);
    case 'json':
      return Object.keys(rule.fields).every((name) => fields[name] !== undefined);
    case 'headers':
      return Object.keys(rule.headers).every((name) => fields[name] !== undefined);
  }
}
