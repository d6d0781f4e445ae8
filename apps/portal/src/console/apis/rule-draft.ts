import type { ExtractorRule } from '../outputs.ts';

/** A rule while it is typed: fields with the path that each is read from. */
export interface RuleDraft {
  readonly kind: ExtractorRule['kind'];
  readonly fields: readonly { readonly name: string; readonly path: string }[];
}

export const EMPTY_RULE: RuleDraft = {
  kind: 'openai',
  fields: [
    { name: 'input_tokens', path: '$.usage.input_tokens' },
    { name: 'output_tokens', path: '$.usage.output_tokens' },
    { name: 'model', path: '$.model' },
  ],
};

/** The rule as it is stored; lines without a name and a path are left out. */
export function ruleOf({ kind, fields }: RuleDraft): ExtractorRule {
  if (kind === 'openai') return { kind };
  const filled = fields.filter(({ name, path }) => name.trim() !== '' || path.trim() !== '');
  return { kind, fields: Object.fromEntries(filled.map(({ name, path }) => [name.trim(), path.trim()])) };
}

/** An answer to try a preset on, as OpenAI's chat completions send it. */
export const SAMPLE_ANSWER = JSON.stringify(
  {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'gpt-4o-mini',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 19, completion_tokens: 3, total_tokens: 22 },
  },
  null,
  2,
);
