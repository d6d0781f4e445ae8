import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type ApiOutput, apiOutput, toApi } from './api.ts';
import { findApi } from './find-api.ts';

export const getApiInput = z.object({ providerId, apiId: idText });
export const getApiOutput = apiOutput;

/** One API. Its routes are listed by route/list.ts. */
export async function getApi(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getApiInput>,
): Promise<ApiOutput> {
  const { providerId, apiId } = parse(getApiInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'read');
  return read(ctx, access, async (tx) => toApi(ctx, await findApi(tx, providerId, apiId)));
}
