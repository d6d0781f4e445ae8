// Stands in for the types of Next in tsconfig.check.json. A library that packages/api uses pulls them in, and they
// would make NODE_ENV a required member of every environment that any package passes to a child process.
export type NextApiRequest = never;
export type NextApiResponse = never;
