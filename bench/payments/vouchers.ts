import { recoverSigner, tempoChannelReserve, voucherDigest } from '@tollwright/protocols';
import { loadMppx, TEMPO_CHAIN_ID } from '@tollwright/testing';
import { bytesToHex } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import type { Subject } from './rates.ts';

const VOUCHERS = 256;

/** Judging a voucher's signature, here and by mppx. All are good and all are different. */
export async function voucherSubjects(): Promise<readonly Subject[]> {
  const { privateKeyToAccount, Session } = await loadMppx();
  const { signVoucher, verifyVoucher } = Session.Precompile.Voucher;
  const payer = privateKeyToAccount(generatePrivateKey());
  const channelId = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  const vouchers = await Promise.all(
    Array.from({ length: VOUCHERS }, async (_, index) => {
      const voucher = { channelId, cumulativeAmount: BigInt(index + 1) * 10_000n };
      const signature = await signVoucher(null, payer, voucher, tempoChannelReserve, TEMPO_CHAIN_ID);
      return { ...voucher, signature };
    }),
  );
  const at = (turn: number) => vouchers[turn % VOUCHERS] as (typeof vouchers)[number];
  const judge = (name: string, isGood: (turn: number) => boolean): Subject => ({
    name,
    work(turn) {
      if (!isGood(turn)) throw new Error(`${name}: a voucher is refused`);
    },
  });
  return [
    judge('tollwright, voucher', (turn) => {
      const voucher = at(turn);
      const signer = recoverSigner(voucherDigest(BigInt(TEMPO_CHAIN_ID), voucher), voucher.signature);
      return signer?.toLowerCase() === payer.address.toLowerCase();
    }),
    judge('mppx, voucher', (turn) => verifyVoucher(tempoChannelReserve, TEMPO_CHAIN_ID, at(turn), payer.address)),
  ];
}
