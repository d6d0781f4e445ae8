import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';

/** Where the types of the management API stand. They are generated, never kept. */
export const managementTypesFile = join(import.meta.dirname, 'generated', 'management.d.ts');

/** Generates the types from an OpenAPI document. Throws when openapi-typescript cannot read it. */
export async function writeManagementTypes(document: object): Promise<string> {
  const text = astToString(await openapiTS(JSON.stringify(document)));
  mkdirSync(dirname(managementTypesFile), { recursive: true });
  writeFileSync(managementTypesFile, text);
  return text;
}
