import { z } from 'zod';
import { ALLOWED, type Decision } from '../policy.ts';
import { definePolicy } from '../policy-type.ts';

const options = z.object({
  scopes: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/, 'must be a word such as chat:write'))
    .min(1)
    .max(32)
    .describe('Scopes that a key needs for this call, such as chat:write.'),
  match: z.enum(['all', 'any']).default('all').describe('Whether a key needs all of the scopes, or any one of them.'),
});

export const scopes = definePolicy({
  type: 'scopes',
  title: 'Scopes',
  summary: 'Lets only keys with the named scopes call.',
  options,
  levels: ['api', 'route'],
  mayShadow: true,
  stacking: 'add',
  phase: 'head',
  create({ scopes: needed, match }) {
    return {
      decide({ principal }) {
        if (principal === null) return ALLOWED;
        const granted = principal.key.scopes ?? [];
        const missing = needed.filter((scope) => !granted.includes(scope));
        const suffices = match === 'all' ? missing.length === 0 : missing.length < needed.length;
        return suffices ? ALLOWED : refused(missing, match);
      },
    };
  },
});

function refused(missing: readonly string[], match: 'all' | 'any'): Decision {
  const detail = `The key needs ${match === 'all' ? '' : 'one of '}the scopes ${missing.join(', ')}.`;
  return { kind: 'refused', problem: { slug: 'missing-scope', detail, members: { missing } } };
}
