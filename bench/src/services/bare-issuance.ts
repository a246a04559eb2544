import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import { bareSeal } from './bare-seal.ts'
import { citizenship, claims, registry, registryDid } from './parties.ts'

type Answer = readonly [status: number, body: string]

/**
 * The same cryptography as an issuance by pre-authorised code needs and nothing else: no protocol,
 * no checks, no bounds, no status list.
 */
export function bareIssuance(
  _origin: string,
): (path: string, body: string, auth: string) => Answer {
  const { seal, unseal } = bareSeal()
  const offers = new Map<string, string>()
  const signingKey = createPrivateKey({ key: registry.privateJwk as JsonWebKey, format: 'jwk' })

  // What lies in the store is sealed by the server, and again by the code that opens it.
  const offer = (): Answer => {
    const code = randomBytes(32).toString('base64url')
    offers.set(sha256(code), bareSeal(keyOf(code)).seal(seal({ claims })))
    return [200, JSON.stringify({ code })]
  }

  const token = (body: string): Answer => {
    const code = new URLSearchParams(body).get('pre-authorized_code') ?? ''
    const held = offers.get(sha256(code))
    if (held === undefined) return [400, '{}']
    offers.delete(sha256(code))
    const granted = unseal(String(bareSeal(keyOf(code)).unseal(held)))
    return [200, JSON.stringify({ access_token: seal(granted), token_type: 'Bearer' })]
  }

  // One for proofs of keys, and one for DPoP.
  const nonce = (): Answer => [
    200,
    JSON.stringify({ c_nonce: seal({ at: Date.now() }), dpop: seal({ at: Date.now() }) }),
  ]

  const credential = (body: string, auth: string): Answer => {
    const granted = unseal(auth.replace('Bearer ', '')) as { readonly claims: typeof claims }
    const credentials = JSON.parse(body).proofs.jwt.map((proof: string) => {
      const [header = '', payload = '', signature = ''] = proof.split('.')
      const { jwk } = JSON.parse(Buffer.from(header, 'base64url').toString())
      unseal(JSON.parse(Buffer.from(payload, 'base64url').toString()).nonce)
      const key = createPublicKey({ key: jwk, format: 'jwk' })
      const data = Buffer.from(`${header}.${payload}`)
      const options = { key, dsaEncoding: 'ieee-p1363' } as const
      if (!verify('sha256', data, options, Buffer.from(signature, 'base64url'))) throw new Error()
      return { credential: secure(granted.claims, jwk) }
    })
    return [200, JSON.stringify({ credentials })]
  }

  const secure = (said: object, jwk: object): string => {
    // Every claim is a disclosure of its own, and so is every member of one.
    const parts = Object.entries(said).flatMap(([name, value]) => [
      [name, value],
      ...(typeof value === 'object' ? Object.entries(value) : []),
    ])
    const disclosures = parts.map(([name, value]) =>
      encode(JSON.stringify([randomBytes(16).toString('base64url'), name, value])),
    )
    const payload = {
      iss: registryDid,
      vct: citizenship.vct,
      cnf: { jwk },
      _sd: disclosures.map(sha256),
    }
    const input = `${encode('{"alg":"ES256","typ":"dc+sd-jwt"}')}.${encode(JSON.stringify(payload))}`
    const key = { key: signingKey, dsaEncoding: 'ieee-p1363' } as const
    const signature = sign('sha256', Buffer.from(input), key).toString('base64url')
    return `${[`${input}.${signature}`, ...disclosures].join('~')}~`
  }

  return (path, body, auth) => {
    if (path === '/offer') return offer()
    if (path === '/endpoints') return [200, JSON.stringify(endpoints)]
    if (path === '/token') return token(body)
    return path === '/nonce' ? nonce() : credential(body, auth)
  }
}

const endpoints = { token: '/token', nonce: '/nonce', credential: '/credential' }

function keyOf(code: string): Buffer {
  return createHash('sha256').update(`key|${code}`).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url')
}
