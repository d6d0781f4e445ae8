import { x402Client } from '@x402/core/client';
import { registerExactEvmScheme } from '@x402/evm/exact/client';
import { decodePaymentResponseHeader, wrapFetchWithPayment } from '@x402/fetch';
import { privateKeyToAccount } from 'viem/accounts';
import { agentPrivateKey, paidUrl } from './local.mjs';

const client = new x402Client();
registerExactEvmScheme(client, { signer: privateKeyToAccount(agentPrivateKey) });

const response = await wrapFetchWithPayment(fetch, client)(paidUrl);
console.log(response.status, await response.text());

const receipt = response.headers.get('payment-response');
if (receipt) console.log('receipt', decodePaymentResponseHeader(receipt));
