import { VERIFIED_PAYERS_MAX } from '@tollwright/contracts';
import { z } from 'zod';
import { type Actor, actorName } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict, invalid, notFound } from '../refusals.ts';
import { evmAddress } from '../wallet/evm-address.ts';
import { toVerifiedPayer, type VerifiedPayerOutput, verifiedPayerOutput } from './verified-payer.ts';

export const verifyPayerInput = z.object({
  providerId,
  address: evmAddress.optional().meta({ description: 'Of a wallet, whatever the network' }),
  customerId: customerId.optional().meta({ description: 'A customer instead: whoever pays beside one of its keys' }),
  note: z.string().trim().min(1).max(200).meta({ description: 'Who that is' }),
});
export const verifyPayerOutput = verifiedPayerOutput;

/** Says that the provider knows a payer: it may pay beyond the limits of step-up on all routes. */
export async function verifyPayer(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof verifyPayerInput>,
): Promise<VerifiedPayerOutput> {
  const wanted = parse(verifyPayerInput, input);
  const { providerId, note } = wanted;
  const who = { address: wanted.address?.toLowerCase() ?? null, customerId: wanted.customerId ?? null };
  const access = await authorize(ctx, actor, { providerId }, 'write');
  if ((who.address === null) === (who.customerId === null)) {
    throw invalid('address', 'must be given, or customerId instead');
  }
  return change(ctx, access, async ({ tx, id, now, audit, publishAllApis }) => {
    // Two who verify at once are counted one after the other.
    await tx.$queryRaw`SELECT 1 FROM provider WHERE id = ${providerId} FOR UPDATE`;
    if (who.customerId !== null && (await tx.customer.count({ where: { providerId, id: who.customerId } })) === 0) {
      throw notFound();
    }
    const known = await tx.verifiedPayer.count({ where: { providerId, ...who } });
    if (known > 0) throw conflict('This payer is verified already.');
    if ((await tx.verifiedPayer.count({ where: { providerId } })) >= VERIFIED_PAYERS_MAX) {
      throw conflict(`At most ${VERIFIED_PAYERS_MAX} payers can be verified.`);
    }
    const row = await tx.verifiedPayer.create({
      data: { id: id('verifiedPayer'), providerId, ...who, note, verifiedBy: actorName(actor), createdAt: now },
      include: { customer: { select: { name: true } } },
    });
    const after = toVerifiedPayer(row);
    await audit({ action: 'payer.verify', targetId: row.id, after });
    await publishAllApis();
    return after;
  });
}
