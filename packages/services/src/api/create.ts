import { slug, upstreamBreaker } from '@tollwright/contracts';
import { sealSecret } from '@tollwright/contracts/sealed-secret';
import { isUniqueViolation, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { type ApiOutput, apiOutput, apiSelection, credentialContext, toApi } from './api.ts';
import { documentSource, readSource } from './document-source.ts';
import { readDocument } from './openapi-document.ts';
import { readOperations } from './operations.ts';
import { refuseOwnAddress, upstreamBaseUrl, upstreamCredential, upstreamFallbacks } from './upstream.ts';

export const createApiInput = z.object({
  providerId,
  slug,
  name: displayName,
  source: documentSource,
  upstreamBaseUrl,
  upstreamCredential: upstreamCredential.optional(),
  upstreamFallbacks: upstreamFallbacks.default([]),
  upstreamBreaker: upstreamBreaker.default({ kind: 'default' }),
});
export const createApiOutput = apiOutput;

/** Adds an API from an OpenAPI document; its operations become routes. */
export async function createApi(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createApiInput>,
): Promise<ApiOutput> {
  const wanted = parse(createApiInput, input);
  const { providerId } = wanted;
  refuseOwnAddress('upstreamFallbacks', wanted);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  const { text } = await readSource(ctx, wanted.source);
  const document = readDocument(text);
  const { operations } = readOperations(document);
  try {
    return await change(ctx, access, async (step) => {
      const apiId = step.id('api');
      await step.tx.api.create({
        data: {
          id: apiId,
          providerId,
          slug: wanted.slug,
          name: wanted.name,
          document: toDbJson(document),
          upstreamBaseUrl: wanted.upstreamBaseUrl,
          upstreamFallbacks: wanted.upstreamFallbacks,
          upstreamBreaker: toDbJson(wanted.upstreamBreaker),
          // publishApi below makes the first published version 1.
          snapshotVersion: 0,
          createdAt: step.now,
          ...sealedCredential(ctx, providerId, apiId, wanted.upstreamCredential),
        },
      });
      await step.tx.route.createMany({
        data: operations.map((operation) => ({ id: step.id('route'), providerId, apiId, ...operation })),
      });
      const { slug, name, upstreamBaseUrl, upstreamFallbacks, upstreamBreaker } = wanted;
      const after = { slug, name, routes: operations.length, upstreamBaseUrl, upstreamFallbacks, upstreamBreaker };
      await step.audit({ action: 'api.create', targetId: apiId, after });
      await step.publishApi(apiId);
      return toApi(ctx, await step.tx.api.findUniqueOrThrow({ where: { id: apiId }, select: apiSelection }));
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalid('slug', 'is taken');
    throw error;
  }
}

/** The two columns of an upstream credential. */
export function sealedCredential(
  ctx: ServiceContext,
  providerId: string,
  apiId: string,
  credential: z.output<typeof upstreamCredential> | null | undefined,
): { upstreamCredentialHeader: string | null; upstreamCredentialSealed: string | null } {
  if (!credential) return { upstreamCredentialHeader: null, upstreamCredentialSealed: null };
  return {
    upstreamCredentialHeader: credential.header,
    upstreamCredentialSealed: sealSecret(ctx.masterKeys, credentialContext(providerId, apiId), credential.value),
  };
}
