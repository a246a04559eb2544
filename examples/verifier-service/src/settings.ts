import { readFileSync } from 'node:fs'
import type { Jwk, PrivateJwk } from '@asoba/core'
import type { TrustedIssuerName } from '@asoba/verifier'
import type { Environment } from 'example-kit/environment'

/** Who publishes the trust list, and the keys that may have signed it. */
export interface Publisher {
  readonly id: string
  readonly keys: readonly Jwk[]
}

/** What this verifier is told besides the common settings; see `.env.example`. */
export interface Settings {
  readonly nationOrigin: string
  /** Short name of a type to the issuers trusted for it. */
  readonly trusted: Readonly<Record<string, readonly TrustedIssuerName[]>>
  readonly publisher: Publisher | undefined
  readonly offline: boolean
  readonly haip: boolean
  readonly clientId: 'did' | 'x509_san_dns' | 'x509_hash' | 'redirect_uri'
  readonly certificate:
    | { readonly privateJwk: PrivateJwk; readonly x5c: readonly string[] }
    | undefined
  readonly walletUrl: string | undefined
  readonly adminToken: string | undefined
  readonly apiToken: string | undefined
  readonly apiReturnTo: string | undefined
  /** Origins of the partner's apps and pages that ask through the platform, as it says them. */
  readonly appOrigins: readonly string[]
  readonly webhook: { readonly url: string; readonly secret: Uint8Array } | undefined
}

/** Reads the settings. */
export function configure(environment: Environment): Settings {
  const trusted = trustedOf(environment.json('TRUSTED_ISSUERS') ?? {})
  const publisher = environment.json('TRUST_PUBLISHER') as Publisher | undefined
  const file = environment.optional('CERTIFICATE_FILE')
  const webhookUrl = environment.optional('WEBHOOK_URL')
  const webhookSecret = environment.key('WEBHOOK_SECRET')
  const haip = environment.flag('HAIP')
  const clientId = environment.oneOf(
    'CLIENT_ID',
    ['did', 'x509_san_dns', 'x509_hash', 'redirect_uri'] as const,
    haip ? 'x509_hash' : 'did',
  )
  if (clientId.startsWith('x509') && file === undefined) {
    throw new Error('settings: CERTIFICATE_FILE must be set for an x509 client identifier')
  }
  if ((webhookUrl === undefined) !== (webhookSecret === undefined)) {
    throw new Error('settings: WEBHOOK_URL and WEBHOOK_SECRET go together')
  }
  return {
    nationOrigin: environment.text('NATION_ORIGIN', 'https://nation.example'),
    trusted,
    publisher,
    offline: environment.flag('OFFLINE'),
    haip,
    clientId,
    certificate:
      file === undefined
        ? undefined
        : (JSON.parse(readFileSync(file, 'utf8')) as Settings['certificate']),
    walletUrl: environment.optional('WALLET_URL'),
    adminToken: environment.optional('ADMIN_TOKEN'),
    apiToken: environment.optional('API_TOKEN'),
    apiReturnTo: environment.optional('API_RETURN_TO'),
    appOrigins: (environment.optional('APP_ORIGINS') ?? '')
      .split(/\s+/)
      .filter((one) => one !== ''),
    webhook:
      webhookUrl !== undefined && webhookSecret !== undefined
        ? { url: webhookUrl, secret: webhookSecret }
        : undefined,
  }
}

interface Certified {
  readonly issuer: string
  /** base64 DER. */
  readonly anchors: readonly string[]
}

/** A DID or an https address; with `anchors` one that is known by its certificate. */
function trustedOf(value: unknown): Settings['trusted'] {
  const given = value as Readonly<Record<string, readonly (string | Certified)[]>>
  return Object.fromEntries(
    Object.entries(given).map(([type, issuers]) => [
      type,
      issuers.map((each) =>
        typeof each === 'string'
          ? each
          : {
              issuer: each.issuer,
              mechanism: 'x509' as const,
              anchors: each.anchors.map((der) => new Uint8Array(Buffer.from(der, 'base64'))),
            },
      ),
    ]),
  )
}
