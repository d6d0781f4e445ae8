import { z } from 'zod';
import type { Decision } from '../policy.ts';
import { definePolicy } from '../policy-type.ts';

const options = z.object({
  bytesMax: z
    .int()
    .min(0)
    .max(64 * 1024 * 1024)
    .describe('Most bytes that a request body may have. A larger one is refused before it is read or forwarded.'),
});

export const requestSize = definePolicy({
  type: 'request-size',
  title: 'Request size',
  summary: 'Refuses bodies above a number of bytes.',
  options,
  levels: ['api', 'route', 'plan'],
  mayShadow: true,
  stacking: 'replace',
  phase: 'head',
  create({ bytesMax }) {
    const cap: Decision = { kind: 'allowed', effects: [{ kind: 'cap-body', bytesMax }] };
    const refused: Decision = {
      kind: 'refused',
      problem: {
        slug: 'body-too-large',
        detail: `The body may have at most ${bytesMax} bytes.`,
        members: { limit: bytesMax },
      },
    };
    return { decide: ({ bodyBytes }) => (bodyBytes !== null && bodyBytes > bytesMax ? refused : cap) };
  },
});
