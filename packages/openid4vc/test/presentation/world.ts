import type { PrivateJwk, Signer } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { createKey, didJwkOf, didResolver, jwk, jwkSigner } from '@asoba/did'
import { leafSubjects, subjectKeyId, x509Keys } from '@asoba/jwt/x509'
import { sdJwtVc } from '@asoba/sd-jwt'
import {
  createVerifier,
  issuerKeys,
  type QueryInput,
  trustedIssuers,
  type Verifier,
} from '@asoba/verifier'
import { createWallet, type Wallet } from '@asoba/wallet'
import { type Made, make } from '../../../jwt/test/certificates.ts'
import {
  citizenship,
  clinicOptions,
  createRegistry,
  now,
  type Registry,
} from '../../../verifier/test/nation.ts'
import {
  createPresentationServer,
  memoryResponses,
  type PresentationServerOptions,
} from '../../src/verifier.ts'
import { createPresentationClient, type PresentationClientOptions } from '../../src/wallet.ts'

export { now }
export const url = 'https://clinic.example/openid4vp'

const root: Made = await make({ name: 'CN=Root', ca: true })
/** The trust anchor of verifiers. */
export const anchor: Uint8Array = root.der

/** A signer with a certificate for a host. */
export async function certified(host: string, by: Made = root): Promise<Signer> {
  const leaf = await make({ name: `CN=${host}`, by, names: [{ type: 'dns', value: host }] })
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', leaf.keys.privateKey)
  const privateJwk = { kty, crv, x, y, d } as PrivateJwk
  return jwkSigner({ privateJwk, verificationMethod: '', x5c: [leaf.base64] })
}

export const signer: Signer = await certified('clinic.example')

/** A signer whose key is in a DID. */
export async function didSigner(): Promise<Signer> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  return jwkSigner({ privateJwk, verificationMethod: `${didJwkOf(publicJwk)}#0` })
}

export const registry: Registry = await createRegistry()

export const query: QueryInput = {
  credentials: [
    {
      id: 'citizen',
      format: 'dc+sd-jwt',
      meta: { vct_values: [citizenship.vct] },
      claims: [{ path: ['citizen'] }],
    },
  ],
}

/** A registry that signs by certificate, and a clinic's verifier that knows its anchor alone. */
export async function certifiedRegistry(): Promise<{
  readonly url: string
  readonly registry: Registry
  readonly verifier: Verifier
}> {
  const nation: Made = await make({ name: 'CN=Nation', ca: true })
  const url = 'https://registry.example'
  const leaf = await make({ name: 'CN=Registry', by: nation, names: [{ type: 'url', value: url }] })
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', leaf.keys.privateKey)
  const privateJwk = { kty, crv, x, y, d } as PrivateJwk
  const by = await jwkSigner({ privateJwk, verificationMethod: '', x5c: [leaf.base64] })
  const certifying = await createRegistry(() => sdJwtVc({ signer: by }))
  const x509 = { keys: x509Keys(), subjects: leafSubjects, keyId: subjectKeyId }
  const anchors = [nation.der]
  const verifier = createVerifier({
    ...(await clinicOptions(registry)),
    issuerKeys: issuerKeys({ x509 }),
    trust: trustedIssuers([{ issuer: url, types: ['citizenship'], mechanism: 'x509', anchors }]),
    status: {
      source: await certifying.source(),
      policy: { citizenship: 'none-issued', residency: 'none-issued' },
    },
  })
  return { url, registry: certifying, verifier }
}

/** A clinic on the web, and what it keeps. */
export async function clinicOnTheWeb(change: Partial<PresentationServerOptions> = {}) {
  const responses = memoryResponses({ now: () => now })
  const verifier = createVerifier(await clinicOptions(registry))
  const options: PresentationServerOptions = {
    verifier,
    url,
    clientId: { prefix: 'x509_san_dns', signer },
    seal: createSeal(new Uint8Array(32).fill(9)),
    responses,
    returnTo: 'https://clinic.example/done',
    origins: ['https://clinic.example'],
    now: () => now,
    ...change,
  }
  return { server: createPresentationServer(options), options }
}

type Server = { handle(request: Request): Promise<Response> }

/** `fetch` that reaches one server; what it sent is in `sent`. */
export function fetchOf(server: Server) {
  const sent: { url: string; method: string; body: string }[] = []
  const reach: typeof fetch = async (input, init) => {
    const request = new Request(input as string, init)
    sent.push({ url: request.url, method: request.method, body: await request.clone().text() })
    return server.handle(request)
  }
  return { fetch: reach, sent }
}

/** A wallet with a citizenship or several. */
export async function citizensWallet(copies = 1): Promise<Wallet> {
  const wallet = createWallet({ formats: [sdJwtVc()], now: () => now })
  for (const holder of await wallet.prepare({ format: 'dc+sd-jwt', count: copies })) {
    await wallet.receive((await registry.issue({ holder })).wire)
  }
  return wallet
}

/** A wallet on the web that knows the anchor. */
export async function citizen(server: Server, change: Partial<PresentationClientOptions> = {}) {
  const { fetch, sent } = fetchOf(server)
  const client = createPresentationClient({
    wallet: await citizensWallet(),
    verifiers: { x509: [anchor], did: didResolver({ methods: [jwk] }), unsigned: 'accepted' },
    fetch,
    transactionTypes: ['payment'],
    now: () => now,
    ...change,
  })
  return { client, sent }
}

/** Reads, agrees to the first way, answers. */
export async function answer(
  client: Awaited<ReturnType<typeof citizen>>['client'],
  input: Parameters<typeof client.readRequest>[0],
) {
  const read = await client.readRequest(input)
  if (!read.verified) throw new Error(JSON.stringify(read.problems))
  const [match] = await client.match(read.incoming)
  if (match === undefined) throw new Error('the wallet cannot answer')
  return client.respond(read.incoming, match)
}

/** The code in the address to which the wallet sends the browser. */
export function codeIn(sent: Awaited<ReturnType<typeof answer>>): string {
  const { redirectTo = '' } = sent.kind === 'posted' ? sent : {}
  return new URL(redirectTo).searchParams.get('response_code') ?? ''
}

/** Codes of what was found, each once. */
export function codes(result: { readonly verified: boolean }): readonly string[] {
  const { problems = [] } = result as { readonly problems?: readonly { readonly code: string }[] }
  return [...new Set(problems.map(({ code }) => code))]
}
