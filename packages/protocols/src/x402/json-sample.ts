type Schema = Readonly<Record<string, unknown>>;

const depthMax = 8;

/**
 * The smallest value that a JSON Schema is likely to take: its own example or constant where it has one, else what its type and
 * required members ask for. `definitions` are what `#/$defs/<name>` names.
 */
export function sampleOf(schema: unknown, definitions: Readonly<Record<string, unknown>> = {}): unknown {
  return sample(schema, definitions, depthMax);
}

function sample(schema: unknown, definitions: Schema, levels: number): unknown {
  if (!isSchema(schema) || levels === 0) return {};
  const given = givenIn(schema);
  if (given !== undefined) return given;
  const { $ref, allOf, anyOf, oneOf, type } = schema;
  if (typeof $ref === 'string') return sample(definitions[$ref.replace('#/$defs/', '')], definitions, levels - 1);
  const parts = [allOf, anyOf, oneOf].find(Array.isArray);
  if (parts !== undefined && schema.properties === undefined) return sample(parts[0], definitions, levels - 1);
  return ofType(Array.isArray(type) ? type[0] : type, schema, definitions, levels);
}

function ofType(type: unknown, schema: Schema, definitions: Schema, levels: number): unknown {
  switch (type) {
    case 'string':
      return 'a'.repeat(Math.min(Number(schema.minLength ?? 0), 100));
    case 'integer':
    case 'number':
      return Number(schema.minimum ?? 0);
    case 'boolean':
      return false;
    case 'array':
      return Array.from({ length: Math.min(Number(schema.minItems ?? 0), 10) }, () =>
        sample(schema.items, definitions, levels - 1),
      );
    case 'null':
      return null;
    default:
      return ofMembers(schema, definitions, levels);
  }
}

function ofMembers({ properties, required }: Schema, definitions: Schema, levels: number): unknown {
  const members = isSchema(properties) ? properties : {};
  const names = Array.isArray(required) ? required.filter((name): name is string => typeof name === 'string') : [];
  return Object.fromEntries(names.map((name) => [name, sample(members[name], definitions, levels - 1)]));
}

function givenIn({ const: constant, examples, example, default: standard, enum: choices }: Schema): unknown {
  const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined);
  return constant ?? first(examples) ?? example ?? standard ?? first(choices);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
