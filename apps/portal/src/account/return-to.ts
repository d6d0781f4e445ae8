/** A path of this portal to go on to after sign-in, never another site. */
export function safeReturnTo(value: string | string[] | undefined, fallback: string): string {
  return typeof value === 'string' && /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(value) ? value : fallback;
}
