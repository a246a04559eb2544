import { isJsonObject, type Json, type JsonObject, type Jwk, type Verified } from '@asoba/core'
import { validatePublicJwk } from '@asoba/did'
import { parseJws, verifyJwsWith } from '@asoba/jwt'
import { withoutNulls } from '../http.ts'
import { type ContentEncryption, contentEncryptions } from '../jwe.ts'
import { x509Attesters } from './attestation.ts'
import { type Endpoint, type EndpointName, endpointIn, hostsBeside } from './client-hosts.ts'
import { bad, objectsIn, type ServerDescription, textsIn } from './client-server.ts'
import { type Answer, ask, type ClientSettings, jsonOf } from './client-settings.ts'
import type { OfferedCredential } from './client-types.ts'
import { wellKnown } from './metadata.ts'
import { isIssuerUrl } from './settings.ts'

/** What an issuer says of itself, looked at. */
export interface IssuerDetails {
  readonly issuer: string
  readonly display: readonly JsonObject[]
  readonly credential: string
  readonly nonce?: string
  readonly deferred: Endpoint
  readonly notification: Endpoint
  readonly batchSize: number
  readonly encryption?: {
    readonly requestKey: Jwk
    readonly requestEnc: ContentEncryption
    readonly responseEnc: ContentEncryption
  }
  readonly configurations: ReadonlyMap<string, ConfigurationDescription>
  /** Its authorisation servers as they came; itself where it names none. */
  readonly servers: readonly Json[]
  /** Whether it names any, and requests must say whom they are for (5.1.1, 5.1.2). */
  readonly namesServers: boolean
}

/** An issuer with the authorisation server of one grant. */
export interface IssuerDescription extends IssuerDetails {
  readonly server: ServerDescription
  /** Hosts beside the issuer's own that the wallet or the browser would ask. */
  readonly asksAt: readonly string[]
}

/** An issuer with one of its servers. */
export function withServer(details: IssuerDetails, server: ServerDescription): IssuerDescription {
  const { issuer, credential, nonce, deferred, notification } = details
  const { authorization, par, token } = server
  const asksAt = hostsBeside(issuer, [
    ...[credential, nonce, deferred.address, notification.address],
    ...[server.issuer, token, authorization.address, par.address, server.challenge.address],
  ])
  return { ...details, server, asksAt }
}

/** A configuration, as far as a wallet needs it. */
export interface ConfigurationDescription extends OfferedCredential {
  readonly scope?: string
  readonly bindings: readonly string[]
  /** `proof_types_supported`; empty where nothing need be proven. */
  readonly proofTypes: JsonObject
}

/** @throws nothing; every problem is in the result */
export async function describeIssuer(
  settings: ClientSettings,
  issuer: unknown,
  signal: AbortSignal | undefined,
): Promise<Verified<{ readonly details: IssuerDetails }>> {
  const { issuers } = settings.options
  if (!isIssuerUrl(issuer, settings.insecure) || issuer.length > 2048) {
    return bad('offer.malformed', 'the issuer is no https URL without query and fragment')
  }
  if (issuers !== 'any' && !(await issuers(issuer))) {
    return bad('offer.issuer-untrusted', 'the wallet does not deal with this issuer')
  }
  const metadata = await fetchMetadata(settings, issuer, signal)
  if (!metadata.verified) return metadata
  const found = withoutNulls(metadata.document)
  // 12.2.4: the identifier is the one that the metadata were asked of
  if (found['credential_issuer'] !== issuer) {
    return bad('offer.metadata-invalid', 'the metadata are of another issuer')
  }
  return detailsOf(settings, issuer, found)
}

async function fetchMetadata(
  settings: ClientSettings,
  issuer: string,
  signal: AbortSignal | undefined,
): Promise<Verified<{ readonly document: JsonObject }>> {
  const anchors = settings.options.metadataAnchors
  const accept = anchors === undefined ? 'application/json' : 'application/jwt'
  const address = wellKnown(issuer, 'openid-credential-issuer')
  const answer = await ask(settings, address, { headers: { accept }, signal }).catch(
    () => undefined,
  )
  if (answer?.status !== 200)
    return bad('offer.unavailable', 'the issuer’s metadata cannot be fetched')
  if (anchors !== undefined) return signedDocument(settings, issuer, answer, anchors)
  const document = jsonOf(answer)
  return document === undefined
    ? bad('offer.metadata-invalid', 'the metadata are no JSON')
    : { verified: true, checks: [], document }
}

/** @see OpenID4VCI 1.0 section 12.2.3 */
async function signedDocument(
  settings: ClientSettings,
  issuer: string,
  { type, text }: Answer,
  anchors: readonly Uint8Array[],
): Promise<Verified<{ readonly document: JsonObject }>> {
  const parsed = type === 'application/jwt' ? parseJws(text, { maxLength: 2_097_152 }) : undefined
  if (parsed?.verified !== true || parsed.claims === undefined) {
    return bad('offer.metadata-invalid', 'the metadata are not signed')
  }
  const { header, claims } = parsed
  const keys = await x509Attesters({ anchors })({ x5c: header.x5c ?? [], at: settings.now() })
  if (header.typ !== 'openidvci-issuer-metadata+jwt' || !(await verifyJwsWith(parsed, keys))) {
    return bad('offer.metadata-invalid', 'the metadata are signed by nobody trusted')
  }
  const now = settings.now().getTime() / 1000
  const { sub, iat, exp } = claims
  if (sub !== issuer || typeof iat !== 'number' || iat > now + 60) {
    return bad('offer.metadata-invalid', 'the signature is for another issuer or another time')
  }
  if (exp !== undefined && !(typeof exp === 'number' && exp > now)) {
    return bad('offer.metadata-invalid', 'the signature of the metadata has expired')
  }
  return { verified: true, checks: [], document: claims }
}

function detailsOf(
  settings: ClientSettings,
  issuer: string,
  found: JsonObject,
): Verified<{ readonly details: IssuerDetails }> {
  const at = (name: EndpointName): Endpoint => endpointIn(settings, found, name, issuer)
  const credential = at('credential_endpoint')
  const nonce = at('nonce_endpoint')
  if (credential.address === undefined) return bad('offer.metadata-invalid', credential.why)
  // Without the nonce that is asked for there, no proof would be taken.
  if (nonce.address === undefined && found['nonce_endpoint'] !== undefined) {
    return bad('offer.metadata-invalid', nonce.why)
  }
  const listed = found['credential_configurations_supported']
  if (!isJsonObject(listed)) {
    return bad('offer.metadata-invalid', 'there are no credential configurations in the metadata')
  }
  const encryption = encryptionIn(found)
  if (encryption === 'unsupported') {
    return bad('offer.unsupported', 'the issuer demands an encryption that the wallet has not')
  }
  const { batch_credential_issuance: batch, display, authorization_servers } = found
  const servers = authorization_servers ?? [issuer]
  const size = isJsonObject(batch) ? batch['batch_size'] : undefined
  const deferred = at('deferred_credential_endpoint')
  const notification = at('notification_endpoint')
  const configurations = new Map(
    Object.entries(listed).flatMap(([id, each]) => {
      const read = configurationIn(id, each)
      return read === undefined ? [] : [[id, read] as const]
    }),
  )
  return {
    verified: true,
    checks: [],
    details: {
      issuer,
      display: objectsIn(display),
      credential: credential.address,
      ...(nonce.address !== undefined && { nonce: nonce.address }),
      deferred,
      notification,
      batchSize: typeof size === 'number' && Number.isInteger(size) && size > 1 ? size : 1,
      ...(encryption !== undefined && { encryption }),
      configurations,
      servers: Array.isArray(servers) ? servers : [],
      namesServers: authorization_servers !== undefined,
    },
  }
}

function configurationIn(configuration: string, value: Json): ConfigurationDescription | undefined {
  if (!isJsonObject(value) || typeof value['format'] !== 'string') return undefined
  const { format, vct, credential_definition: definition, credential_metadata: more, scope } = value
  const types = isJsonObject(definition) ? textsIn(definition['type']) : []
  const metadata = isJsonObject(more) ? more : {}
  const proofTypes = value['proof_types_supported']
  return {
    configuration,
    format,
    ...(typeof vct === 'string' && { vct }),
    ...(types.length > 0 && { types }),
    ...(typeof scope === 'string' && { scope }),
    bindings: textsIn(value['cryptographic_binding_methods_supported']),
    signedWith: textsIn(value['credential_signing_alg_values_supported']),
    display: objectsIn(metadata['display']),
    claims: objectsIn(metadata['claims']),
    proofTypes: isJsonObject(proofTypes) ? proofTypes : {},
  }
}

/** Both ways or none: a key for the answer must not go in the clear. */
function encryptionIn(found: JsonObject): IssuerDetails['encryption'] | 'unsupported' {
  const { credential_request_encryption: request, credential_response_encryption: response } = found
  const demanded = [request, response].some(
    (each) => isJsonObject(each) && each['encryption_required'] === true,
  )
  const none = demanded ? 'unsupported' : undefined
  if (!isJsonObject(request) || !isJsonObject(response)) return none
  const { jwks } = request
  const requestKey = objectsIn(isJsonObject(jwks) ? jwks['keys'] : undefined)
    .filter(({ crv, alg, use }) => crv === 'P-256' && alg === 'ECDH-ES' && (use ?? 'enc') === 'enc')
    .map((jwk) => ({ valid: validatePublicJwk(jwk), kid: jwk['kid'] }))
    .find(({ valid }) => valid !== undefined)
  const [requestEnc, responseEnc] = [request, response].map((each) => {
    const offered = textsIn(each['enc_values_supported'])
    return contentEncryptions.find((enc) => offered.includes(enc))
  })
  const agreed = textsIn(response['alg_values_supported']).includes('ECDH-ES')
  if (requestKey?.valid === undefined || !requestEnc || !responseEnc || !agreed) return none
  const { valid, kid } = requestKey
  return {
    requestKey: typeof kid === 'string' ? { ...valid, kid } : valid,
    requestEnc,
    responseEnc,
  }
}
