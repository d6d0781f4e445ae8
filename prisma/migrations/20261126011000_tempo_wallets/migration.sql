-- What payments to a wallet are made with: token authorizations (x402, and MPP's method evm), or Tempo's own transactions.
ALTER TABLE "wallet" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'x402';
ALTER TABLE "wallet" ADD CONSTRAINT wallet_of_a_kind CHECK (kind IN ('x402', 'tempo'));
