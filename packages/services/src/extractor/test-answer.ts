import { extractorRule } from '@tollwright/contracts';
import { extractPasted } from '@tollwright/policies';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';

export const testExtractorInput = z.object({
  providerId,
  rule: extractorRule,
  answer: z
    .string()
    .max(1024 * 1024)
    .meta({
      description:
        'The body of an answer: JSON, or the events of a stream. For a rule that reads headers: the lines of a head',
    }),
});
export const testExtractorOutput = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('extracted'),
    fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    complete: z.boolean().meta({ description: 'False where usage or a named path is missing' }),
  }),
  z.object({ kind: z.literal('unreadable'), reason: z.string() }),
]);

/** Reads a pasted answer by a rule, with the gateway's own code. Stores nothing. */
export async function testExtractor(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof testExtractorInput>,
): Promise<z.output<typeof testExtractorOutput>> {
  const { providerId, rule, answer } = parse(testExtractorInput, input);
  await authorize(ctx, actor, { providerId }, 'read');
  return extractPasted(rule, answer);
}
