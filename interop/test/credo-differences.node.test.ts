import type { ProblemCode } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { nationTypes } from '@asoba/credentials'
import { createKey, didJwkOf, didResolver, jwk as jwkMethod } from '@asoba/did'
import { sdJwtVc } from '@asoba/sd-jwt'
import { httpStatusSource } from '@asoba/status/token'
import { createVerifier, issuerKeys, memoryReplay, trustedIssuers } from '@asoba/verifier'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent } from './credo-agent.ts'
import {
  audience,
  bound as boundTo,
  cnf,
  codes,
  digestOf,
  encode,
  forged,
  holder,
  issuer as issuerKey,
  jws,
  now,
  seconds,
} from './sd-jwt-peers.ts'

let credo: Credo
beforeAll(async () => {
  credo = await credoAgent()
}, 60_000)
afterAll(() => credo.close())

const { citizenship } = nationTypes({ origin: 'https://nation.example' })
const did = didJwkOf(issuerKey.publicJwk)
const registry = 'https://registry.example'
const verifier = createVerifier({
  audience,
  types: [citizenship],
  issuerKeys: issuerKeys({ did: didResolver({ methods: [jwkMethod] }) }),
  trust: trustedIssuers({
    citizenship: [did, { issuer: registry, mechanism: 'https', keys: [issuerKey.publicJwk] }],
  }),
  formats: [sdJwtVc()],
  status: { source: httpStatusSource({ fetch }), policy: { citizenship: 'none-issued' } },
  seal: createSeal(new Uint8Array(32).fill(7)),
  replay: memoryReplay(),
  clockTolerance: 60,
  maxProofAge: 300,
  now: () => now,
})
const query = {
  credentials: [
    {
      id: 'citizen',
      format: 'dc+sd-jwt',
      meta: { vct_values: [citizenship.vct] },
    },
  ],
} as const

const header = { alg: 'ES256', typ: 'dc+sd-jwt', kid: '#0' }
const bare = {
  iss: did,
  vct: citizenship.vct,
  exp: seconds + 60,
  cnf,
  citizen: true,
  evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
}

/** The same presentation, judged by both for the same audience and nonce. */
async function judgedByBoth(
  make: (nonce: string) => Promise<string>,
  asked: 'with key binding' | 'without' = 'with key binding',
) {
  const request = await verifier.request(query)
  const wire = await make(request.nonce)
  const theirs = await credo.agent.sdJwtVc.verify({
    compactSdJwtVc: wire,
    now,
    ...(asked === 'with key binding' && { keyBinding: { audience, nonce: request.nonce } }),
  })
  const ours = await verifier.verify(
    { vp_token: { citizen: [wire] }, state: request.state },
    request,
  )
  return { theirs: theirs.isValid, ours: codes(ours) }
}

async function bound(wire: string, nonce: string, change: object = {}): Promise<string> {
  return boundTo(wire, { nonce, ...change })
}

test('both accept what is right', async () => {
  const judged = await judgedByBoth(async (nonce) => bound(await forged(bare, [], header), nonce))
  expect(judged).toEqual({ theirs: true, ours: [] })
})

const hidden = (name: string, value: unknown): string => encode(['salt', name, value] as object)
const accepted: readonly [string, (nonce: string) => Promise<string>, readonly ProblemCode[]][] = [
  [
    'an issuer whom nobody trusts',
    async (nonce) => {
      const { publicJwk, privateJwk } = await createKey('ES256')
      const other = { ...bare, iss: didJwkOf(publicJwk) }
      return bound(`${await jws(privateJwk, header, other)}~`, nonce)
    },
    ['issuer.untrusted'],
  ],
  [
    'a header that says alg none, over a signature by ES256',
    async (nonce) => bound(await forged(bare, [], { ...header, alg: 'none' }), nonce),
    ['jws.algorithm-unsupported'],
  ],
  [
    'a header that says alg HS256, over a signature by ES256',
    async (nonce) => bound(await forged(bare, [], { ...header, alg: 'HS256' }), nonce),
    ['jws.algorithm-unsupported'],
  ],
  [
    'a key binding that says alg HS256, over a signature by ES256',
    async (nonce) => {
      const wire = await forged(bare, [], header)
      const payload = { iat: seconds, aud: audience, nonce, sd_hash: digestOf(wire) }
      return wire + (await jws(holder.privateJwk, { alg: 'HS256', typ: 'kb+jwt' }, payload))
    },
    ['jws.algorithm-unsupported'],
  ],
  [
    'a key binding of last year',
    async (nonce) => bound(await forged(bare, [], header), nonce, { iat: seconds - 365 * 86_400 }),
    ['holder.too-old'],
  ],
  [
    'a key binding of next year',
    async (nonce) => bound(await forged(bare, [], header), nonce, { iat: seconds + 365 * 86_400 }),
    ['holder.not-yet-valid'],
  ],
  [
    'a critical extension that nobody knows',
    async (nonce) => bound(await forged(bare, [], { ...header, crit: ['b'], b: 1 }), nonce),
    ['jws.header-invalid'],
  ],
  [
    'a type that the holder may withhold',
    async (nonce) => {
      const { vct, ...rest } = bare
      const text = hidden('vct', vct)
      return bound(await forged({ ...rest, _sd: [digestOf(text)] }, [text], header), nonce)
    },
    ['disclosure.forbidden'],
  ],
  [
    'an expiry that the holder may withhold',
    async (nonce) => {
      const { exp, ...rest } = bare
      const text = hidden('exp', exp)
      return bound(await forged({ ...rest, _sd: [digestOf(text)] }, [text], header), nonce)
    },
    ['disclosure.forbidden'],
  ],
  [
    'a status of a kind that nobody checked',
    async (nonce) => bound(await forged({ ...bare, status: { other: 1 } }, [], header), nonce),
    ['status.invalid-entry'],
  ],
  [
    'a disclosure that nothing refers to',
    async (nonce) => bound(await forged(bare, [hidden('given_name', 'Ales')], header), nonce),
    ['disclosure.unreferenced'],
  ],
  [
    'a member that the payload names twice',
    async (nonce) => {
      const text = JSON.stringify(bare).replace('{', '{"iss":"did:example:other",')
      return bound(await forged(text, [], header), nonce)
    },
    ['jws.malformed'],
  ],
]

test.each(accepted)('Credo accepts, and we refuse, %s', async (_title, make, ours) => {
  expect(await judgedByBoth(make)).toEqual({ theirs: true, ours })
})

test('Credo accepts, and we refuse, no key binding where the caller forgot to ask', async () => {
  const judged = await judgedByBoth(() => forged(bare, [], header), 'without')
  expect(judged).toEqual({ theirs: true, ours: ['holder.binding-missing'] })
})

const refusedByThem: readonly [string, (nonce: string) => Promise<string>][] = [
  [
    'an issuer’s DID whose only key is not named',
    async (nonce) => bound(await forged(bare, [], { alg: 'ES256', typ: 'dc+sd-jwt' }), nonce),
  ],
  [
    'an issuer with an https address, whose keys are in its metadata or pinned',
    async (nonce) => {
      const web = { ...bare, iss: registry }
      return bound(await forged(web, [], { alg: 'ES256', typ: 'dc+sd-jwt' }), nonce)
    },
  ],
]

test.each(refusedByThem)('we accept, and Credo refuses, %s', async (_title, make) => {
  expect(await judgedByBoth(make)).toEqual({ theirs: false, ours: [] })
})

const refusedByBoth: readonly [
  string,
  (nonce: string) => Promise<string>,
  readonly ProblemCode[],
][] = [
  [
    'a key binding for two audiences',
    async (nonce) => bound(await forged(bare, [], header), nonce, { aud: [audience, 'b'] }),
    ['holder.audience-mismatch'],
  ],
  [
    'a key binding over other disclosures',
    async (nonce) => bound(await forged(bare, [], header), nonce, { sd_hash: digestOf('x') }),
    ['holder.proof-malformed'],
  ],
  [
    'a kid of another DID',
    async (nonce) =>
      bound(await forged(bare, [], { ...header, kid: `${didJwkOf(holder.publicJwk)}#0` }), nonce),
    ['issuer.key-not-found'],
  ],
  [
    'a signature of somebody else',
    async (nonce) => bound(`${await jws(holder.privateJwk, header, bare)}~`, nonce),
    ['jws.signature-invalid'],
  ],
]

test.each(refusedByBoth)('Credo refuses, as we do, %s', async (_title, make, ours) => {
  expect(await judgedByBoth(make)).toEqual({ theirs: false, ours })
})
