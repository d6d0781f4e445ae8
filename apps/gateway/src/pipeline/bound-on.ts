import { boundCall, type Tariff } from '@tollwright/policies';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';

/** The most that a call of a route can cost under a tariff, whoever pays. `body` is null where none was read. */
export function boundOn(
  tariff: Tariff,
  { snapshot }: CompiledApi,
  { route, rule, known }: CompiledRoute,
  body: Buffer | null,
): ReturnType<typeof boundCall> {
  const { connectTimeoutMs, totalTimeoutMs } = snapshot.upstream;
  const { bodyBytesMax } = route;
  return boundCall(tariff, { rule, body, known, bodyBytesMax, durationMsMax: connectTimeoutMs + totalTimeoutMs });
}
