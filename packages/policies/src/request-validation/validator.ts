import type { RequestSchema } from '@tollwright/contracts';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { ALLOWED, type Decision } from '../policy.ts';
import type { PolicyCall } from '../policy-call.ts';
import { linearPatterns } from './linear-pattern.ts';
import { pathReader } from './path-values.ts';
import type { ValidationOptions } from './request-validation.ts';

interface FieldError {
  readonly path: string;
  readonly message: string;
}

type Check = (call: PolicyCall, errors: FieldError[]) => void;

/** Compiles an operation's schemas once. Throws when they are no JSON Schema. */
export function createValidator(
  own: ValidationOptions,
  schema: RequestSchema,
  pathTemplate: string,
): (call: PolicyCall) => Decision {
  const compile = compilerOf(schema.definitions);
  const checks: Check[] = [];
  const inPath = schema.parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = schema.parameters.filter((parameter) => parameter.in === 'query');
  if (own.path && inPath.length > 0) {
    const read = pathReader(pathTemplate);
    const validate = compile.values(objectOf(inPath, true));
    checks.push(({ path }, errors) => run(validate, read(path), 'path', errors));
  }
  if (own.query && (inQuery.length > 0 || own.unknownQuery === 'refuse')) {
    const validate = compile.values(objectOf(inQuery, own.unknownQuery === 'allow'));
    const lists = new Set(inQuery.filter((parameter) => isList(parameter.schema)).map(({ name }) => name));
    checks.push(({ query }, errors) => run(validate, queryValues(query, lists), 'query', errors));
  }
  if (own.body && schema.body !== null) checks.push(bodyCheck(compile.body(schema.body.schema), schema.body.required));
  return (call) => {
    const errors: FieldError[] = [];
    for (const check of checks) check(call, errors);
    return errors.length === 0 ? ALLOWED : refused(errors, own.errorsMax);
  };
}

/** Why the schemas of an operation cannot be compiled; null when they can. For whoever stores or publishes them. */
export function requestSchemaProblem(schema: RequestSchema, pathTemplate: string): string | null {
  try {
    createValidator({ body: true, query: true, path: true, unknownQuery: 'allow', errorsMax: 1 }, schema, pathTemplate);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'the schema cannot be read';
  }
}

function compilerOf(definitions: RequestSchema['definitions']) {
  const make = (coerceTypes: boolean) => {
    const ajv = new Ajv2020({
      ...{ allErrors: true, strict: false, coerceTypes, validateFormats: true, logger: false },
      code: { regExp: linearPatterns },
    });
    formats.default(ajv);
    return (schema: Readonly<Record<string, unknown>>) =>
      ajv.compile({ ...schema, $defs: { ...asDefinitions(schema.$defs), ...definitions } });
  };
  return { body: make(false), values: make(true) };
}

function asDefinitions(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function objectOf(parameters: RequestSchema['parameters'], open: boolean): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: open,
  };
}

function bodyCheck(validate: ValidateFunction, required: boolean): Check {
  return (call, errors) => {
    const read = call.document();
    if (read.kind === 'json') run(validate, read.value, '', errors);
    else if (read.kind === 'malformed') errors.push({ path: '', message: 'must be JSON in UTF-8' });
    else if (required) errors.push({ path: '', message: 'must have a body' });
  };
}

function run(validate: ValidateFunction, value: unknown, prefix: string, errors: FieldError[]): void {
  if (validate(value)) return;
  for (const error of validate.errors ?? []) errors.push(inWords(error, prefix));
}

function inWords({ instancePath, keyword, params, message }: ErrorObject, prefix: string): FieldError {
  const steps = instancePath.split('/').slice(1).map(unescaped);
  const missing = params as { readonly missingProperty?: string; readonly additionalProperty?: string };
  if (keyword === 'required') return { path: pathOf(prefix, steps, missing.missingProperty), message: 'is required' };
  if (keyword === 'additionalProperties') {
    return { path: pathOf(prefix, steps, missing.additionalProperty), message: 'is not known here' };
  }
  const { allowedValues } = params as { readonly allowedValues?: readonly unknown[] };
  const named = keyword === 'enum' ? `must be one of ${allowedValues?.map(String).join(', ')}` : message;
  return { path: pathOf(prefix, steps), message: named ?? 'is not valid' };
}

function pathOf(prefix: string, steps: readonly string[], last?: string): string {
  return [...(prefix === '' ? [] : [prefix]), ...steps, ...(last === undefined ? [] : [last])].join('.');
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function isList(schema: Readonly<Record<string, unknown>>): boolean {
  return schema.type === 'array';
}

function queryValues(query: string, lists: ReadonlySet<string>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const known = Object.hasOwn(values, name) ? values[name] : undefined;
    if (lists.has(name)) {
      define(values, name, [...(Array.isArray(known) ? (known as unknown[]) : []), ...value.split(',')]);
    } else define(values, name, known === undefined ? value : [known, value].flat());
  }
  return values;
}

/** A caller may name a parameter `__proto__`. */
function define(values: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(values, name, { value, enumerable: true, writable: true, configurable: true });
}

function refused(errors: readonly FieldError[], most: number): Decision {
  const shown = errors.slice(0, most);
  const count = errors.length === 1 ? 'One field is' : `${errors.length} fields are`;
  return {
    kind: 'refused',
    problem: { slug: 'invalid-input', detail: `${count} not valid.`, members: { errors: shown } },
  };
}
