import 'server-only';
import { portalEnv } from '../env.ts';

/** True when a request's Host is one that this portal answers to. Sign-in trusts the host only then. */
export function isOwnHost(host: string | null): boolean {
  if (host === null) return false;
  const env = portalEnv();
  return host === new URL(env.PORTAL_PUBLIC_URL).host || env.TOLLWRIGHT_PORTAL_HOSTS.includes(host);
}
