import { malformed, type Parsed } from '../parsed.ts';
import { parseAuthChallenges } from './auth-challenges.ts';
import { fromChallengeParameters, type MppChallenge } from './challenge.ts';

/**
 * Reads the challenges of scheme `Payment` from one or several values of `WWW-Authenticate`, in order, and passes over
 * other schemes. One that is malformed takes nothing from the others; a header that cannot be read to its end is one.
 */
export function parseChallenges(headers: string | readonly string[]): readonly Parsed<MppChallenge>[] {
  return [headers].flat().flatMap(parseHeader);
}

function parseHeader(header: string): readonly Parsed<MppChallenge>[] {
  return parseAuthChallenges(header).flatMap((read): readonly Parsed<MppChallenge>[] => {
    if (read.kind === 'malformed') return [malformed(`header: ${read.reason}`)];
    const { scheme, parameters } = read.value;
    return scheme.toLowerCase() === 'payment' ? [fromChallengeParameters(parameters)] : [];
  });
}
