import type { RequestSchema } from '@tollwright/contracts';

type JsonObject = { readonly [name: string]: unknown };

/** What an OpenAPI 3.0 or 3.1 operation says of its requests; null when it says nothing that can be checked. */
export function readRequestSchema(document: JsonObject, pathTemplate: string, method: string): RequestSchema | null {
  const item = resolved(document, member(member(document, 'paths'), pathTemplate));
  const operation = resolved(document, member(item, method.toLowerCase()));
  if (item === null || operation === null) return null;
  const used = new Set<string>();
  const is30 = String(document.openapi).startsWith('3.0');
  const convert = (schema: unknown) => asObject(converted(schema, is30, used));
  const parameters = parametersOf(document, item, operation, convert);
  const body = bodyOf(document, operation, convert);
  if (parameters.length === 0 && body === null) return null;
  return { parameters, body, definitions: definitionsOf(document, used, convert) };
}

type Convert = (schema: unknown) => Record<string, unknown>;

function parametersOf(
  document: JsonObject,
  item: JsonObject,
  operation: JsonObject,
  convert: Convert,
): RequestSchema['parameters'] {
  const found = new Map<string, RequestSchema['parameters'][number]>();
  for (const value of [...asList(item.parameters), ...asList(operation.parameters)]) {
    const parameter = resolved(document, value);
    const { in: place, name } = parameter ?? {};
    if ((place !== 'path' && place !== 'query') || typeof name !== 'string' || !isObject(parameter?.schema)) continue;
    const required = place === 'path' || parameter.required === true;
    found.set(`${place}:${name}`, { name, in: place, required, schema: convert(parameter.schema) });
  }
  return [...found.values()];
}

function bodyOf(document: JsonObject, operation: JsonObject, convert: Convert): RequestSchema['body'] {
  const body = resolved(document, operation.requestBody);
  const media = Object.entries(asObject(body?.content)).find(([type]) =>
    /^application\/(?:[a-z0-9.+-]+\+)?json\b/i.test(type),
  );
  const schema = media === undefined ? undefined : asObject(media[1]).schema;
  return body === null || !isObject(schema) ? null : { required: body.required === true, schema: convert(schema) };
}

/** Definitions name further ones: until none is new. */
function definitionsOf(document: JsonObject, used: Set<string>, convert: Convert): RequestSchema['definitions'] {
  const schemas = asObject(member(member(document, 'components'), 'schemas'));
  const definitions: Record<string, Record<string, unknown>> = {};
  for (const name of used) {
    if (Object.hasOwn(schemas, name)) definitions[name] = convert(schemas[name]);
    else definitions[name] = {};
  }
  return definitions;
}

const SCHEMA_REF = /^#\/components\/schemas\/([^/]+)$/;

/** A schema of the document as JSON Schema 2020-12; references to other places than component schemas allow anything. */
function converted(value: unknown, is30: boolean, used: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => converted(item, is30, used));
  if (!isObject(value)) return value;
  if (typeof value.$ref === 'string') {
    const name = SCHEMA_REF.exec(value.$ref)?.[1];
    if (name === undefined) return {};
    const plain = decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~');
    used.add(plain);
    return { $ref: `#/$defs/${name}` };
  }
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === '$id' || key === '$schema' || key === '$anchor' || key === 'discriminator') continue;
    out[key] =
      key === 'enum' || key === 'const' || key === 'default' || key === 'example' || key === 'examples'
        ? item
        : converted(item, is30, used);
  }
  return is30 ? from30(out) : out;
}

/** OpenAPI 3.0 writes null and exclusive limits in its own way. */
function from30(schema: Record<string, unknown>): Record<string, unknown> {
  const { nullable, exclusiveMinimum, exclusiveMaximum, ...rest } = schema;
  if (exclusiveMinimum === true) {
    rest.exclusiveMinimum = rest.minimum;
    delete rest.minimum;
  } else if (typeof exclusiveMinimum === 'number') rest.exclusiveMinimum = exclusiveMinimum;
  if (exclusiveMaximum === true) {
    rest.exclusiveMaximum = rest.maximum;
    delete rest.maximum;
  } else if (typeof exclusiveMaximum === 'number') rest.exclusiveMaximum = exclusiveMaximum;
  if (nullable === true && typeof rest.type === 'string') {
    rest.type = [rest.type, 'null'];
    if (Array.isArray(rest.enum) && !rest.enum.includes(null)) rest.enum = [...(rest.enum as unknown[]), null];
  } else if (nullable !== undefined && typeof nullable !== 'boolean') rest.nullable = nullable;
  return rest;
}

function resolved(document: JsonObject, value: unknown): JsonObject | null {
  let target = value;
  for (let hops = 0; hops < 8; hops++) {
    if (!isObject(target)) return null;
    if (typeof target.$ref !== 'string') return target;
    if (!target.$ref.startsWith('#/')) return null;
    let next: unknown = document;
    for (const step of target.$ref.slice(2).split('/'))
      next = member(next, step.replaceAll('~1', '/').replaceAll('~0', '~'));
    target = next;
  }
  return null;
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
