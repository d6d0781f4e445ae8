import { keyHint, makeKey } from '@tollwright/core';
import { fromDbPlanTerms, type Tx, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { findAgent } from '../agent/agent.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, displayName, idText, providerId, timestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict } from '../refusals.ts';
import { secretHash } from '../secret-hash.ts';
import { budgetTerms, keyMetadata, keyOutput, keyScopes, keySelection, keyTold, toKey } from './key.ts';

export const createKeyInput = z.object({
  providerId,
  customerId,
  agentId: idText,
  name: displayName,
  livemode: z.boolean().optional().meta({ description: "The agent's mode unless given" }),
  expiresAt: timestamp.optional(),
  scopes: keyScopes
    .optional()
    .meta({ description: 'What it may do on routes that ask for scopes; nothing unless given' }),
  metadata: keyMetadata.optional(),
  budget: budgetTerms.optional().meta({ description: "The key's cap; its plan's default unless given" }),
});
export const createKeyOutput = keyOutput.extend({
  key: z.string().meta({ description: 'The key itself. Shown this once' }),
  budget: budgetTerms.extend({ id: z.string() }),
});

/** Makes a key for an agent. It is shown once, stored as SHA-256, and always capped. */
export async function createKey(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createKeyInput>,
): Promise<z.output<typeof createKeyOutput>> {
  const wanted = parse(createKeyInput, input);
  const { providerId, customerId, agentId, name } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    const agent = await findAgent(step.tx, wanted, agentId);
    const { limitNanoUsd, period } = wanted.budget ?? (await defaultBudget(step.tx, providerId, customerId));
    const { keyPrefix } = await step.tx.provider.findUniqueOrThrow({ where: { id: providerId } });
    const livemode = wanted.livemode ?? agent.livemode;
    const key = makeKey(keyPrefix, livemode, ctx.random(64));
    const row = await step.tx.apiKey.create({
      data: {
        id: step.id('key'),
        providerId,
        customerId,
        agentId,
        hash: secretHash(key),
        name,
        ...keyHint(key),
        livemode,
        scopes: wanted.scopes ?? [],
        metadata: toDbJson(wanted.metadata ?? {}),
        expiresAt: wanted.expiresAt === undefined ? null : new Date(wanted.expiresAt),
        createdAt: step.now,
      },
      select: keySelection,
    });
    const budget = { id: step.id('budget'), limitNanoUsd: BigInt(limitNanoUsd), period };
    await step.tx.budget.create({
      data: { ...budget, providerId, customerId, subject: 'key', subjectId: row.id, createdAt: step.now },
    });
    const shown = toKey(row, step.now);
    await step.audit({ action: 'key.create', targetId: row.id, after: { ...shown, budget } });
    await step.publishCustomer(customerId);
    await step.tell(keyTold('key.created', customerId, row, step.now));
    return { ...shown, key, budget: { ...budget, limitNanoUsd } };
  });
}

async function defaultBudget(tx: Tx, providerId: string, customerId: string): Promise<z.output<typeof budgetTerms>> {
  const subscription = await tx.subscription.findFirst({
    where: { providerId, customerId, status: 'active' },
    include: { planVersion: true },
  });
  if (!subscription) throw conflict('Every key has a cap: subscribe to a plan first, or give the key a budget.');
  const { limitNanoUsd, period } = fromDbPlanTerms(subscription.planVersion.terms).defaultKeyBudget;
  return { limitNanoUsd: limitNanoUsd.toString(), period };
}
