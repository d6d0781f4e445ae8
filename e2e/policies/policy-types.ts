import assert from 'node:assert/strict';
import { done, type Management } from '../management.ts';

/** Asserts that the management API lists every policy type with a schema, in the order in which they run. */
export async function expectPolicyTypes(management: Management, wanted: readonly string[]): Promise<void> {
  const { items } = await done(management.GET('/policy-types'));
  assert.deepEqual(
    items.map(({ type }) => type),
    wanted,
  );
  for (const { type, title, levels, optionsSchema, defaults } of items) {
    assert.ok(title.length > 0 && levels.length > 0, `${type} has a title and levels`);
    const schema = optionsSchema as { type?: unknown; properties?: Record<string, { description?: unknown }> };
    assert.equal(schema.type, 'object', `${type} has a schema`);
    const properties = Object.entries(schema.properties ?? {});
    assert.ok(properties.length > 0, `the schema of ${type} has options`);
    for (const [name, { description }] of properties)
      assert.equal(typeof description, 'string', `${type}.${name} is described`);
    for (const name of Object.keys(defaults as object))
      assert.ok(schema.properties?.[name], `the default ${type}.${name} is an option`);
  }
}
