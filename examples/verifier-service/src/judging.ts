import type { Signer } from '@asoba/core'
import type { NationTypes } from '@asoba/credentials'
import { didResolver, jwkSigner, key, webMethod } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { webvhMethod } from '@asoba/did/webvh'
import { leafSubjects, subjectKeyId, x509Keys } from '@asoba/jwt/x509'
import {
  type ClientIdentifier,
  createPresentationServer,
  type PresentationServer,
} from '@asoba/openid4vc/verifier'
import { issuerMetadata } from '@asoba/sd-jwt'
import { sdJwtVcVerifying } from '@asoba/sd-jwt/verifying'
import { httpStatusSource, snapshotSource } from '@asoba/status/token'
import { createVerifier, issuerKeys, type Verifier } from '@asoba/verifier'
import type { ServiceParts } from 'example-kit/service'
import { didWebOf, type ServiceKey, type ServiceKeys } from 'example-kit/service-keys'
import { sqlReplay } from 'example-kit/stores/replay'
import { sqlResponses } from 'example-kit/stores/responses'
import type { Settings } from './settings.ts'
import type { Trust } from './trust.ts'

/** The OpenID4VP side of the service, twice: for its pages, and for its API. */
export interface Judging {
  pages(): Promise<PresentationServer>
  api(): Promise<PresentationServer>
}

/** Where wallets find {@link Judging.pages} and {@link Judging.api}. */
export const pagesPath = '/openid4vp'
/** See {@link pagesPath}. */
export const apiPath = '/api/openid4vp'

/** A verifier whose trust may change while it runs, and the servers on it. */
export function createJudging(
  parts: ServiceParts,
  options: {
    readonly settings: Settings
    readonly trust: Trust
    readonly keys: ServiceKeys
    readonly nation: NationTypes
  },
): Judging {
  const { origin, insecure, seal, database } = parts
  const { settings, trust, keys, nation } = options
  const { offline } = settings
  const loopback = insecure ? { [allowInsecureLoopback]: true as const } : {}
  const reach = { fetch: globalThis.fetch, ...loopback }
  // HAIP 6.1.1: the anchor has no place in x5c.
  const x509 = {
    keys: x509Keys({ haip: settings.haip }),
    subjects: leafSubjects,
    keyId: subjectKeyId,
  }
  // Offline nothing that could ask the network is even there.
  const find = offline
    ? issuerKeys({ x509 })
    : issuerKeys({
        did: didResolver({ methods: [key, webMethod(reach), webvhMethod(reach)] }),
        https: issuerMetadata(reach),
        x509,
      })
  const status = offline ? snapshotSource({}) : httpStatusSource(reach)
  const replay = sqlReplay(database)
  const responses = sqlResponses(database)

  let made: { readonly version: string; readonly verifier: Verifier } | undefined
  const current = async (): Promise<Verifier> => {
    const { policy, version } = await trust.current()
    if (made?.version !== version) {
      const verifier = createVerifier({
        // Every request carries its own: the client identifier, or the origin.
        audience: origin.replace(/^http:/, 'https:'),
        types: Object.values(nation),
        issuerKeys: find,
        trust: policy,
        formats: [sdJwtVcVerifying()],
        status,
        seal,
        replay,
        clockTolerance: 60,
        maxProofAge: 300,
      })
      made = { version, verifier }
    }
    return made.verifier
  }
  const verifier: Pick<Verifier, 'request' | 'verify'> = {
    request: async (query, requestOptions) => (await current()).request(query, requestOptions),
    verify: async (presentation, request, verifyOptions) =>
      (await current()).verify(presentation, request, verifyOptions),
  }

  let servers:
    | { readonly id: string; readonly all: Promise<readonly PresentationServer[]> }
    | undefined
  const both = async (): Promise<readonly PresentationServer[]> => {
    const signing = await keys.current()
    if (servers?.id !== signing.id) servers = { id: signing.id, all: make(signing) }
    return servers.all
  }
  const make = async (signing: ServiceKey): Promise<readonly PresentationServer[]> => {
    const clientId = await clientFor(settings, origin, signing)
    const common = {
      verifier,
      clientId,
      seal,
      responses,
      ...(settings.haip && { haip: true as const }),
      ...(settings.walletUrl !== undefined && { walletUrl: settings.walletUrl }),
      ...loopback,
    }
    return [
      createPresentationServer({
        ...common,
        url: origin + pagesPath,
        returnTo: `${origin}/return`,
        origins: [origin],
      }),
      createPresentationServer({
        ...common,
        url: origin + apiPath,
        returnTo: settings.apiReturnTo ?? `${origin}/`,
        origins: settings.appOrigins,
      }),
    ]
  }
  const at = async (index: number): Promise<PresentationServer> => {
    const server = (await both())[index]
    if (server === undefined) throw new Error('there is no such server')
    return server
  }
  return { pages: () => at(0), api: () => at(1) }
}

async function clientFor(
  { clientId, certificate }: Settings,
  origin: string,
  signing: ServiceKey,
): Promise<ClientIdentifier> {
  if (clientId === 'redirect_uri') return { prefix: 'redirect_uri' }
  if (clientId === 'did') {
    const verificationMethod = `${didWebOf(origin)}#${signing.id}`
    const signer = await jwkSigner({ privateJwk: signing.privateJwk, verificationMethod })
    return { prefix: 'decentralized_identifier', signer }
  }
  if (certificate === undefined) throw new Error('settings: CERTIFICATE_FILE must be set')
  const { privateJwk, x5c } = certificate
  const signer: Signer = await jwkSigner({ privateJwk, verificationMethod: '', x5c })
  return { prefix: clientId, signer }
}
