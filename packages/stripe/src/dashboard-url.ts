/** Where Stripe's dashboard shows a payment or a refund, by its id; null for an id of anything else. `livemode` is the key's mode. */
export function dashboardUrl(id: string, livemode: boolean): string | null {
  const page = PAGES.find(([prefix]) => id.startsWith(prefix))?.[1];
  if (page === undefined || !/^[a-z]+_[A-Za-z0-9_]{1,200}$/.test(id)) return null;
  return `https://dashboard.stripe.com/${livemode ? '' : 'test/'}${page}/${id}`;
}

const PAGES = [
  ['pi_', 'payments'],
  ['re_', 'refunds'],
  ['pyr_', 'refunds'],
] as const;
