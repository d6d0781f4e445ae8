import type { OptionErrors } from './options-draft.ts';

/** What a refusal says about one policy of a list, apart from what it says about its options. */
export interface PolicyErrors {
  readonly options: OptionErrors;
  /** About its type, its shadow mode, its options as a whole, or another policy of the list. */
  readonly others: readonly string[];
}

/** Sorts the fields of a refusal (`policies.2.options.limit`) by what the form of the policy at `index` can mark. */
export function policyErrors(fields: Readonly<Record<string, string>>, index: number): PolicyErrors {
  const own = `policies.${index}.options.`;
  const options: Record<string, string> = {};
  const others: string[] = [];
  for (const [path, message] of Object.entries(fields)) {
    if (path.startsWith(own)) options[path.slice(own.length)] = message;
    else others.push(message);
  }
  return { options, others };
}

/** The first error of a field or of anything within it: a line of a list, a value of a record. */
export function errorWithin(errors: OptionErrors, path: string): string | undefined {
  const found = Object.entries(errors).find(([at]) => at === path || at.startsWith(`${path}.`));
  if (found === undefined) return undefined;
  const [at, message] = found;
  const line = /^\d+/.exec(at.slice(path.length + 1))?.[0];
  return line === undefined
    ? message
    : `Line ${Number(line) + 1}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}
