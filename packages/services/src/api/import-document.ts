import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { documentSource, readSource } from './document-source.ts';
import { documentWarnings, isObject, readDocument } from './openapi-document.ts';
import { operationOutput, readOperations, serverUrlOf } from './operations.ts';

export const importDocumentInput = z.object({ providerId, source: documentSource });
export const importDocumentOutput = z.object({
  title: z.string(),
  version: z.string(),
  openapi: z.string(),
  serverUrl: z.string().nullable().meta({ description: 'The upstream address that the document names' }),
  operations: z.array(operationOutput),
  warnings: z.array(z.string()),
});

/** Shows what an OpenAPI document would become. Stores nothing. */
export async function importDocument(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof importDocumentInput>,
): Promise<z.output<typeof importDocumentOutput>> {
  const wanted = parse(importDocumentInput, input);
  await authorize(ctx, actor, wanted, 'write');
  const { text, url } = await readSource(ctx, wanted.source);
  const document = readDocument(text);
  const { operations, warnings } = readOperations(document);
  const info = isObject(document.info) ? document.info : {};
  return {
    title: typeof info.title === 'string' ? info.title : '',
    version: typeof info.version === 'string' ? info.version : '',
    openapi: String(document.openapi),
    serverUrl: serverUrlOf(document, url),
    operations: [...operations],
    warnings: [...warnings, ...(await documentWarnings(document))],
  };
}
