import { generateOpenApiDocument } from 'trpc-to-openapi';
import { fileTypeOf, wholeBodyOf } from './operation.ts';
import { REST_ENDPOINT } from './rest.ts';
import { appRouter } from './router.ts';

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457 problem. `type` is the address of a page that explains it.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'requestId', 'hint'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    requestId: { type: 'string' },
    hint: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
  additionalProperties: true,
} as const;

const ERRORS: Readonly<Record<string, string>> = {
  '400': 'Cannot be read',
  '401': 'Not signed in',
  '403': 'Role or scope too low',
  '404': 'Not found, or of another organization',
  '409': 'Conflict with what is stored',
  '413': 'Body too large',
  '415': 'Not application/json',
  '422': 'Some fields are not valid',
  '500': 'Failure on our side',
};
const OF_BODIES = new Set(['413', '415']);

const DESCRIPTION = `Speaks for the provider or the agent owner whose token is sent as \`Authorization: Bearer\`.
The scope \`read\` opens what shows something, \`write\` what changes something.

- **Lists** answer \`{ items, nextCursor }\`. Send \`nextCursor\` as \`cursor\` until it is null.
- **Repeating a POST**: under the same \`Idempotency-Key\` the request runs once and its answer is given again, refusals
  included; only a failure on our side (5xx) may be tried again. The key with another path or body is 409
  \`idempotency-mismatch\`; while the first request runs, a second one is 409 \`conflict\`. A key belongs to its token.
- **Refusals** are RFC 9457 problems. A 422 lists every error in \`errors\`.
- **Unknown members** of a query or of the top of a body are refused; deeper ones are ignored.
- **Lists in a query** are repeated, records are \`name[key]=value\`.
- **Money** is nano-dollars as a decimal string, time is ISO 8601 in UTC.`;

const IDEMPOTENCY_KEY = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  description: 'Makes the request run once, however often it is sent',
  schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' },
} as const;

/** The OpenAPI 3.1 document of the management API, generated from the routers. */
export function openApiDocument(portalUrl: string): object {
  const document = generateOpenApiDocument(appRouter, {
    title: 'Tollwright management API',
    version: '1.0.0',
    description: DESCRIPTION,
    openApiVersion: '3.1.0',
    baseUrl: `${portalUrl}${REST_ENDPOINT}`,
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A management token, twm_live_...' } },
  });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item ?? {})) describe(method, path, operation as Operation);
  }
  const components = { ...document.components, schemas: { ...document.components?.schemas, Problem: PROBLEM } };
  return { ...document, components };
}

const FILE: Schema = { type: 'string', format: 'binary' };

interface Schema {
  readonly type?: string;
  readonly format?: string;
  additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Operation {
  security?: unknown;
  parameters?: { in?: string; schema?: Schema; style?: string; explode?: boolean }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema: Schema }> }>;
}

function describe(method: string, path: string, operation: Operation): void {
  const takesBody = operation.requestBody !== undefined;
  for (const status of Object.keys(operation.responses)) {
    if (!status.startsWith('2')) delete operation.responses[status];
  }
  const fileType = fileTypeOf(method.toUpperCase(), path);
  if (fileType === null) describeEmpty(operation);
  else operation.responses['200'] = { description: 'A file', content: { [fileType]: { schema: FILE } } };
  for (const [status, description] of Object.entries(ERRORS)) {
    if (OF_BODIES.has(status) && !takesBody) continue;
    const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } as Schema } };
    operation.responses[status] = { description, content };
  }
  operation.security ??= [{ bearer: [] }];
  describeBody(method, path, operation);
  for (const parameter of operation.parameters ?? []) {
    if (parameter.schema?.type === 'object') Object.assign(parameter, { style: 'deepObject', explode: true });
  }
  if (method === 'post') operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
}

/** What answers nothing has no content. */
function describeEmpty({ responses }: Operation): void {
  const schema = responses['200']?.content?.['application/json']?.schema;
  if (schema === undefined || Object.keys(schema).length > 0) return;
  delete responses['200'];
  responses['204'] = { description: 'Done' };
}

function describeBody(method: string, path: string, { requestBody }: Operation): void {
  const schema = requestBody?.content['application/json']?.schema;
  if (requestBody === undefined || schema === undefined) return;
  const wholeBody = wholeBodyOf(method.toUpperCase(), path);
  if (wholeBody === null) {
    schema.additionalProperties = false;
    return;
  }
  const list = schema.properties?.[wholeBody.member] ?? {};
  const either = { schema: { oneOf: [list, list.items ?? {}] } as Schema };
  requestBody.content = Object.fromEntries(['application/json', ...wholeBody.mediaTypes].map((type) => [type, either]));
}
