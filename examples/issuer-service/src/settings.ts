import { readFileSync } from 'node:fs'
import type { CredentialConfiguration } from '@asoba/openid4vc/issuer'
import type { Certified } from 'example-kit/dev-ca'
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
  /** What an offer leads to: a code that the wallet has at once, or a page to log in on. */
  readonly grant: 'pre-authorized_code' | 'authorization_code'
  /** Signs instead of the keys in the database; wallets and verifiers know the issuer by it. */
  readonly certificate: Certified | undefined
  /** DER of the anchors of wallet providers; everybody's wallets are let in when left out. */
  readonly walletAttesters: readonly Uint8Array[] | undefined
  /** DER of the anchors of those who attest keys of wallets; no attestation is taken when left out. */
  readonly keyAttesters: readonly Uint8Array[] | undefined
  /** Whether every proof must come with one, and of which level. */
  readonly keyAttestation: CredentialConfiguration['keyAttestation'] | undefined
  /** Redirect URIs that are taken beside the usual ones, compared whole. */
  readonly redirectUris: readonly string[]
  readonly haip: boolean
}

/** Reads the settings. */
export function configure(environment: Environment): Settings {
  const haip = environment.flag('HAIP')
  const certificate = environment.optional('CERTIFICATE_FILE')
  const attesters = environment.optional('WALLET_ATTESTERS')
  if (haip && (certificate === undefined || attesters === undefined)) {
    throw new Error('settings: HAIP needs CERTIFICATE_FILE and WALLET_ATTESTERS')
  }
  const keyAttesters = environment.optional('KEY_ATTESTERS')
  const keys = environment.oneOf('KEY_ATTESTATION', ['required', 'accepted'] as const, 'required')
  const keyStorage = wordsIn(environment.optional('KEY_STORAGE'))
  const userAuthentication = wordsIn(environment.optional('USER_AUTHENTICATION'))
  const redirectUris = wordsIn(environment.text('REDIRECT_URIS', 'eudi-openid4ci://authorize'))
  if (!redirectUris.every(isAppUri)) {
    throw new Error('settings: REDIRECT_URIS are URIs with the scheme of an app, without fragment')
  }
  return {
    haip,
    redirectUris,
    keyAttesters:
      keyAttesters === undefined
        ? undefined
        : certificatesIn('KEY_ATTESTERS', readFileSync(keyAttesters, 'utf8')),
    keyAttestation:
      keyAttesters === undefined || keys === 'accepted'
        ? undefined
        : {
            ...(keyStorage.length > 0 && { keyStorage }),
            ...(userAuthentication.length > 0 && { userAuthentication }),
          },
    certificate:
      certificate === undefined
        ? undefined
        : (JSON.parse(readFileSync(certificate, 'utf8')) as Certified),
    walletAttesters:
      attesters === undefined
        ? undefined
        : certificatesIn('WALLET_ATTESTERS', readFileSync(attesters, 'utf8')),
    grant: environment.oneOf(
      'GRANT',
      ['pre-authorized_code', 'authorization_code'] as const,
      haip ? 'authorization_code' : 'pre-authorized_code',
    ),
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

/** Words with white space or commas between. */
function wordsIn(text = ''): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '')
}

/** What a page of ours may lead a browser to: an app, and nothing that runs or reads a file. */
function isAppUri(text: string): boolean {
  if (!URL.canParse(text) || text.includes('#')) return false
  const never = /^(?:about|blob|data|file|filesystem|ftp|https?|javascript|vbscript|wss?):$/
  return !never.test(new URL(text).protocol)
}

/** DER of the certificates in a PEM file. */
function certificatesIn(name: string, pem: string): readonly Uint8Array[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)
  const found = [...blocks].map(([, base64 = '']) => new Uint8Array(Buffer.from(base64, 'base64')))
  if (found.length === 0) throw new Error(`settings: ${name} has no certificate in PEM`)
  return found
}
