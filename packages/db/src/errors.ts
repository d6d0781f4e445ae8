import { Prisma } from './generated/client.ts';

/** True when a row with the same unique value is already there. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === 'P2002' || (error.code === 'P2010' && error.message.includes('23505'));
}

/** True when PostgreSQL refused the values themselves (data exceptions, constraints): asking again will not help. */
export function isDataError(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && /^P20(02|03|10)$/.test(error.code)
    ? error.code !== 'P2010' || /\b(22|23)[0-9A-Z]{3}\b/.test(rawCode(error))
    : false;
}

function rawCode(error: Prisma.PrismaClientKnownRequestError): string {
  return /Code: `([0-9A-Z]{5})`/.exec(error.message)?.[1] ?? '';
}
