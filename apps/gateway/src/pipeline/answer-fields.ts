import { grantedFields } from './limit-fields.ts';
import type { Granted } from './reserve.ts';
import type { Visit } from './visit.ts';

const SHADOW_FIELD = 'tollwright-shadow';

/** What an answer says of limits: their fields, and how many shadowed policies would have refused the call. */
export function limitHeadersOf({ startedAtMs }: Visit, { call, windows }: Granted): string[] {
  const fields = grantedFields(call.tariff, call.asked, windows, startedAtMs);
  const shadowed = call.guard?.shadowed.length ?? 0;
  if (shadowed > 0) fields.push(SHADOW_FIELD, String(shadowed));
  return fields;
}
