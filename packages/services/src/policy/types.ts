import { POLICY_LEVELS } from '@tollwright/contracts';
import { describePolicyTypes, policyTypeOf } from '@tollwright/policies';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';

export const policyTypeOutput = z.object({
  type: z.string(),
  title: z.string(),
  summary: z.string(),
  levels: z.array(z.enum(POLICY_LEVELS)).meta({ description: 'Where it may be set, from wide to narrow' }),
  mayShadow: z.boolean().meta({ description: 'Whether it may record what it would refuse, and refuse nothing' }),
  stacking: z.enum(['replace', 'by-name', 'add']).meta({
    description: 'replace: the narrowest level holds. by-name: the narrowest of each name. add: all levels hold',
  }),
  optionsSchema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema 2020-12 of the options' }),
  defaults: z
    .record(z.string(), z.unknown())
    .meta({ description: 'What options are when they are left out; those that have no default are required' }),
});
export type PolicyTypeOutput = z.output<typeof policyTypeOutput>;

export const listPolicyTypesInput = z.object({ providerId });
export const listPolicyTypesOutput = z.object({ items: z.array(policyTypeOutput) });

/** Every policy type, in the order in which policies run. */
export async function listPolicyTypes(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listPolicyTypesInput>,
): Promise<z.output<typeof listPolicyTypesOutput>> {
  await authorize(ctx, actor, parse(listPolicyTypesInput, input), 'read');
  const items = describePolicyTypes().map((described) => ({
    ...described,
    levels: [...described.levels],
    optionsSchema: { ...described.optionsSchema },
    defaults: defaultsOf(described.type),
  }));
  return { items };
}

function defaultsOf(type: string): Record<string, unknown> {
  const shape = policyTypeOf(type)?.options.shape ?? {};
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, option]) => {
      const parsed = (option as z.ZodType).safeParse(undefined);
      return parsed.success ? [[name, parsed.data]] : [];
    }),
  );
}
