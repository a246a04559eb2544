import type { Json, JsonObject, Signer } from '@asoba/core'
import { signJws } from '@asoba/jwt'
import { contentEncryptions } from '../jwe.ts'
import type { Configuration, Settings } from './settings.ts'

/** Our proof type for bbs-2023. @see spec/openid4vci-profile.md */
export const commitmentProofType = 'asoba_bbs_commitment'

/** Where what is. */
export const paths = {
  authorize: '/authorize',
  challenge: '/challenge',
  credential: '/credential',
  deferred: '/deferred',
  nonce: '/nonce',
  notification: '/notification',
  offer: '/offer/',
  par: '/par',
  token: '/token',
} as const

/** `/.well-known/<name>` between host and path. @see OpenID4VCI 1.0 section 12.2.2, RFC 8414 section 3 */
export function wellKnown(issuer: string, name: string): string {
  const { origin, pathname } = new URL(issuer)
  return `${origin}/.well-known/${name}${pathname.replace(/\/+$/, '')}`
}

/** `/.well-known/<name>` behind the path, as OpenID Connect Discovery and drafts have it. */
export function wellKnownBehind(issuer: string, name: string): string {
  const { origin, pathname } = new URL(issuer)
  return `${origin}${pathname.replace(/\/+$/, '')}/.well-known/${name}`
}

/** The credential issuer metadata. @see OpenID4VCI 1.0 section 12.2.4 */
export function issuerMetadata(settings: Settings): JsonObject {
  const { url, options, batchSize, configurations, encryption } = settings
  const encrypted = options.encryptedResponses === 'required'
  const enc = [...contentEncryptions]
  return {
    credential_issuer: url,
    credential_endpoint: `${url}${paths.credential}`,
    nonce_endpoint: `${url}${paths.nonce}`,
    deferred_credential_endpoint: `${url}${paths.deferred}`,
    ...(options.notified && { notification_endpoint: `${url}${paths.notification}` }),
    ...(encryption && {
      credential_request_encryption: {
        jwks: { keys: [encryption.publicJwk as unknown as JsonObject] },
        enc_values_supported: enc,
        encryption_required: encrypted,
      },
      credential_response_encryption: {
        alg_values_supported: ['ECDH-ES'],
        enc_values_supported: enc,
        encryption_required: encrypted,
      },
    }),
    ...(batchSize > 1 && { batch_credential_issuance: { batch_size: batchSize } }),
    ...(options.display && { display: [...options.display] }),
    credential_configurations_supported: Object.fromEntries(
      [...configurations.values()].map((each) => [each.id, configurationMetadata(settings, each)]),
    ),
  }
}

function configurationMetadata(settings: Settings, configuration: Configuration): JsonObject {
  const { format, type, scope, signedWith, holder } = configuration
  const vcdm = format !== 'dc+sd-jwt'
  return {
    format,
    scope,
    ...(vcdm
      ? {
          credential_definition: {
            ...(format === 'ldp_vc' && { '@context': [...type.contexts] }),
            type: [...type.types],
          },
        }
      : { vct: type.vct }),
    credential_signing_alg_values_supported: [signedWith],
    ...(holder !== 'bearer' && {
      cryptographic_binding_methods_supported: bindingMethods(configuration),
      proof_types_supported: proofTypes(settings, configuration),
    }),
    credential_metadata: {
      ...(configuration.display && { display: [...configuration.display] }),
      claims: type.claims.map(({ path, mandatory, label }) => ({
        path: vcdm ? ['credentialSubject', ...path] : [...path],
        mandatory,
        display: Object.entries(label).map(([locale, name]): Json => ({ name, locale })),
      })),
    },
  }
}

/** How keys may be named in proofs. */
export function bindingMethods({ holder, format }: Configuration): string[] {
  if (holder === 'bbs-commitment') return [commitmentProofType]
  return format === 'dc+sd-jwt' || format === 'vc+sd-jwt' ? ['jwk'] : ['jwk', 'did:jwk', 'did:key']
}

function proofTypes(settings: Settings, configuration: Configuration): JsonObject {
  if (configuration.holder === 'bbs-commitment') {
    return { [commitmentProofType]: { proof_signing_alg_values_supported: ['bbs-2023'] } }
  }
  const { keyAttestation } = configuration
  const algorithms = { proof_signing_alg_values_supported: [...settings.algorithms] }
  const demanded = { key_attestations_required: levelsOf(keyAttestation) }
  return {
    // 12.2.4: where none is required, it must not be there
    jwt: { ...algorithms, ...(keyAttestation && demanded) },
    // An attestation is what this type is made of, so it is always required.
    ...(settings.options.keyAttesters && { attestation: { ...algorithms, ...demanded } }),
  }
}

function levelsOf(demanded: Configuration['keyAttestation'] = {}): JsonObject {
  const { keyStorage, userAuthentication } = demanded
  return {
    ...(keyStorage && { key_storage: [...keyStorage] }),
    ...(userAuthentication && { user_authentication: [...userAuthentication] }),
  }
}

/** The authorisation server metadata. @see RFC 8414 section 2 */
export function serverMetadata(settings: Settings): JsonObject {
  const { url, options, algorithms, configurations } = settings
  const { walletAttestation, authorize, refreshLifetime } = options
  const methods = [
    ...(walletAttestation === undefined ? [] : ['attest_jwt_client_auth']),
    ...(walletAttestation?.required === true ? [] : ['none']),
  ]
  return {
    issuer: url,
    token_endpoint: `${url}${paths.token}`,
    token_endpoint_auth_methods_supported: methods,
    ...(walletAttestation && {
      challenge_endpoint: `${url}${paths.challenge}`,
      client_attestation_signing_alg_values_supported: [...settings.attestationAlgorithms],
      client_attestation_pop_signing_alg_values_supported: [...settings.attestationAlgorithms],
    }),
    grant_types_supported: [
      preAuthorizedCode,
      ...(authorize ? ['authorization_code'] : []),
      ...(refreshLifetime === undefined ? [] : ['refresh_token']),
    ],
    'pre-authorized_grant_anonymous_access_supported': walletAttestation?.required !== true,
    dpop_signing_alg_values_supported: [...algorithms],
    scopes_supported: [...configurations.values()].map(({ scope }) => scope),
    authorization_details_types_supported: ['openid_credential'],
    // RFC 8414 section 3.2: what has no elements is left out
    ...(authorize && {
      response_types_supported: ['code'],
      authorization_endpoint: `${url}${paths.authorize}`,
      pushed_authorization_request_endpoint: `${url}${paths.par}`,
      require_pushed_authorization_requests: true,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      response_modes_supported: ['query'],
    }),
  }
}

/** Grant type of pre-authorised codes. */
export const preAuthorizedCode = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** The metadata, signed. @see OpenID4VCI 1.0 section 12.2.3 */
export async function signedMetadata(
  settings: Settings,
  metadata: JsonObject,
  signer: Signer,
): Promise<string> {
  const iat = Math.floor(settings.now().getTime() / 1000)
  const { x5c, verificationMethod } = signer
  const header = {
    typ: 'openidvci-issuer-metadata+jwt',
    ...(x5c === undefined ? { kid: verificationMethod } : { x5c: [...x5c] }),
  }
  return signJws(
    header,
    { ...metadata, iss: settings.url, sub: settings.url, iat, exp: iat + 86_400 },
    signer,
  )
}
