import type { UsageEvent } from '@tollwright/contracts';
import { usageEventOf } from '../factories/usage.ts';
import type { World } from './world.ts';

/** A usage event of a world's own key on its own route; `override` as usageEventOf takes it. */
export function worldEventOf(world: World, override: Partial<UsageEvent>): UsageEvent {
  const { providerId, customerId, apiId } = world;
  const pair = (id: string) => [id, id] as const;
  const ids = { agentIds: pair(world.agentId), keyIds: pair(world.keyId), routeIds: pair(world.routeId) };
  return usageEventOf({ providerId, customerId, apiId, ...ids }, override);
}
