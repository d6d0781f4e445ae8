import type { ReactNode } from 'react';
import { ApiProvider } from '../../../client/api.tsx';
import { ProviderFrame } from '../../../frame/provider-frame.tsx';
import { consoleOf, requireUser } from '../../../server/organizations.ts';

type Props = { readonly params: Promise<{ provider: string }>; readonly children: ReactNode };

export default async function ConsoleLayout({ params, children }: Props) {
  const { provider: slug } = await params;
  const { provider, providers } = await consoleOf(slug);
  const user = await requireUser(`/console/${slug}`);
  return (
    <ProviderFrame
      basePath={`/console/${slug}`}
      organization={{ name: provider.name, colour: provider.brandColor }}
      organizations={providers.map((each) => ({
        name: each.name,
        href: `/console/${each.slug}`,
        current: each.id === provider.id,
      }))}
      livemode
      user={user}
      accountLinks={[
        { label: `${provider.name}'s portal`, href: `/p/${slug}` },
        { label: 'All organizations', href: '/console' },
      ]}
      signOutHref="/sign-out"
    >
      <ApiProvider organization={provider.id}>{children}</ApiProvider>
    </ProviderFrame>
  );
}
