import { randomSecrets } from '@asoba/core'
import { sdJwtVc } from '@asoba/sd-jwt'
import { CompactEncrypt } from 'jose'
import { type Ask, load, type Step } from './load.ts'
import { citizenship, claims, registryDid, registrySigner } from './parties.ts'
import type { Served } from './protocol.ts'

const format = sdJwtVc({ signer: registrySigner })
const day = 86_400_000

/** A citizenship that its holder shows again and again: the load is on the verifier. */
async function credential() {
  const { proof, retained } = await format.prepareHolder(randomSecrets())
  const validFrom = new Date()
  const validUntil = new Date(validFrom.getTime() + 30 * day)
  const input = { type: citizenship, issuer: registryDid, claims, validFrom, validUntil }
  return { secured: await format.secure(input, proof), retained }
}

const held = await credential()

/** What a wallet posts for a request object, encrypted to its key. */
async function answerTo(requestObject: string): Promise<Ask> {
  const payload = JSON.parse(Buffer.from(requestObject.split('.')[1] ?? '', 'base64url').toString())
  const { nonce, client_id: audience, response_uri: uri, state } = payload
  const to = { audience, nonce, purpose: 'present', now: new Date() } as const
  const { wire } = await format.present(held.secured, [['citizen']], to, held.retained)
  const [key] = payload.client_metadata.jwks.keys
  const answer = JSON.stringify({ vp_token: { citizen: [wire] }, state })
  const { kid, kty, crv, x, y } = key
  const jwe = await new CompactEncrypt(Buffer.from(answer))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid })
    .encrypt({ kty, crv, x, y })
  return {
    method: 'POST',
    path: new URL(uri).pathname,
    type: 'application/x-www-form-urlencoded',
    body: new URLSearchParams({ response: jwe }).toString(),
  }
}

/** One round of verifications from the beginning to the result, each step over HTTP. */
export async function verifications(
  server: Served,
  count: number,
): Promise<{ readonly steps: Readonly<Record<string, Step>>; readonly errors: number }> {
  const each = <T>(make: () => T): T[] => Array.from({ length: count }, make)
  const begin = await load(
    server,
    each(() => ({ method: 'POST', path: '/begin', type: 'application/json', body: '{}' }) as const),
  )
  const begun = begin.bodies.map((body) => JSON.parse(body))
  const request = await load(
    server,
    begun.map(({ requestUri }) => ({ method: 'GET', path: new URL(requestUri).pathname })),
  )
  const answers: Ask[] = []
  for (const body of request.bodies) answers.push(await answerTo(body))
  const response = await load(server, answers)
  const collect = await load(
    server,
    begun.map(({ transaction }) => ({
      method: 'POST',
      path: '/collect',
      type: 'application/json',
      body: JSON.stringify({ transaction }),
    })),
  )
  const steps = { begin, request, response, collect }
  const refused = collect.bodies.filter((body) => JSON.parse(body).verified !== true).length
  const failed = Object.values(steps).reduce((sum, { errors }) => sum + errors, 0)
  return { steps, errors: failed + refused }
}
