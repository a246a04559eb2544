import type { JsonObject } from '@asoba/core'
import { answer, json, preflight, Refusal, refusalAnswer } from './answers.ts'
import { challengeEndpoint } from './attestation.ts'
import { approve, authorizeEndpoint, deny, pushEndpoint } from './authorize.ts'
import {
  credentialEndpoint,
  deferredEndpoint,
  nonceEndpoint,
  notificationEndpoint,
} from './credential.ts'
import {
  issuerMetadata,
  paths,
  serverMetadata,
  signedMetadata,
  wellKnown,
  wellKnownBehind,
} from './metadata.ts'
import { createOffer, readOffer } from './offer.ts'
import { type Settings, settingsOf } from './settings.ts'
import { tokenEndpoint } from './token.ts'
import type { IssuerServer, IssuerServerOptions } from './types.ts'

/**
 * The issuer's side of OpenID4VCI 1.0, with the authorisation server that it needs. It keeps no
 * session and no person: codes, tokens, nonces and what is deferred are sealed into what it hands
 * out; the stores hold pre-authorised codes (as hashes, with what they stand for encrypted to the
 * code itself) and marks of what was used. Replicas with one seal key and one store are one server.
 *
 * @throws TypeError where an option is missing or makes no sense
 * @see https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html
 */
export function createIssuerServer(options: IssuerServerOptions): IssuerServer {
  const settings = settingsOf(options)
  const metadata = issuerMetadata(settings)
  const authorizationServerMetadata = serverMetadata(settings)
  const routes = routesOf(settings, { metadata, authorizationServerMetadata })
  return {
    handle: async (request) => {
      try {
        return await route(routes, request)
      } catch (error) {
        if (error instanceof Refusal) return refusalAnswer(error)
        options.failed?.(error)
        // The store, the signer or `issue`: not the wallet's fault, and nothing that it should read about.
        return refusalAnswer(
          new Refusal('temporarily_unavailable', 'try again later', { status: 503 }),
        )
      }
    },
    createOffer: (input) => createOffer(settings, input),
    approve: (interaction, decision) => approve(settings, interaction, decision),
    deny: (interaction) => deny(settings, interaction),
    metadata,
    authorizationServerMetadata,
  }
}

interface Route {
  readonly method: 'GET' | 'POST'
  /** It may be asked for without its body (RFC 9110 section 9.3.2). */
  readonly document?: true
  readonly run: (request: Request) => Promise<Response>
}

type Routes = (path: string) => Route | undefined

function routesOf(
  settings: Settings,
  documents: { readonly metadata: JsonObject; readonly authorizationServerMetadata: JsonObject },
): Routes {
  const { options, url } = settings
  const { metadata, authorizationServerMetadata } = documents
  const base = new URL(url).pathname.replace(/\/+$/, '')
  const pathOf = (name: string): string => new URL(wellKnown(url, name)).pathname
  const pathBehind = (name: string): string => new URL(wellKnownBehind(url, name)).pathname
  const post = (run: (settings: Settings, request: Request) => Promise<Response>): Route => ({
    method: 'POST',
    run: (request) => run(settings, request),
  })
  const issuer: Route = {
    method: 'GET',
    document: true,
    run: (request) => sendMetadata(settings, metadata, request),
  }
  const server: Route = {
    method: 'GET',
    document: true,
    run: async () => json(authorizationServerMetadata),
  }
  const fixed = new Map<string, Route>([
    // Before the path where 1.0 has them, behind it where drafts had them.
    ...[pathOf, pathBehind].flatMap((place): readonly [string, Route][] => [
      [place('openid-credential-issuer'), issuer],
      [place('oauth-authorization-server'), server],
    ]),
    [base + paths.nonce, post(nonceEndpoint)],
    [base + paths.token, post(tokenEndpoint)],
    [base + paths.credential, post(credentialEndpoint)],
    [base + paths.deferred, post(deferredEndpoint)],
  ])
  if (options.walletAttestation) fixed.set(base + paths.challenge, post(challengeEndpoint))
  if (options.notified) fixed.set(base + paths.notification, post(notificationEndpoint))
  if (options.authorize) {
    fixed.set(base + paths.par, post(pushEndpoint))
    fixed.set(base + paths.authorize, {
      method: 'GET',
      run: (request) => authorizeEndpoint(settings, request),
    })
  }
  const offer = base + paths.offer
  return (path) =>
    fixed.get(path) ??
    (path.startsWith(offer)
      ? { method: 'GET', document: true, run: () => sendOffer(settings, path.slice(offer.length)) }
      : undefined)
}

async function route(routes: Routes, request: Request): Promise<Response> {
  const found = routes(new URL(request.url).pathname)
  if (found === undefined) {
    throw new Refusal('invalid_request', 'there is nothing here', { status: 404 })
  }
  if (request.method === 'OPTIONS') return preflight()
  if (request.method === 'HEAD' && found.document) {
    const { status, headers } = await found.run(request)
    return new Response(null, { status, headers })
  }
  if (request.method !== found.method) {
    throw new Refusal('invalid_request', 'use another method', {
      status: 405,
      headers: { allow: found.document ? 'GET, HEAD' : found.method },
    })
  }
  return found.run(request)
}

/** @see OpenID4VCI 1.0 section 12.2.2 */
async function sendMetadata(
  settings: Settings,
  metadata: JsonObject,
  request: Request,
): Promise<Response> {
  const { metadataSigner } = settings.options
  const accepted = (request.headers.get('accept') ?? '').toLowerCase()
  if (metadataSigner === undefined || !accepted.includes('application/jwt')) return json(metadata)
  const jwt = await signedMetadata(settings, metadata, metadataSigner)
  return answer(200, jwt, { 'content-type': 'application/jwt', vary: 'accept' })
}

/** @see OpenID4VCI 1.0 section 4.1.3 */
async function sendOffer(settings: Settings, id: string): Promise<Response> {
  const offer = /^[\w-]{43}$/.test(id) ? await readOffer(settings, id) : undefined
  if (offer?.['credential_issuer'] === undefined) {
    throw new Refusal('invalid_request', 'the offer is not known or over', { status: 404 })
  }
  return json(offer)
}
