import { createKey, jwkSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import { type Ask, load, type Step } from './load.ts'
import type { Served } from './protocol.ts'

/** The grant of a pre-authorised code. */
const grant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const form = 'application/x-www-form-urlencoded'
const json = 'application/json'

/** Keys of wallets, made once: the load is on the issuer. */
const wallets = await Promise.all(
  Array.from({ length: 16 }, async () => {
    const { publicJwk, privateJwk } = await createKey('ES256')
    return { jwk: publicJwk, signer: await jwkSigner({ privateJwk, verificationMethod: '' }) }
  }),
)

/** A proof that the wallet holds its key. @see OpenID4VCI 1.0 appendix F.1 */
async function proofFor(at: number, audience: string, nonce: string): Promise<string> {
  const { jwk, signer } = wallets[at % wallets.length] as (typeof wallets)[0]
  const header = { typ: 'openid4vci-proof+jwt', jwk: { ...jwk } }
  return signJws(header, { aud: audience, iat: Math.floor(Date.now() / 1000), nonce }, signer)
}

/** Paths of the endpoints that a wallet needs. */
async function endpointsOf({ origin }: Served) {
  const found = (await (await fetch(`${origin}/endpoints`)).json()) as Record<string, string>
  const pathOf = (name: string): string => new URL(found[name] ?? '', origin).pathname
  return { token: pathOf('token'), nonce: pathOf('nonce'), credential: pathOf('credential') }
}

/** One round of issuances by pre-authorised code, each step over HTTP. */
export async function issuances(
  server: Served,
  count: number,
): Promise<{ readonly steps: Readonly<Record<string, Step>>; readonly errors: number }> {
  const endpoints = await endpointsOf(server)
  const each = (ask: Ask): Ask[] => Array.from({ length: count }, () => ask)
  const offer = await load(server, each({ method: 'POST', path: '/offer', type: json, body: '{}' }))
  const token = await load(
    server,
    offer.bodies.map((body) => ({
      method: 'POST',
      path: endpoints.token,
      type: form,
      body: new URLSearchParams({
        grant_type: grant,
        'pre-authorized_code': JSON.parse(body).code,
      }).toString(),
    })),
  )
  const nonce = await load(server, each({ method: 'POST', path: endpoints.nonce }))
  const asks: Ask[] = []
  for (const [at, body] of token.bodies.entries()) {
    const proof = await proofFor(at, server.origin, JSON.parse(nonce.bodies[at] ?? '').c_nonce)
    asks.push({
      method: 'POST',
      path: endpoints.credential,
      type: json,
      authorization: `Bearer ${JSON.parse(body).access_token}`,
      body: JSON.stringify({
        credential_configuration_id: 'citizenship',
        proofs: { jwt: [proof] },
      }),
    })
  }
  const credential = await load(server, asks)
  const steps = { offer, token, nonce, credential }
  const without = credential.bodies.filter((body) => !isIssued(body)).length
  const failed = Object.values(steps).reduce((sum, { errors }) => sum + errors, 0)
  return { steps, errors: failed + without }
}

function isIssued(body: string): boolean {
  const { credentials = [] } = JSON.parse(body)
  return typeof credentials[0]?.credential === 'string'
}
