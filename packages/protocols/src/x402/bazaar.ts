import type { X402Extension } from './extensions.ts';
import { sampleOf } from './json-sample.ts';

/** The extension by which facilitators list what can be bought. */
export const bazaarKey = 'bazaar';

type Schema = Readonly<Record<string, unknown>>;

/** What a listed resource takes. Schemas are JSON Schema 2020-12; `#/$defs/<name>` names a member of `definitions`. */
export type ListedOperation = {
  readonly method: string;
  /** The path as the caller sees it, with OpenAPI's braces: `/acme/weather/cities/{city}`. */
  readonly pathTemplate: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly body: { readonly required: boolean; readonly schema: Schema } | null;
  readonly definitions: Readonly<Record<string, Schema>>;
};

const queryMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE']);
const bodyMethods: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/**
 * The declaration of an operation: an example of a call in `info`, which its `schema` takes. Null for a method that the
 * extension has no words for. `path` is that of the call.
 */
export function bazaarOf(operation: ListedOperation, path: string): X402Extension | null {
  const { method, pathTemplate, definitions } = operation;
  const input = queryMethods.has(method)
    ? queryInput(operation)
    : bodyMethods.has(method)
      ? bodyInput(operation)
      : null;
  if (input === null) return null;
  const pathParams = pathParamsOf(pathTemplate, path);
  const isTemplate = Object.keys(pathParams).length > 0;
  return {
    info: { input: { type: 'http', method, ...input.example, ...(isTemplate ? { pathParams } : {}) } },
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        input: {
          type: 'object',
          properties: {
            type: { type: 'string', const: 'http' },
            method: { type: 'string', enum: [method] },
            ...input.properties,
            ...(isTemplate ? { pathParams: { type: 'object' } } : {}),
          },
          required: ['type', 'method', ...input.required],
          additionalProperties: false,
        },
      },
      required: ['input'],
      ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
    },
    ...(isTemplate ? { routeTemplate: pathTemplate.replace(/\{([^}]+)\}/g, ':$1') } : {}),
  };
}

type Input = { readonly example: Schema; readonly properties: Schema; readonly required: readonly string[] };

function queryInput({ parameters, definitions }: ListedOperation): Input {
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const queryParams = {
    type: 'object',
    properties: Object.fromEntries(query.map(({ name, schema }) => [name, schema])),
    required: query.filter(({ required }) => required).map(({ name }) => name),
  };
  return { example: { queryParams: sampleOf(queryParams, definitions) }, properties: { queryParams }, required: [] };
}

function bodyInput({ body, definitions }: ListedOperation): Input {
  const schema = body?.schema ?? {};
  return {
    example: { bodyType: 'json', body: sampleOf(schema, definitions) },
    properties: { bodyType: { type: 'string', enum: ['json'] }, body: schema },
    required: ['bodyType', 'body'],
  };
}

/** The parts of a path that stand for the names in its template; none where they do not fit. */
function pathParamsOf(template: string, path: string): Readonly<Record<string, string>> {
  const [names, parts] = [template.split('/'), path.split('/')];
  if (names.length !== parts.length) return {};
  const pairs = names.flatMap((name, index) => {
    const [, parameter] = /^\{([^}]+)\}$/.exec(name) ?? [];
    return parameter === undefined ? [] : [[parameter, parts[index] ?? ''] as const];
  });
  return Object.fromEntries(pairs);
}
