import type { SecretContext } from '@tollwright/contracts/sealed-secret';

/** What the sealed text of a waiting mail is bound to. */
export function mailContext(outboxId: string): SecretContext {
  return { tenant: 'mail', target: outboxId };
}
