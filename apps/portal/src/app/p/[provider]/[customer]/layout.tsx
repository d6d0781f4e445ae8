import type { ReactNode } from 'react';
import { ApiProvider } from '../../../../client/api.tsx';
import { ConsumerFrame } from '../../../../frame/consumer-frame.tsx';
import { portalOf, requireUser } from '../../../../server/organizations.ts';

type Props = { readonly params: Promise<{ provider: string; customer: string }>; readonly children: ReactNode };

export default async function ConsumerLayout({ params, children }: Props) {
  const { provider: slug, customer: customerId } = await params;
  const { provider, customer, api } = await portalOf(slug, customerId);
  const basePath = `/p/${slug}/${customerId}`;
  const [user, approvals] = await Promise.all([requireUser(basePath), api.approval.waiting({})]);
  return (
    <ConsumerFrame
      basePath={basePath}
      approvals={approvals}
      provider={{ name: provider.name, colour: provider.brandColor }}
      customerName={customer.name}
      livemode
      user={user}
      accountLinks={[{ label: 'Plans and prices', href: `/p/${slug}` }]}
      signOutHref={`/sign-out?returnTo=${encodeURIComponent(`/p/${slug}`)}`}
    >
      <ApiProvider organization={`${provider.id}/${customerId}`}>{children}</ApiProvider>
    </ConsumerFrame>
  );
}
