import { Badge } from '@tollwright/ui';

/** How a call was answered. */
export function CallStatus({ status }: { readonly status: number }) {
  return <Badge tone={status < 400 ? 'green' : 'red'}>{status}</Badge>;
}
