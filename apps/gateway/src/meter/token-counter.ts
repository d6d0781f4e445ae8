import type { CountTokens } from '@tollwright/policies';

/** Longer runs make the tokenizer's work grow with their square. */
const RUN = /\S{64}|\s{64}/g;
const PLAIN = { disallowedSpecial: new Set<string>() };

let counter: CountTokens | null = null;
let loading: Promise<CountTokens | null> | null = null;

/** The tokenizer if it is loaded already, else null. */
export function loadedTokenCounter(): CountTokens | null {
  return counter;
}

/**
 * Loads the tokenizer (the `o200k_base` vocabulary): about 70 MB and a fraction of a second, so not before an upstream
 * reported nothing for the first time. Null where it cannot be loaded; then four bytes count as one token.
 */
export function loadTokenCounter(): Promise<CountTokens | null> {
  loading ??= import('gpt-tokenizer/encoding/o200k_base').then(
    ({ countTokens }) => {
      counter = (text) => countTokens(broken(text), PLAIN);
      return counter;
    },
    () => null,
  );
  return loading;
}

/** The text with runs of more than 64 letters or spaces interrupted, at one token or less for each interruption. */
function broken(text: string): string {
  return text.replace(RUN, (run) => (run.charCodeAt(0) <= 0x20 ? `${run}.` : `${run} `));
}
