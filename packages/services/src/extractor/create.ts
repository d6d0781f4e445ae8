import { extractorRule } from '@tollwright/contracts';
import { toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type ExtractorOutput, extractorOutput, toExtractor } from './extractor.ts';

export const createExtractorInput = z.object({ providerId, name: displayName, rule: extractorRule });
export const createExtractorOutput = extractorOutput;

/** Adds a rule that turns answers into event fields. It acts once a route uses it. */
export async function createExtractor(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createExtractorInput>,
): Promise<ExtractorOutput> {
  const { providerId, name, rule } = parse(createExtractorInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const id = step.id('extractor');
    const data = { id, providerId, name, rule: toDbJson(rule), createdAt: step.now };
    const after = toExtractor(await step.tx.extractor.create({ data }));
    await step.audit({ action: 'extractor.create', targetId: id, after });
    return after;
  });
}
