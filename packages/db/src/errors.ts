import { Prisma } from './generated/client.ts';

/** True when a row with the same unique value is already there. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === 'P2002' || (error.code === 'P2010' && error.message.includes('23505'));
}
