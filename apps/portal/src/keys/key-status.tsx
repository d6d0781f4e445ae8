import { Badge } from '@tollwright/ui';

const BADGES = {
  active: <Badge tone="green">Active</Badge>,
  revoked: <Badge tone="red">Revoked</Badge>,
  expired: <Badge tone="amber">Expired</Badge>,
} as const;

/** What became of a key, in the same words for providers and owners. */
export function KeyStatus({ status }: { readonly status: keyof typeof BADGES }) {
  return BADGES[status];
}
