import { MPP_ROWS } from './mpp-rows.ts';
import type { DefectRow } from './row.ts';
import { SESSION_ROWS } from './session-rows.ts';
import { STREAM_ROWS } from './stream-rows.ts';
import { X402_ROWS } from './x402-rows.ts';

/** Every defect, in the order of docs/payments/defects.md. */
export const ROWS: readonly DefectRow[] = [...X402_ROWS, ...STREAM_ROWS, ...MPP_ROWS, ...SESSION_ROWS];
