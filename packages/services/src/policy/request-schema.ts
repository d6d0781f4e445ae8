import { type PolicyConfig, type RequestSchema, requestSchema } from '@tollwright/contracts';
import { readRequestSchema } from '@tollwright/policies';
import type { JsonObject } from '../api/openapi-document.ts';

/** A route as the document knows it, with what is set for it alone. */
export interface DocumentedRoute {
  readonly method: string;
  readonly pathTemplate: string;
  readonly policies: readonly PolicyConfig[];
}

/** Whether any policy of these levels looks at what the OpenAPI operation says. */
export function readsOperation(...levels: readonly (readonly PolicyConfig[])[]): boolean {
  return levels.some((policies) => policies.some(({ type }) => type === 'request-validation'));
}

/** What the document says of a route's requests; undefined when it says nothing. Throws ZodError for more than a snapshot holds. */
export function requestSchemaOf(
  document: JsonObject,
  { method, pathTemplate }: Pick<DocumentedRoute, 'method' | 'pathTemplate'>,
): RequestSchema | undefined {
  const read = readRequestSchema(document, pathTemplate, method);
  return read === null ? undefined : requestSchema.parse(read);
}

const LISTED_CHARACTERS_MAX = 16 * 1024;

/** The same for those who only look at what can be bought; undefined where it is too much for them. */
export function listedSchemaOf(
  document: JsonObject,
  { method, pathTemplate }: Pick<DocumentedRoute, 'method' | 'pathTemplate'>,
): RequestSchema | undefined {
  const read = requestSchema.safeParse(readRequestSchema(document, pathTemplate, method));
  return read.success && JSON.stringify(read.data).length <= LISTED_CHARACTERS_MAX ? read.data : undefined;
}
