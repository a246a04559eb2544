import type { Jwk } from '@asoba/core'
import { type DcqlQuery, Kms, type X509Certificate, X509KeyUsage } from '@credo-ts/core'
import type { OpenId4VpCreateAuthorizationRequestOptions } from '@credo-ts/openid4vc'
import type { Credo, Mapper } from './credo-agent.ts'

const day = 86_400_000

/** The one type of credential that the peer issues here. */
export const peerVct = 'https://peer.example/membership'

/** The configuration of {@link peerVct} in the peer's metadata. */
const configuration = {
  format: 'dc+sd-jwt' as const,
  scope: 'membership',
  vct: peerVct,
  cryptographic_binding_methods_supported: ['jwk'],
  credential_signing_alg_values_supported: ['ES256'],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
}

/** The peer as issuer: a credential for every key that was proven, signed as `didUrl` says. */
export function membershipFor(didUrl: () => string): Mapper {
  return ({ holderBinding }) => ({
    type: 'credentials',
    format: 'dc+sd-jwt',
    credentials: holderBinding.keys.map(({ jwk }) => ({
      payload: {
        vct: peerVct,
        member: true,
        given_name: 'Ales',
        exp: Math.floor((Date.now() + day) / 1000),
      },
      disclosureFrame: { _sd: ['member', 'given_name'] },
      holder: { method: 'jwk', jwk },
      issuer: { method: 'did', didUrl: didUrl() },
    })),
  })
}

/** An offer of the peer's with a pre-authorised code, and the transaction code that it wants. */
export async function credoOffers({ agent }: Credo, batchSize = 2) {
  const api = agent.openid4vc.issuer
  if (api === undefined) throw new Error('this agent is no issuer')
  const { issuerId } = await api.createIssuer({
    credentialConfigurationsSupported: { membership: configuration },
    batchCredentialIssuance: { batchSize },
    dpopSigningAlgValuesSupported: [Kms.KnownJwaSignatureAlgorithms.ES256],
  })
  const { credentialOffer, issuanceSession } = await api.createCredentialOffer({
    issuerId,
    credentialConfigurationIds: ['membership'],
    preAuthorizedCodeFlowConfig: { txCode: { length: 6, input_mode: 'numeric' } },
    version: 'v1',
  })
  return { offer: credentialOffer, txCode: issuanceSession.userPin as string }
}

/** Fresh keys of the peer's. */
export async function credoKeys({ agent }: Pick<Credo, 'agent'>, count: number) {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const { publicJwk } = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
      return Kms.PublicJwk.fromPublicJwk(publicJwk)
    }),
  )
}

/** The peer as wallet: it takes an offer up and keeps as many copies as it may have. */
export async function credoReceives({ agent }: Credo, offer: string, txCode?: string) {
  const { holder } = agent.openid4vc
  const resolvedCredentialOffer = await holder.resolveCredentialOffer(offer)
  const token = await holder.requestToken({
    resolvedCredentialOffer,
    ...(txCode !== undefined && { txCode }),
  })
  const { credentials } = await holder.requestCredentials({
    resolvedCredentialOffer,
    ...token,
    credentialBindingResolver: async ({ issuerMaxBatchSize }) => ({
      method: 'jwk',
      keys: await credoKeys({ agent }, issuerMaxBatchSize),
    }),
  })
  for (const { record } of credentials) {
    if (record.type !== 'SdJwtVcRecord') throw new Error('only SD-JWT VCs are kept here')
    await agent.sdJwtVc.store({ record: record as never })
  }
  return credentials
}

/** A request of the peer's as verifier, and what it holds of the answer. */
export async function credoAsks(
  { agent }: Credo,
  requestSigner: OpenId4VpCreateAuthorizationRequestOptions['requestSigner'],
  query: DcqlQuery,
  more: Partial<OpenId4VpCreateAuthorizationRequestOptions> = {},
) {
  const api = agent.openid4vc.verifier
  if (api === undefined) throw new Error('this agent is no verifier')
  const { verifierId } = await api.createVerifier()
  const { authorizationRequest, verificationSession } = await api.createAuthorizationRequest({
    verifierId,
    requestSigner,
    dcql: { query },
    responseMode: 'direct_post.jwt',
    version: 'v1',
    ...more,
  })
  const { id } = verificationSession
  return {
    link: authorizationRequest,
    judged: () => api.getVerifiedAuthorizationResponse(id),
    session: () => api.getVerificationSessionById(id),
  }
}

/** What else the peer's wallet is told. */
export interface Answering {
  /** Certificates (base64) that it trusts verifiers by. */
  readonly anchors?: readonly string[]
  /** Origin of the page, where the request came by the Digital Credentials API. */
  readonly origin?: string
  /** Changes a request before it is answered. */
  readonly change?: (request: Record<string, unknown>) => void
}

/** The peer as wallet: it answers a request with whatever satisfies it. */
export async function credoAnswers(
  { agent }: Credo,
  asked: string | Record<string, unknown>,
  { anchors = [], origin, change }: Answering = {},
) {
  const { holder } = agent.openid4vc
  const request = await holder.resolveOpenId4VpAuthorizationRequest(asked, {
    ...(anchors.length > 0 && { trustedCertificates: [...anchors] }),
    ...(origin !== undefined && { origin }),
  })
  if (request.dcql === undefined) throw new Error('the request has no query')
  const credentials = holder.selectCredentialsForDcqlRequest(request.dcql.queryResult)
  const transactionData = request.transactionData?.map(
    ({ matchedCredentialIds: [credentialId] }) => {
      if (credentialId === undefined) throw new Error('nothing can authorise the transaction')
      return { credentialId }
    },
  )
  const { authorizationRequestPayload } = request
  change?.(authorizationRequestPayload)
  return holder.acceptOpenId4VpAuthorizationRequest({
    authorizationRequestPayload,
    dcql: { credentials },
    ...(transactionData !== undefined && { transactionData }),
    ...(origin !== undefined && { origin }),
  })
}

/**
 * Certificates of the peer's make: an anchor, and a leaf below it for hosts of this machine, of the
 * peer's key or of ours.
 */
export async function credoCertificates({ agent }: Credo, ours?: Jwk) {
  const keyOf = async () => {
    const { publicJwk } = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
    return Kms.PublicJwk.fromPublicJwk(publicJwk)
  }
  const authorityKey = await keyOf()
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) }
  const issuer = { countryName: 'BY', commonName: 'Peer CA' }
  const anchor = await agent.x509.createCertificate({
    authorityKey,
    issuer,
    validity,
    extensions: {
      basicConstraints: { ca: true },
      subjectKeyIdentifier: { include: true },
      keyUsage: { usages: [X509KeyUsage.KeyCertSign] },
    },
  })
  const subjectPublicKey =
    ours === undefined
      ? await keyOf()
      : Kms.PublicJwk.fromPublicJwk({ ...ours } as Kms.KmsJwkPublicEc)
  const leaf = await agent.x509.createCertificate({
    authorityKey,
    subjectPublicKey,
    issuer,
    subject: { countryName: 'BY', commonName: 'Peer verifier' },
    validity,
    extensions: {
      authorityKeyIdentifier: { include: true },
      subjectAlternativeName: {
        name: [
          { type: 'dns', value: 'localhost' },
          { type: 'dns', value: '127.0.0.1' },
        ],
      },
    },
  })
  if (ours === undefined) leaf.keyId = subjectPublicKey.keyId
  return { anchor: anchor.toString('base64'), leaf: leaf as X509Certificate }
}
