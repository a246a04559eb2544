import type { Environment } from 'example-kit/environment'

/** What this issuer is told besides the common settings; see `.env.example`. */
export interface Settings {
  readonly nationOrigin: string
  /** Officer's name to what `hash-password.ts` made. */
  readonly officers: Readonly<Record<string, string>> | undefined
  readonly validityDays: number
  readonly batchSize: number
  readonly statusSize: number
  readonly statusTtl: number
  /** Whether a code must come by another way than the QR code. */
  readonly transactionCode: boolean
  /** Days that a wallet may renew what it has without an officer; none when 0. */
  readonly refreshDays: number
}

/** Reads the settings. */
export function configure(environment: Environment): Settings {
  return {
    nationOrigin: environment.text('NATION_ORIGIN', 'https://nation.example'),
    officers: environment.json('OFFICERS') as Settings['officers'],
    validityDays: environment.number('VALIDITY_DAYS', 90),
    batchSize: environment.number('BATCH_SIZE', 10),
    statusSize: environment.number('STATUS_SIZE', 131_072),
    statusTtl: environment.number('STATUS_TTL', 300),
    refreshDays: environment.number('REFRESH_DAYS', 30),
    transactionCode: environment.oneOf('TRANSACTION_CODE', ['0', '1'] as const, '1') === '1',
  }
}
