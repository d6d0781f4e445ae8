import { EgressFailed, EgressRefused } from '@tollwright/egress';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { invalid } from '../refusals.ts';

const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024;

/** An OpenAPI document as pasted, or the address it is fetched from. */
export const documentSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().min(2).max(DOCUMENT_BYTES_MAX) }),
  z.object({ kind: z.literal('url'), url: z.url({ protocol: /^https?$/ }).max(2000) }),
]);
export type DocumentSource = z.output<typeof documentSource>;

/** The document's text, and where it came from. Throws `invalid-input` when it cannot be fetched. */
export async function readSource(
  ctx: ServiceContext,
  source: DocumentSource,
): Promise<{ readonly text: string; readonly url: string | null }> {
  if (source.kind === 'text') return { text: source.text, url: null };
  try {
    const response = await ctx.egress.fetch(source.url, {
      headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.1' },
      bodyBytesMax: DOCUMENT_BYTES_MAX,
    });
    if (!response.ok) throw invalid('source.url', `answered ${response.status}`);
    return { text: await response.text(), url: response.url };
  } catch (error) {
    if (error instanceof EgressRefused || error instanceof EgressFailed) throw invalid('source.url', error.message);
    throw error;
  }
}
