import 'server-only';
import { consoleOf } from '../server/organizations.ts';

/** What every page of the console begins with: whose it is, its address, and whether the reader may change things. */
export async function consolePage(params: Promise<{ readonly provider: string }>) {
  const { provider: slug } = await params;
  const { api, provider } = await consoleOf(slug);
  return { api, provider, base: `/console/${slug}`, mayWrite: provider.role === 'owner' };
}
