import type { Json, JsonObject, Signer } from '@asoba/core'
import { addProof, createJsonLd, eddsaRdfc2022 } from '@asoba/data-integrity'
import { createKey, didKeyOf, jwkSigner } from '@asoba/did'
import { afterAll, beforeAll } from 'vitest'
import { examplesContext } from '../src/contexts.ts'
import type { LogLine } from '../src/router.ts'
import { type Running, type ServerOptions, startServer } from '../src/server.ts'

export const base = 'https://www.w3.org/ns/credentials/v2'

/** A credential that every issuer may issue: of the data model alone. */
export const unsigned = {
  '@context': [base],
  type: ['VerifiableCredential'],
  credentialSubject: { id: 'did:example:alesia', name: 'Alesia', description: 'Sails' },
} as const satisfies JsonObject

/** What the server answered. */
export interface Answer {
  readonly status: number
  readonly type: string | null
  readonly body: JsonObject
  readonly headers: Headers
}

/** A server for the tests of one file, over real HTTP. */
export interface TestServer {
  readonly log: LogLine[]
  url(path: string): string
  get(path: string, accept?: string): Promise<Answer>
  post(path: string, body: Json, init?: RequestInit): Promise<Answer>
  /** Issues by one issuer of the server. */
  issue(name: string, credential?: JsonObject, options?: JsonObject): Promise<Answer>
}

/** Starts the server before the tests of a file and stops it after them. */
export function testServer(options: Partial<ServerOptions> = {}): TestServer {
  const log: LogLine[] = []
  let running: Running | undefined
  beforeAll(async () => {
    running = await startServer({
      host: '127.0.0.1',
      port: 0,
      trust: 'any',
      network: false,
      contexts: [],
      log: (line) => log.push(line),
      ...options,
    })
  })
  afterAll(() => running?.close())
  const url = (path: string) => `${running?.base}${path}`
  const post = (path: string, body: Json, init: RequestInit = {}) =>
    ask(url(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...init,
    })
  return {
    log,
    url,
    get: (path, accept = '*/*') => ask(url(path), { headers: { accept } }),
    post,
    issue: (name, credential = unsigned, asked = {}) =>
      post(`/issuers/${name}/credentials/issue`, { credential, options: asked }),
  }
}

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  const { status, headers } = response
  const body = (text === '' ? {} : JSON.parse(text)) as JsonObject
  return { status, type: headers.get('content-type'), body, headers }
}

/** Codes of all problems that an answer lists. */
export function codes({ body }: Answer): readonly string[] {
  const { errors = [] } = body as { readonly errors?: readonly { readonly code: string }[] }
  return errors.map(({ code }) => code)
}

/** The credential of an answer. */
export function credentialOf({ body }: Answer): JsonObject {
  return body['verifiableCredential'] as JsonObject
}

export const jsonLd = createJsonLd({ contexts: [examplesContext] })
export const eddsa = eddsaRdfc2022(jsonLd)

/** Somebody with a key of their own, who is no issuer of the server. */
export async function somebody(): Promise<{ readonly did: string; readonly signer: Signer }> {
  const { publicJwk, privateJwk } = await createKey('EdDSA')
  const did = didKeyOf(publicJwk)
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${did}#${did.slice(8)}` })
  return { did, signer }
}

/** A document with a proof of somebody. */
export function prove(
  document: JsonObject,
  signer: Signer,
  more: { readonly domain?: string; readonly challenge?: string } = {},
): Promise<JsonObject> {
  const proofPurpose = more.challenge === undefined ? 'assertionMethod' : 'authentication'
  return addProof(document, { suite: eddsa, signer, proofPurpose, created: new Date(), ...more })
}
