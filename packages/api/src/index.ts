export { fileResponse } from './file-response.ts';
export { openApiDocument } from './openapi.ts';
export { problemResponse } from './problem-response.ts';
export { handleRest, REST_ENDPOINT } from './rest.ts';
export { type AppRouter, appRouter, createCaller } from './router.ts';
export { type ApiContext, type Organization, problemOf } from './trpc.ts';
