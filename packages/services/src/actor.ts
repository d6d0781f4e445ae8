import type { Role, Scope } from '@tollwright/contracts';

/** Who asks. `system` is the product itself: the seed, the worker, the bootstrap command. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly userId: string }
  | {
      readonly kind: 'token';
      readonly tokenId: string;
      readonly providerId: string;
      /** Null for a provider's token. */
      readonly customerId: string | null;
      readonly role: Role;
      readonly scopes: readonly Scope[];
    }
  | { readonly kind: 'system' };

export const ANONYMOUS: Actor = { kind: 'anonymous' };
export const SYSTEM: Actor = { kind: 'system' };

/** How audit entries and idempotency records name an actor. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
      return `user:${actor.userId}`;
    case 'token':
      return `token:${actor.tokenId}`;
    case 'anonymous':
    case 'system':
      return actor.kind;
  }
}
