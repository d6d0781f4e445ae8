import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from './generated/client.ts';

/** The connection pool to the control plane's tables. Queries run in a scope (tenant.ts), never on it directly. */
export type Db = PrismaClient;

/** A transaction with its scope set. */
export type Tx = Prisma.TransactionClient;

/** Opens a pool of at most `poolMax` connections. A publication needs two at once, so give at least 3. */
export function createDb(options: { readonly connectionString: string; readonly poolMax: number }): Db {
  const adapter = new PrismaPg({
    connectionString: options.connectionString,
    max: options.poolMax,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
  });
  return new PrismaClient({ adapter });
}

/** Ends every connection of the pool. */
export function closeDb(db: Db): Promise<void> {
  return db.$disconnect();
}

/** A parametrised SQL fragment for `tx.$queryRaw` and `tx.$executeRaw`; values never become text of the statement. */
export const sql = Prisma.sql;
/** Joins fragments: `joinSql(conditions, ' AND ')`. */
export const joinSql = Prisma.join;
export const emptySql = Prisma.empty;
export type Sql = Prisma.Sql;
