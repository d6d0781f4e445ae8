import { openApiDocument } from '@tollwright/api';
import { managementTypesFile, writeManagementTypes } from './management-types.ts';

// So that a checkout can be type-checked before the product has run; the stories generate anew from the running product.
await writeManagementTypes(openApiDocument('http://portal.test'));
process.stdout.write(`${managementTypesFile}\n`);
