import type { Shot } from '../shot.ts';
import type { Stage } from '../stage.ts';

/** A provider's public pages and the door of its portal. */
export function doorShots({ acme, newProvider }: Stage): readonly Shot[] {
  const base = `/p/${acme}`;
  return [
    { route: '/p/[provider]', role: 'nobody', name: 'storefront', path: base },
    { route: '/p/[provider]', role: 'nobody', name: 'storefront-empty', path: `/p/${newProvider}` },
    { route: '/p/[provider]', role: 'customer-owner', name: 'storefront', path: base },
    { route: '/p/[provider]/sign-in', role: 'nobody', name: 'portal-sign-in', path: `${base}/sign-in` },
    { route: '/p/[provider]/sign-up', role: 'nobody', name: 'portal-sign-up', path: `${base}/sign-up` },
    { route: '/p/[provider]/join', role: 'newcomer', name: 'join', path: `${base}/join` },
    { route: '/p/[provider]/join', role: 'fleet-owner', name: 'join-several', path: `${base}/join` },
  ];
}
