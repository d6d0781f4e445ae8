import type { Gateway } from '../agent-calls.ts';
import { readLocal } from '../local.ts';

/** The same address at one of the two gateway processes. */
export function atGateway(url: string, gateway: Gateway): string {
  const { gatewayUrl, gatewayUrls } = readLocal();
  return url.replace(gatewayUrl, gatewayUrls[gateway]);
}
