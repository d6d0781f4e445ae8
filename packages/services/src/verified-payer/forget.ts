import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { toVerifiedPayer, type VerifiedPayerOutput, verifiedPayerOutput } from './verified-payer.ts';

export const forgetPayerInput = z.object({ providerId, verifiedPayerId: idText });
export const forgetPayerOutput = verifiedPayerOutput;

/** Says that the provider knows a payer no longer: the limits hold for it from its next payment on. */
export async function forgetPayer(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof forgetPayerInput>,
): Promise<VerifiedPayerOutput> {
  const { providerId, verifiedPayerId: id } = parse(forgetPayerInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async ({ tx, audit, publishAllApis }) => {
    const include = { customer: { select: { name: true } } };
    const row = await tx.verifiedPayer.findFirst({ where: { providerId, id }, include });
    if (row === null) throw notFound();
    await tx.verifiedPayer.deleteMany({ where: { providerId, id } });
    const before = toVerifiedPayer(row);
    await audit({ action: 'payer.forget', targetId: id, before });
    await publishAllApis();
    return before;
  });
}
