import { fromDbPolicies, type Tx, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change, read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { findPolicedApi } from '../policy/find.ts';
import { type PolicedDocument, unfitRoute } from '../policy/fit-document.ts';
import { invalid } from '../refusals.ts';
import { documentSource, readSource } from './document-source.ts';
import { findApi } from './find-api.ts';
import { readDocument } from './openapi-document.ts';
import { type Operation, readOperations } from './operations.ts';

export const reImportApiInput = z.object({ providerId, apiId: idText, source: documentSource });
export const reImportApiOutput = z.object({
  added: z.int(),
  kept: z.int(),
  archived: z.int().meta({ description: 'Routes that the new document no longer has: gateways stop serving them' }),
});

/** Replaces the document. Routes of the same method and path keep their id and settings. */
export async function reImportApi(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof reImportApiInput>,
): Promise<z.output<typeof reImportApiOutput>> {
  const wanted = parse(reImportApiInput, input);
  const { providerId, apiId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  const { text } = await readSource(ctx, wanted.source);
  const document = readDocument(text);
  const { operations } = readOperations(document);
  const policed = await read(ctx, access, (tx) => policedBy(tx, wanted, operations));
  const why = await unfitRoute({ document, ...policed });
  if (why !== null) throw invalid('source', `does not fit the policies that are set: ${why}`);
  return change(ctx, access, async (step) => {
    await findApi(step.tx, providerId, apiId);
    const routes = await step.tx.route.findMany({ where: { providerId, apiId } });
    const known = new Map(routes.map((route) => [`${route.method} ${route.pathTemplate}`, route]));
    const kept = new Set<string>();
    let added = 0;
    for (const operation of operations) {
      const route = known.get(`${operation.method} ${operation.pathTemplate}`);
      if (!route) {
        await step.tx.route.create({ data: { id: step.id('route'), providerId, apiId, ...operation } });
        added += 1;
        continue;
      }
      kept.add(route.id);
      const { operationId, summary } = operation;
      await step.tx.route.update({ where: { id: route.id }, data: { operationId, summary, archivedAt: null } });
    }
    const gone = {
      providerId,
      apiId,
      archivedAt: null,
      id: { in: routes.map(({ id }) => id).filter((id) => !kept.has(id)) },
    };
    const archived = await step.tx.route.updateMany({ where: gone, data: { archivedAt: step.now } });
    await step.tx.api.update({ where: { id: apiId }, data: { document: toDbJson(document) } });
    const result = { added, kept: kept.size, archived: archived.count };
    await step.audit({ action: 'api.re-import', targetId: apiId, after: result });
    await step.publishApi(apiId);
    return result;
  });
}

/** The policies that the operations of a new document will run under. */
async function policedBy(
  tx: Tx,
  { providerId, apiId }: { readonly providerId: string; readonly apiId: string },
  operations: readonly Operation[],
): Promise<Omit<PolicedDocument, 'document'>> {
  const api = await findPolicedApi(tx, providerId, apiId);
  const rows = await tx.route.findMany({ where: { providerId, apiId } });
  const known = new Map(rows.map((row) => [`${row.method} ${row.pathTemplate}`, row.policies]));
  const routes = operations.map(({ method, pathTemplate }) => {
    const policies = fromDbPolicies(known.get(`${method} ${pathTemplate}`) ?? []);
    return { method, pathTemplate, policies };
  });
  return { apiPolicies: fromDbPolicies(api.policies), routes };
}
