interface FieldBase {
  readonly name: string;
  readonly label: string;
  /** The option's description. */
  readonly hint: string;
  readonly required: boolean;
  /** What the option is when nobody says; undefined where there is no such thing. */
  readonly initial: unknown;
}

/** A field of a form, made from one property of a JSON Schema. What no other kind can hold is typed as JSON. */
export type OptionField = FieldBase &
  (
    | { readonly kind: 'text' | 'decimal' | 'number' | 'switch' | 'json' }
    | { readonly kind: 'choice'; readonly choices: readonly { readonly value: string; readonly label: string }[] }
    | { readonly kind: 'lines'; readonly of: 'text' | 'number' }
    | { readonly kind: 'rows'; readonly fields: readonly OptionField[] }
    | { readonly kind: 'record'; readonly of: 'text' | 'number' | 'lines' }
  );

/** The part of JSON Schema that options are written in. */
export interface OptionSchema {
  readonly type?: unknown;
  readonly title?: unknown;
  readonly description?: unknown;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly pattern?: unknown;
  readonly anyOf?: unknown;
  readonly items?: unknown;
  readonly properties?: unknown;
  readonly required?: unknown;
  readonly additionalProperties?: unknown;
  readonly default?: unknown;
  readonly [keyword: string]: unknown;
}

/** The fields of a form for an object schema, in the schema's order. */
export function fieldsOf(schema: OptionSchema): readonly OptionField[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(asSchema(schema.properties)).map(([name, property]) =>
    fieldOf(name, asSchema(property), required.includes(name)),
  );
}

/** A name as people read it: `overageUsdPerUnit` is `Overage USD per unit`, `token-bucket` is `Token bucket`. */
export function wordsOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .map((word) => ABBREVIATIONS[word.toLowerCase()] ?? word.toLowerCase())
    .join(' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

const ABBREVIATIONS: Readonly<Record<string, string>> = { usd: 'USD', ip: 'IP', id: 'ID', json: 'JSON', url: 'URL' };

function fieldOf(name: string, property: OptionSchema, required: boolean): OptionField {
  const { title, description } = property;
  const base = {
    name,
    label: typeof title === 'string' ? title : wordsOf(name),
    hint: typeof description === 'string' ? description : '',
    required,
    initial: property.default,
  };
  const schema = withoutEmpty(property);
  if (Array.isArray(schema.enum)) {
    const choices = schema.enum.map(String).map((value) => ({ value, label: wordsOf(value) }));
    return { ...base, kind: 'choice', choices };
  }
  switch (schema.type) {
    case 'boolean':
      return { ...base, kind: 'switch' };
    case 'integer':
    case 'number':
      return { ...base, kind: 'number' };
    case 'string':
      return { ...base, kind: isDigits(schema.pattern) ? 'decimal' : 'text' };
    case 'array':
      return listField(base, asSchema(schema.items));
    case 'object':
      return recordField(base, schema);
    default:
      return { ...base, kind: 'json' };
  }
}

function listField(base: FieldBase, items: OptionSchema): OptionField {
  const of = lineKind(items);
  if (of !== null) return { ...base, kind: 'lines', of };
  return items.properties === undefined
    ? { ...base, kind: 'json' }
    : { ...base, kind: 'rows', fields: fieldsOf(items) };
}

function recordField(base: FieldBase, schema: OptionSchema): OptionField {
  const values = asSchema(schema.additionalProperties);
  const of =
    lineKind(values) ?? (values.type === 'array' && lineKind(asSchema(values.items)) === 'text' ? 'lines' : null);
  return schema.properties !== undefined || of === null ? { ...base, kind: 'json' } : { ...base, kind: 'record', of };
}

function lineKind({ type }: OptionSchema): 'text' | 'number' | null {
  return type === 'string' ? 'text' : type === 'integer' || type === 'number' ? 'number' : null;
}

/** An option that may be null or an empty text is a field that may stay empty. */
function withoutEmpty(schema: OptionSchema): OptionSchema {
  if (!Array.isArray(schema.anyOf)) return schema;
  const others = schema.anyOf.map(asSchema).filter(({ type, const: fixed }) => type !== 'null' && fixed !== '');
  return others.length === 1 ? (others[0] ?? schema) : { type: 'unknown' };
}

/** Whole numbers and decimals that are written as text begin with digits and hold nothing but digits and a point. */
function isDigits(pattern: unknown): boolean {
  return typeof pattern === 'string' && /^\^\\d[^a-zA-Z]*(\\\.\\d[^a-zA-Z]*)?\$$/.test(pattern.replaceAll('(', ''));
}

function asSchema(value: unknown): OptionSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as OptionSchema) : {};
}
