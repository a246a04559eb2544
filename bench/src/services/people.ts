import { createKey, jwkSigner } from '@asoba/did'
import { signJws } from '@asoba/jwt'
import { presentSdJwt } from '@asoba/sd-jwt'
import { endpointsOf, grant } from './issuance.ts'
import type { Served } from './protocol.ts'
import { answerWith } from './verification.ts'

/** What came of everybody. */
export interface People {
  readonly seconds: number
  readonly errors: number
}

/**
 * People from the offer of a citizenship to the result at a verifier, each with a key and a
 * credential of their own; a few at a time.
 */
export async function people(
  issuer: Served,
  verifier: Served,
  count: number,
  atOnce = 8,
): Promise<People> {
  const endpoints = await endpointsOf(issuer)
  let [next, errors] = [0, 0]
  const begun = performance.now()
  const worker = async (): Promise<void> => {
    while (next++ < count) {
      const verified = await person(issuer, endpoints, verifier).catch(() => false)
      if (!verified) errors++
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { seconds: (performance.now() - begun) / 1000, errors }
}

async function person(
  { origin }: Served,
  endpoints: Awaited<ReturnType<typeof endpointsOf>>,
  verifier: Served,
): Promise<boolean> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const signer = await jwkSigner({ privateJwk, verificationMethod: '' })

  const { code } = await post(`${origin}/offer`, '{}')
  const form = new URLSearchParams({ grant_type: grant, 'pre-authorized_code': code })
  const { access_token: token } = await post(`${origin}${endpoints.token}`, form)
  const { c_nonce: nonce } = await post(`${origin}${endpoints.nonce}`, '')
  const header = { typ: 'openid4vci-proof+jwt', jwk: { ...publicJwk } }
  const iat = Math.floor(Date.now() / 1000)
  const proof = await signJws(header, { aud: origin, iat, nonce }, signer)
  const { credentials } = await post(
    `${origin}${endpoints.credential}`,
    JSON.stringify({
      credential_configuration_id: 'citizenship',
      proofs: { jwt: [proof] },
    }),
    { authorization: `Bearer ${token}` },
  )
  const [{ credential }] = credentials

  const { requestUri, transaction } = await post(`${verifier.origin}/begin`, '{}')
  const requestObject = await (await fetch(requestUri)).text()
  const { path, body } = await answerWith(requestObject, ({ audience, nonce: asked }) =>
    presentSdJwt(credential, {
      disclose: [['citizen']],
      keyBinding: { audience, nonce: asked, issuedAt: new Date(), signer },
    }),
  )
  await post(`${verifier.origin}${path}`, new URLSearchParams(body))
  const { verified } = await post(`${verifier.origin}/collect`, JSON.stringify({ transaction }))
  return verified === true
}

async function post(
  url: string,
  body: string | URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
) {
  const type = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
  const response = await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } })
  if (!response.ok) throw new Error(`${new URL(url).pathname}: ${response.status}`)
  return response.json()
}
