import type { Jwk, PrivateJwk } from '@asoba/core'
import { publicJwkOf } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import type { CredentialConfiguration, IssuerServerOptions } from './types.ts'

/** A configuration with everything said. */
export interface Configuration extends CredentialConfiguration {
  readonly id: string
  readonly scope: string
  readonly holder: 'jwk' | 'bbs-commitment' | 'bearer'
}

/** The options of an issuer, looked at. */
export interface Settings {
  readonly options: IssuerServerOptions
  /** Without a slash at its end. */
  readonly url: string
  readonly haip: boolean
  readonly configurations: ReadonlyMap<string, Configuration>
  readonly batchSize: number
  readonly dpopRequired: boolean
  readonly deferredLifetime: number
  /** `alg` values of proofs, attestations and DPoP. */
  readonly algorithms: readonly string[]
  /** `alg` values of wallet attestations. */
  readonly attestationAlgorithms: readonly string[]
  readonly now: () => Date
  /** Requests are decrypted by it; the public half as published. */
  readonly encryption: { readonly publicJwk: Jwk; readonly privateJwk: PrivateJwk } | undefined
}

const required = ['url', 'configurations', 'issue', 'seal', 'offers', 'replay'] as const
const extensions: ReadonlySet<string> = new Set(['vc+jwt', 'vc+sd-jwt'])
/** RFC 6749 section 3.3. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** @throws TypeError where an option is missing or makes no sense */
export function settingsOf(options: IssuerServerOptions): Settings {
  for (const name of required) {
    if (options[name] === undefined) throw new TypeError(`an issuer server needs ${name}`)
  }
  const { url, batchSize = 1, deferredLifetime = 604_800, encryptionKey } = options
  if (!isIssuerUrl(url, options[allowInsecureLoopback] === true)) {
    throw new TypeError('url is an https URL without query and fragment')
  }
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 100) {
    throw new TypeError('batchSize is a whole number from 1 to 100')
  }
  for (const name of ['refreshLifetime', 'deferredLifetime'] as const) {
    const seconds = options[name]
    if (seconds !== undefined && !(seconds > 0)) throw new TypeError(`${name} is in seconds`)
  }
  if (options.encryptedResponses === 'required' && encryptionKey === undefined) {
    throw new TypeError('encrypted responses need an encryption key')
  }
  if (encryptionKey !== undefined && (encryptionKey.crv !== 'P-256' || !encryptionKey.kid)) {
    throw new TypeError('the encryption key is a P-256 key with kid')
  }
  const configurations = new Map(
    Object.entries(options.configurations).map(([id, each]) => [
      id,
      configurationOf(id, each, options),
    ]),
  )
  if (configurations.size === 0) throw new TypeError('an issuer server needs a configuration')
  const scopes = new Set([...configurations.values()].map(({ scope }) => scope))
  if (scopes.size < configurations.size) {
    throw new TypeError('every configuration has a scope of its own')
  }
  const haip = options.haip === true
  if (haip) checkHaip(options, configurations)
  return {
    options,
    url: url.replace(/\/+$/, ''),
    haip,
    configurations,
    batchSize,
    dpopRequired: haip || options.dpop === 'required',
    deferredLifetime,
    algorithms: haip ? ['ES256'] : ['ES256', 'EdDSA'],
    attestationAlgorithms: ['ES256'],
    now: options.now ?? (() => new Date()),
    encryption: encryptionKey && {
      publicJwk: publicEncryptionKey(encryptionKey),
      privateJwk: encryptionKey as PrivateJwk,
    },
  }
}

function publicEncryptionKey(key: Jwk & { readonly d: string }): Jwk {
  const { kty, crv, x, y } = publicJwkOf(key)
  return { kty, crv, x, y, use: 'enc', alg: 'ECDH-ES', kid: key.kid } as Jwk
}

function configurationOf(
  id: string,
  given: CredentialConfiguration,
  options: IssuerServerOptions,
): Configuration {
  const { scope = id, holder = 'jwk' } = given
  if (!scopeToken.test(scope)) throw new TypeError('a scope has no space, quote or backslash')
  if (extensions.has(given.format) && options.extensionFormats !== true) {
    throw new TypeError('vc+jwt and vc+sd-jwt are an extension, off without extensionFormats')
  }
  if (holder === 'bearer' && given.type.holderBinding === 'required') {
    throw new TypeError('this type must be bound to its holder')
  }
  if (holder === 'bbs-commitment' && given.format !== 'ldp_vc') {
    throw new TypeError('only bbs-2023 (ldp_vc) binds to a commitment')
  }
  if (
    given.keyAttestation !== undefined &&
    (options.keyAttesters === undefined || holder !== 'jwk')
  ) {
    throw new TypeError('a key attestation needs keyAttesters, and keys')
  }
  return { ...given, id, scope, holder }
}

function checkHaip(
  options: IssuerServerOptions,
  configurations: ReadonlyMap<string, Configuration>,
): void {
  const { walletAttestation, metadataSigner, authorize } = options
  if (authorize === undefined) throw new TypeError('HAIP demands the authorisation code flow')
  for (const { format, signedWith, holder } of configurations.values()) {
    if (format !== 'dc+sd-jwt' || signedWith !== 'ES256' || holder !== 'jwk') {
      throw new TypeError('HAIP issues dc+sd-jwt signed by ES256 and bound to keys')
    }
  }
  if (walletAttestation?.required !== true) throw new TypeError('HAIP demands wallet attestation')
  if (metadataSigner?.algorithm !== 'ES256' || metadataSigner.x5c === undefined) {
    throw new TypeError('HAIP demands metadata signed by ES256 with x5c')
  }
}

/** Whether it may name an issuer: https, or with the weakening plain http to this machine. */
export function isIssuerUrl(text: unknown, insecure: boolean): text is string {
  if (typeof text !== 'string' || !URL.canParse(text) || /[?#]/.test(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (insecure && protocol === 'http:' && loopback)
}
