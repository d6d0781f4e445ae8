/** Prefixes of public ids. An id is `<prefix>_<26 characters>`: time first, so that ids sort by creation. */
export const ID_PREFIXES = {
  user: 'usr',
  provider: 'prv',
  customer: 'cus',
  membership: 'mem',
  invitation: 'inv',
  api: 'api',
  route: 'rte',
  extractor: 'ext',
  meter: 'mtr',
  feature: 'fea',
  plan: 'pln',
  planVersion: 'plv',
  subscription: 'sub',
  project: 'prj',
  agent: 'agt',
  key: 'key',
  budget: 'bud',
  payment: 'pay',
  refund: 'rfd',
  broadcast: 'bct',
  wallet: 'wal',
  stripeAccount: 'sac',
  secret: 'sec',
  token: 'tok',
  audit: 'aud',
  outbox: 'obx',
  ledgerAccount: 'lac',
  ledgerTransfer: 'ltr',
  request: 'req',
  spool: 'spl',
  event: 'evt',
  ingestedEvent: 'iev',
  subject: 'sbj',
  notice: 'ntc',
  creditGrant: 'crg',
  creditCard: 'crd',
  topUpRule: 'tur',
  topUpCharge: 'tuc',
  incident: 'inc',
  invoice: 'ivc',
  creditNote: 'crn',
  taxRate: 'txr',
  verifiedPayer: 'vpy',
  approval: 'apv',
  costTable: 'cst',
  webhookEndpoint: 'whe',
  webhookDelivery: 'whd',
  webhookEvent: 'whv',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** Makes a sortable id from a time and 10 random bytes. Throws RangeError on fewer bytes. */
export function makeId(kind: IdKind, atMs: number, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError('an id needs 10 random bytes');
  let time = BigInt(atMs);
  let tail = '';
  for (let i = 0; i < 10; i++) {
    tail = CROCKFORD[Number(time & 31n)] + tail;
    time >>= 5n;
  }
  let bits = 0n;
  for (let i = 0; i < 10; i++) bits = (bits << 8n) | BigInt(random[i] ?? 0);
  let body = '';
  for (let i = 0; i < 16; i++) {
    body = CROCKFORD[Number(bits & 31n)] + body;
    bits >>= 5n;
  }
  return `${ID_PREFIXES[kind]}_${tail}${body}`;
}
