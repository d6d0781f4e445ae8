/** Where a person signs in before going on to a path: at a provider's own door for what lies behind it. */
export function signInPath(returnTo: string | null): string {
  if (returnTo === null) return '/sign-in';
  const door = /^\/p\/[a-z0-9-]+/.exec(returnTo)?.[0] ?? '';
  return `${door}/sign-in?returnTo=${encodeURIComponent(returnTo)}`;
}
