export { type Batcher, type BatcherOptions, createBatcher, Superseded, TagRebuild } from './batcher.ts';
export type { BatcherClock } from './batcher-clock.ts';
export { keyHash } from './key-hash.ts';
export * from './port.ts';
export type { PostgresStateOptions } from './postgres/connection.ts';
export { type DatabaseRole, databaseRoles, grantLogins } from './postgres/database-logins.ts';
export { migrateState } from './postgres/migrate-state.ts';
export { createPostgresState, purgeState } from './postgres/postgres-state.ts';
