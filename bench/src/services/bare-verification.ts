import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import { bareSeal } from './bare-seal.ts'
import { citizenQuery, registry, verifierKey } from './parties.ts'

type Answer = readonly [status: number, body: string]

/**
 * The same cryptography as a verification needs and nothing else: no protocol, no checks, no
 * bounds. What `node:crypto` and `node:http` leave possible on this machine.
 */
export function bareVerification(origin: string): (path: string, body: string) => Answer {
  const { seal, unseal } = bareSeal()
  const requests = new Map<string, string>()
  const responses = new Map<string, string>()
  const signingKey = createPrivateKey({ key: verifierKey.privateJwk as JsonWebKey, format: 'jwk' })
  const issuerKey = createPublicKey({ key: registry.publicJwk as JsonWebKey, format: 'jwk' })

  const begin = (): Answer => {
    const id = randomBytes(16).toString('base64url')
    const nonce = randomBytes(16).toString('base64url')
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = { ...publicKey.export({ format: 'jwk' }), use: 'enc', alg: 'ECDH-ES', kid: id }
    const responseUri = `${origin}/response/${id}`
    const parameters = {
      client_id: `redirect_uri:${responseUri}`,
      response_uri: responseUri,
      nonce,
      state: id,
      dcql_query: citizenQuery,
      client_metadata: { jwks: { keys: [jwk] } },
    }
    requests.set(id, JSON.stringify(parameters))
    const state = seal({ nonce, query: citizenQuery })
    const transaction = seal({ id, state, key: privateKey.export({ format: 'jwk' }) })
    return [200, JSON.stringify({ requestUri: `${origin}/request/${id}`, transaction })]
  }

  const request = (id: string): Answer => {
    const input = `${encode('{"alg":"ES256"}')}.${encode(requests.get(id) ?? '')}`
    const key = { key: signingKey, dsaEncoding: 'ieee-p1363' } as const
    return [200, `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`]
  }

  const response = (id: string, body: string): Answer => {
    responses.set(id, new URLSearchParams(body).get('response') ?? '')
    return [200, JSON.stringify({ code: sha256(randomBytes(32)) })]
  }

  const collect = (body: string): Answer => {
    const { id, state, key } = unseal(JSON.parse(body).transaction) as {
      readonly id: string
      readonly state: string
      readonly key: JsonWebKey
    }
    const { nonce } = unseal(state) as { readonly nonce: string }
    const jwe = responses.get(id) ?? ''
    responses.delete(id)
    requests.delete(id)
    const own = createPrivateKey({ key, format: 'jwk' })
    const { vp_token: token } = JSON.parse(decrypt(jwe, own))
    const [wire] = token.citizen
    const end = wire.lastIndexOf('~') + 1
    const [jws, ...disclosures] = wire.slice(0, end - 1).split('~')
    const digests = disclosures.map((each: string) => sha256(each))
    const claims = claimsOf(jws)
    const proof = claimsOf(wire.slice(end))
    const holder = createPublicKey({ key: claims.cnf.jwk, format: 'jwk' })
    const right =
      isSigned(jws, issuerKey) &&
      isSigned(wire.slice(end), holder) &&
      proof.nonce === nonce &&
      proof.sd_hash === sha256(wire.slice(0, end)) &&
      digests.every((each: string) => claims._sd.includes(each))
    return [200, JSON.stringify({ verified: right })]
  }

  return (path, body) => {
    const [, step, id = ''] = path.split('/')
    if (step === 'begin') return begin()
    if (step === 'request') return request(id)
    return step === 'response' ? response(id, body) : collect(body)
  }
}

/** ECDH-ES with A256GCM. @see RFC 7518 section 4.6 */
function decrypt(jwe: string, privateKey: KeyObject): string {
  const [header = '', , iv = '', text = '', tag = ''] = jwe.split('.')
  const { epk, enc } = JSON.parse(Buffer.from(header, 'base64url').toString())
  const publicKey = createPublicKey({ key: epk, format: 'jwk' })
  const secret = diffieHellman({ privateKey, publicKey })
  const round = [word(1), secret, word(enc.length), Buffer.from(enc), word(0), word(0), word(256)]
  const key = createHash('sha256').update(Buffer.concat(round)).digest()
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'))
  decipher.setAAD(Buffer.from(header))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  const opened = [decipher.update(Buffer.from(text, 'base64url')), decipher.final()]
  return Buffer.concat(opened).toString()
}

function isSigned(jws: string, key: KeyObject): boolean {
  const dot = jws.lastIndexOf('.')
  const signature = Buffer.from(jws.slice(dot + 1), 'base64url')
  const options = { key, dsaEncoding: 'ieee-p1363' } as const
  return verify('sha256', Buffer.from(jws.slice(0, dot)), options, signature)
}

function claimsOf(jws: string) {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString())
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('base64url')
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
