import { invalidParameter } from '../errors.ts';
import type { FormRecord, FormValue } from './form.ts';

/** Reads one parameter, or throws the 400 that Stripe gives. `name` is its full name, such as `line_items[0][price]`. */
export type Param<T> = (value: FormValue, name: string) => T;
/** What a parameter is read as. */
export type Read<P> = P extends Param<infer T> ? T : never;

type Shape = Readonly<Record<string, Param<unknown>>>;
/** The parts of a record: those in `R` are always there. */
export type Fields<S extends Shape, R extends keyof S> = { [K in R]: Read<S[K]> } & {
  [K in Exclude<keyof S, R>]?: Read<S[K]>;
};

/** Named parameters. Every name that is not among them is refused, and so is a missing one of `required`. */
export function fields<S extends Shape, R extends keyof S & string = never>(
  shape: S,
  required: readonly R[] = [],
): Param<Fields<S, R>> {
  return (value, name) => {
    if (typeof value === 'string') throw invalidParameter(`Invalid object`, name);
    const full = (part: string) => (name === '' ? part : `${name}[${part}]`);
    refuseUnknown([...value.keys()].filter((part) => !Object.hasOwn(shape, part)).map(full));
    const read: Record<string, unknown> = {};
    for (const [part, param] of Object.entries(shape)) {
      const given = value.get(part);
      if (given !== undefined) read[part] = param(given, full(part));
    }
    for (const part of required) if (read[part] === undefined) throw missing(full(part));
    return read as Fields<S, R>;
  };
}

function refuseUnknown(names: readonly string[]): void {
  const [first] = names;
  if (first === undefined) return;
  const plural = names.length === 1 ? '' : 's';
  throw invalidParameter(`Received unknown parameter${plural}: ${names.join(', ')}`, first, 'parameter_unknown');
}

/** The refusal of a request without one of its parameters. */
export function missing(name: string) {
  return invalidParameter(`Missing required param: ${name}.`, name, 'parameter_missing');
}

/** Text of at most `lengthMax` characters, 5,000 by default. Empty text is refused. */
export function text(lengthMax = 5000): Param<string> {
  return (value, name) => {
    const given = scalar(value, name, 'string');
    if (given.length > lengthMax) {
      throw invalidParameter(`Invalid string: must be at most ${lengthMax} characters`, name);
    }
    return given;
  };
}

/** A whole number in a range. */
export function integer({ min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = {}): Param<number> {
  return (value, name) => {
    const given = scalar(value, name, 'integer');
    if (!/^-?\d{1,15}$/.test(given)) {
      throw invalidParameter(`Invalid integer: ${given}`, name, 'parameter_invalid_integer');
    }
    const number = Number(given);
    if (number < min || number > max) {
      const bound = number < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
      throw invalidParameter(`This value must be ${bound}.`, name, 'parameter_invalid_integer');
    }
    return number;
  };
}

/** `true` or `false`. */
export const boolean: Param<boolean> = (value, name) => {
  const given = scalar(value, name, 'boolean');
  if (given !== 'true' && given !== 'false') throw invalidParameter(`Invalid boolean: ${given}`, name);
  return given === 'true';
};

/** One of a few words. */
export function oneOf<const W extends string>(...words: readonly W[]): Param<W> {
  return (value, name) => {
    const given = scalar(value, name, 'string');
    const word = words.find((candidate) => candidate === given);
    if (word === undefined) {
      const rest = words.slice(0, -1).join(', ');
      const list = words.length === 1 ? words[0] : `${rest}${words.length > 2 ? ',' : ''} or ${words.at(-1)}`;
      throw invalidParameter(`Invalid ${name}: must be one of ${list}`, name);
    }
    return word;
  };
}

/** The first reading that does not throw; the refusal of the last one otherwise. */
export function either<A, B>(first: Param<A>, second: Param<B>): Param<A | B> {
  return (value, name) => {
    try {
      return first(value, name);
    } catch {
      return second(value, name);
    }
  };
}

/** A value that empty text takes away: null then. */
export function clearable<T>(param: Param<T>): Param<T | null> {
  return (value, name) => (value === '' ? null : param(value, name));
}

/** A list of up to `lengthMax` values; empty text is an empty list. */
export function list<T>(item: Param<T>, lengthMax = 100): Param<T[]> {
  return (value, name) => {
    if (value === '') return [];
    if (typeof value === 'string') throw invalidParameter('Invalid array', name);
    const keys = [...value.keys()].sort((a, b) => Number(a) - Number(b));
    const wrong = keys.find((key, index) => key !== String(index));
    if (wrong !== undefined) throw invalidParameter('Invalid array', `${name}[${wrong}]`);
    if (keys.length > lengthMax) throw invalidParameter(`Array ${name} exceeded maximum ${lengthMax} allowed.`, name);
    return keys.map((key) => item(value.get(key) ?? '', `${name}[${key}]`));
  };
}

/** Reads a whole request. */
export function readParams<T>(param: Param<T>, form: FormRecord): T {
  return param(form, '');
}

function scalar(value: FormValue, name: string, kind: string): string {
  if (typeof value !== 'string') throw invalidParameter(`Invalid ${kind}: an object was given`, name);
  if (value === '') {
    throw invalidParameter(
      `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
      name,
      'parameter_invalid_empty',
    );
  }
  return value;
}
