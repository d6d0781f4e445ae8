import { generateOpenApiDocument } from 'trpc-to-openapi';
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
  '401': 'Not signed in',
  '403': 'Role or scope too low',
  '404': 'Not found, or of another organization',
  '409': 'Conflict with what is stored',
  '422': 'Some fields are not valid',
  '500': 'Failure on our side',
};

/** The OpenAPI 3.1 document of the management API, generated from the routers. */
export function openApiDocument(portalUrl: string): object {
  const document = generateOpenApiDocument(appRouter, {
    title: 'Tollwright management API',
    version: '1.0.0',
    openApiVersion: '3.1.0',
    baseUrl: `${portalUrl}${REST_ENDPOINT}`,
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A management token, twm_live_...' } },
  });
  for (const item of Object.values(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item ?? {})) describe(method, operation as Operation);
  }
  const components = { ...document.components, schemas: { ...document.components?.schemas, Problem: PROBLEM } };
  return { ...document, components };
}

interface Operation {
  security?: unknown;
  parameters?: unknown[];
  responses: Record<string, unknown>;
}

function describe(method: string, operation: Operation): void {
  for (const status of Object.keys(operation.responses)) {
    if (!status.startsWith('2')) delete operation.responses[status];
  }
  for (const [status, description] of Object.entries(ERRORS)) {
    const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
    operation.responses[status] = { description, content };
  }
  operation.security ??= [{ bearer: [] }];
  if (method !== 'post') return;
  const header = { in: 'header', name: 'Idempotency-Key', required: false, schema: { type: 'string', maxLength: 200 } };
  operation.parameters = [...(operation.parameters ?? []), header];
}
