import { createEgress } from '@tollwright/egress';
import type { Env } from '../env.ts';

/** The way out to what the operator named. */
export function egressTo({ TOLLWRIGHT_EGRESS_ALLOW: allow }: Env, operatorUrls: Iterable<string>) {
  return createEgress({ allow, operatorUrls: [...operatorUrls] });
}
