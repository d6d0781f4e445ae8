import { formatQuantityExact } from '@tollwright/ui';
import type { ExtractorRule } from '../outputs.ts';
import type { DraftPair } from '../policies/options-draft.ts';

export type RuleKind = ExtractorRule['kind'];

/** A field with where it is read from: a path of a JSON answer, or a header. */
export interface FieldDraft {
  readonly name: string;
  readonly from: string;
}

/** A rule while it is typed. Paths and headers are kept apart, so that changing one's mind loses nothing. */
export interface RuleDraft {
  readonly kind: RuleKind;
  readonly paths: readonly FieldDraft[];
  readonly headers: readonly FieldDraft[];
  /** Whether streams of completions are asked for their usage. */
  readonly includeUsage: boolean;
  /** Fields with the most that one call may report. */
  readonly atMost: readonly DraftPair[];
}

export const EMPTY_RULE: RuleDraft = {
  kind: 'openai',
  paths: [
    { name: 'input_tokens', from: '$.usage.input_tokens' },
    { name: 'output_tokens', from: '$.usage.output_tokens' },
    { name: 'model', from: '$.model' },
  ],
  headers: [{ name: 'units', from: 'x-usage-units' }],
  includeUsage: true,
  atMost: [],
};

/** What people call each kind of rule: its label, and the name that a new one begins with. */
export const RULE_LABELS: Readonly<Record<RuleKind, string>> = {
  openai: 'OpenAI-shaped',
  anthropic: 'Anthropic-shaped',
  json: 'Paths of a JSON answer',
  headers: 'Headers of the answer',
};

/** The rule as it is stored; lines without a name and a source are left out. */
export function ruleOf({ kind, paths, headers, includeUsage, atMost }: RuleDraft): ExtractorRule {
  const bounds = boundsOf(atMost);
  switch (kind) {
    case 'openai':
      return { kind, ...(includeUsage ? {} : { includeUsage }), ...bounds };
    case 'anthropic':
      return { kind, ...bounds };
    case 'json':
      return { kind, fields: filled(paths), ...bounds };
    case 'headers':
      return { kind, headers: filled(headers), ...bounds };
  }
}

/** What a rule says beside where fields come from: `At most 40,000 bytes_out.` Null where it says nothing. */
export function ruleNotes(rule: ExtractorRule): string | null {
  const bounds = Object.entries(rule.atMost ?? {}).map(([name, most]) => `${formatQuantityExact(most)} ${name}`);
  const notes = [
    ...(rule.kind === 'openai' && rule.includeUsage === false ? ['Streams are not asked for usage.'] : []),
    ...(bounds.length > 0 ? [`At most ${bounds.join(', ')}.`] : []),
  ];
  return notes.length > 0 ? notes.join(' ') : null;
}

function filled(fields: readonly FieldDraft[]): Record<string, string> {
  const given = fields.filter(({ name, from }) => name.trim() !== '' || from.trim() !== '');
  return Object.fromEntries(given.map(({ name, from }) => [name.trim(), from.trim()]));
}

/** What is no number stays none, for the server to refuse: an empty field is no bound of 0. */
function boundsOf(pairs: readonly DraftPair[]): Pick<ExtractorRule, 'atMost'> {
  const given = pairs.filter(({ name, value }) => name.trim() !== '' || value.trim() !== '');
  if (given.length === 0) return {};
  const numbers = given.map(({ name, value }) => [name.trim(), Number(value.replaceAll(',', '').trim() || Number.NaN)]);
  return { atMost: Object.fromEntries(numbers) as Record<string, number> };
}

const CHAT_ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 19, completion_tokens: 3, total_tokens: 22 },
};
const MESSAGE_ANSWER = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5',
  content: [{ type: 'text', text: 'Hello!' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 19, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 6 },
};

/** Answers to try a rule on, as the APIs of its kind send them. */
export const SAMPLE_ANSWERS: Readonly<Record<RuleKind, string>> = {
  openai: JSON.stringify(CHAT_ANSWER, null, 2),
  anthropic: JSON.stringify(MESSAGE_ANSWER, null, 2),
  json: JSON.stringify(CHAT_ANSWER, null, 2),
  headers: 'content-type: application/json\nx-usage-units: 12',
};
