import type { Problem } from '@tollwright/core';
import { z } from 'zod';
import { twoReadings } from '../bound/priced-body.ts';
import { ALLOWED, type Decision } from '../policy.ts';
import type { PolicyCall } from '../policy-call.ts';
import { definePolicy } from '../policy-type.ts';

const options = z.object({
  models: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}\*?$/, 'must be a model name; a * at its end stands for any rest'),
    )
    .max(200)
    .default([])
    .describe('Models that may be called. A * at the end stands for any rest. Empty: any model that the plan prices.'),
  outputTokensMax: z
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe("Most output tokens that a call may ask for. Empty: the plan's own cap."),
  aboveMax: z
    .enum(['clamp', 'refuse'])
    .default('clamp')
    .describe('Whether a call that asks for more is lowered to the cap, or refused.'),
});

const CAPS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'] as const;

export const modelGuard = definePolicy({
  type: 'model-guard',
  title: 'Model guard',
  summary: 'Says which models may be called, and how many output tokens at most.',
  options,
  levels: ['api', 'route', 'plan'],
  mayShadow: true,
  stacking: 'replace',
  phase: 'body',
  readsBody: ({ models, outputTokensMax, aboveMax }) =>
    models.length > 0 || (outputTokensMax !== null && aboveMax === 'refuse'),
  outputTokensMax: ({ outputTokensMax, aboveMax }) => (aboveMax === 'clamp' ? outputTokensMax : null),
  problem: ({ outputTokensMax, aboveMax }, { shadow }) =>
    shadow && outputTokensMax !== null && aboveMax === 'clamp' ? 'a cap that is clamped cannot be shadowed' : null,
  create({ models, outputTokensMax, aboveMax }) {
    const most = aboveMax === 'refuse' ? outputTokensMax : null;
    const exact = new Set(models.filter((model) => !model.endsWith('*')));
    const starts = models.filter((model) => model.endsWith('*')).map((model) => model.slice(0, -1));
    const isAllowed = (model: string) =>
      models.length === 0 || exact.has(model) || starts.some((start) => model.startsWith(start));
    return { decide: (call) => decide(call, isAllowed, most) };
  },
});

function decide(call: PolicyCall, isAllowed: (model: string) => boolean, most: number | null): Decision {
  const read = call.document();
  if (read.kind === 'none') return ALLOWED;
  const { value } = read.kind === 'json' ? read : { value: null };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse({ slug: 'bad-request', detail: 'The body must be a JSON object in UTF-8.' });
  }
  const detail = twoReadings(call.text() ?? '', value);
  if (detail !== null) return refuse({ slug: 'bad-request', detail });
  const document = value as Readonly<Record<string, unknown>>;
  const { model } = document;
  if (model !== undefined && (typeof model !== 'string' || !isAllowed(model))) return refuse(notAllowed(model));
  const above = most === null ? [] : CAPS.filter((name) => Number(document[name] ?? 0) > most);
  if (above.length === 0) return ALLOWED;
  const errors = above.map((path) => ({ path, message: `must be at most ${most}` }));
  return refuse({
    slug: 'invalid-input',
    detail: `At most ${most} output tokens may be asked for.`,
    members: { errors },
  });
}

function notAllowed(model: unknown): Problem {
  const named = typeof model === 'string' ? model.slice(0, 128) : 'that is no text';
  return { slug: 'model-not-allowed', detail: `The model ${named} may not be called here.`, members: { model: named } };
}

function refuse(problem: Problem): Decision {
  return { kind: 'refused', problem };
}
