import { digest, type JsonObject, type Jwk, parseJson, toBase64url, utf8 } from '@asoba/core'
import { didJwkOf } from '@asoba/did'
import { parseJws, signJws } from '@asoba/jwt'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet } from '@asoba/wallet'
import { createIssuanceClient, type IssuanceClientOptions } from '../../src/wallet.ts'
import { keyPair, preAuthorizedCode } from './world.ts'

export const origin = 'https://scripted.example'
export const vct = 'https://scripted.example/types/citizen'

/** What one copy says, where it is not as it should be. */
export interface CopyChange {
  readonly salt?: string
  readonly name?: string
  readonly claims?: JsonObject
  readonly decoy?: string
  readonly key?: Jwk
}

/** How the issuer misbehaves; it speaks OpenID4VCI 1.0 correctly where nothing is said. */
export interface Script {
  /** Its identifier, where it is not {@link origin}. */
  readonly issuer?: string
  /** More origins under which the same is reached. */
  readonly origins?: readonly string[]
  /** More documents and endpoints by their address, before all others. */
  readonly at?: Readonly<Record<string, (text: string) => unknown>>
  readonly metadata?: (right: JsonObject) => unknown
  readonly configuration?: JsonObject
  readonly server?: (right: JsonObject) => unknown
  readonly token?: (right: JsonObject, form: URLSearchParams, headers: Headers) => unknown
  readonly nonce?: () => unknown
  readonly copy?: (at: number, request: JsonObject) => CopyChange
  readonly credential?: (right: JsonObject, request: JsonObject) => unknown
  readonly deferred?: (request: JsonObject, copies: () => Promise<JsonObject>) => unknown
  readonly grants?: JsonObject
}

/** One request that came. */
export interface Heard {
  readonly host: string
  readonly path: string
  readonly headers: Headers
  readonly text: string
}

const answerOf = (value: unknown): Response =>
  value instanceof Response ? value : Response.json(value)

/** An issuer in one function, with real signatures, that misbehaves as it is told to. */
export async function scriptedIssuer(script: Script = {}) {
  const { signer, publicJwk } = await keyPair()
  const { issuer = origin, origins = [], at: others = {} } = script
  const own = new URL(issuer)
  const behind = own.pathname.replace(/\/$/, '')
  const heard: Heard[] = []
  let keys: readonly Jwk[] = []

  const copy = async (holder: Jwk, change: CopyChange): Promise<string> => {
    const { salt = crypto.randomUUID(), name = 'Alesia', decoy, claims } = change
    const disclosure = toBase64url(utf8(JSON.stringify([salt, 'given_name', name])))
    const hash = toBase64url(await digest('SHA-256', utf8(disclosure)))
    const payload: JsonObject = {
      iss: didJwkOf(publicJwk),
      vct,
      _sd_alg: 'sha-256',
      _sd: [hash, ...(decoy === undefined ? [] : [decoy])],
      cnf: { jwk: { ...(change.key ?? holder) } as unknown as JsonObject },
      ...claims,
    }
    const kid = `${didJwkOf(publicJwk)}#0`
    return `${await signJws({ typ: 'dc+sd-jwt', kid }, payload, signer)}~${disclosure}~`
  }
  const copies = async (request: JsonObject): Promise<JsonObject> => ({
    credentials: await Promise.all(
      keys.map(async (each, at) => ({
        credential: await copy(each, script.copy?.(at, request) ?? {}),
      })),
    ),
  })

  const routes: Readonly<Record<string, (request: Heard) => unknown>> = {
    [`/.well-known/openid-credential-issuer${behind}`]: () => {
      const right = {
        credential_issuer: issuer,
        credential_endpoint: `${own.origin}/credential`,
        nonce_endpoint: `${own.origin}/nonce`,
        deferred_credential_endpoint: `${own.origin}/deferred`,
        batch_credential_issuance: { batch_size: 3 },
        credential_configurations_supported: {
          citizen: {
            format: 'dc+sd-jwt',
            vct,
            cryptographic_binding_methods_supported: ['jwk'],
            credential_signing_alg_values_supported: ['ES256'],
            proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
            ...script.configuration,
          },
        },
      }
      return script.metadata?.(right) ?? right
    },
    [`/.well-known/oauth-authorization-server${behind}`]: () => {
      const right = {
        issuer,
        token_endpoint: `${own.origin}/token`,
        'pre-authorized_grant_anonymous_access_supported': true,
      }
      return script.server?.(right) ?? right
    },
    '/token': ({ text, headers }) => {
      const right = { access_token: 'token-1', token_type: 'Bearer' }
      return script.token?.(right, new URLSearchParams(text), headers) ?? right
    },
    '/nonce': () => script.nonce?.() ?? { c_nonce: 'nonce-1' },
    '/credential': async ({ text }) => {
      const request = parseJson(text) as JsonObject
      const { jwt = [] } = (request['proofs'] ?? {}) as { readonly jwt?: readonly string[] }
      keys = jwt.map((each) => {
        const parsed = parseJws(each)
        if (!parsed.verified) throw new Error('the wallet sent no proof')
        return parsed.header['jwk'] as unknown as Jwk
      })
      const right = await copies(request)
      return script.credential?.(right, request) ?? right
    },
    '/deferred': ({ text }) => {
      const request = parseJson(text) as JsonObject
      return script.deferred?.(request, async () => copies(request)) ?? copies(request)
    },
  }

  const reach: typeof fetch = async (input, init) => {
    const request = new Request(input as string, init)
    const url = new URL(request.url)
    const { headers } = request
    const one = { host: url.host, path: url.pathname, headers, text: await request.text() }
    heard.push(one)
    const other = others[url.href]
    if (other !== undefined) return answerOf(await other(one.text))
    const route = [own.origin, ...origins].includes(url.origin) ? routes[url.pathname] : undefined
    return route === undefined ? new Response('', { status: 404 }) : answerOf(await route(one))
  }
  const offer = {
    credential_issuer: issuer,
    credential_configuration_ids: ['citizen'],
    grants: script.grants ?? { [preAuthorizedCode]: { 'pre-authorized_code': 'code-1' } },
  }
  const link = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
  return { fetch: reach, heard, link, offer }
}

/** The scripted issuer and a wallet before it. */
export async function before(script: Script = {}, client: Partial<IssuanceClientOptions> = {}) {
  const issuer = await scriptedIssuer(script)
  const clock = { now: new Date() }
  const now = (): Date => clock.now
  const wallet = createWallet({ formats: [sdJwtVc()], now })
  const person = createIssuanceClient({
    wallet,
    fetch: issuer.fetch,
    issuers: 'any',
    copies: 3,
    now,
    ...client,
  })
  const read = async () => {
    const found = await person.readOffer(issuer.link)
    if (!found.verified) throw new Error(JSON.stringify(found.problems))
    return found.offer
  }
  return { ...issuer, clock, wallet, person, read }
}

/** Code and message of what was thrown. */
export const refusal = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was refused',
    (error: { code?: string; message: string }) => `${error.code ?? 'thrown'} ${error.message}`,
  )
