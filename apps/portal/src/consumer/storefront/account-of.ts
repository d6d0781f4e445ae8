import 'server-only';
import { caller } from '../../server/caller.ts';
import { currentUser } from '../../server/session.ts';

/** Where the signed-in reader goes from a provider's public page; null for who is not signed in. */
export async function accountOf(provider: { readonly id: string; readonly slug: string }) {
  if (!(await currentUser())) return null;
  const { customers } = await (await caller(null)).account.organizations();
  const isCustomer = customers.some((each) => each.provider.id === provider.id);
  return { href: `/p/${provider.slug}/join`, label: isCustomer ? 'Go to your account' : 'Open an account' };
}
