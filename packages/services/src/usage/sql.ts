/** The part of a transaction that runs SQL: what set-based ingestion and sums need beyond one row at a time. */
export interface Sql {
  $queryRawUnsafe<Rows>(statement: string, ...values: unknown[]): Promise<Rows>;
  $executeRawUnsafe(statement: string, ...values: unknown[]): Promise<number>;
}
