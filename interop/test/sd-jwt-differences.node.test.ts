import type { ProblemCode } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import {
  bound,
  cnf,
  codes,
  digestOf,
  encode,
  forged,
  issuer,
  judge,
  jws,
  nonce,
  peerOf,
  seconds,
  type Version,
} from './sd-jwt-peers.ts'

/** What the peer accepts in some versions and we never do, with the problems that we find. */
interface Difference {
  readonly title: string
  readonly wire: () => Promise<string>
  readonly ours: readonly ProblemCode[]
  /** Versions that accept it; the others refuse it as well. */
  readonly theirs: readonly Version[]
  /** Given to the peer as to a careful caller, unless the difference is in being careless. */
  readonly options?: object
}

const both: readonly Version[] = ['0.19', '0.20']
const old: readonly Version[] = ['0.19']
const bare = { iss: 'https://issuer.example', exp: seconds + 60 }
const name = encode(['salt', 'given_name', 'Alesia'])
const header = { alg: 'ES256', typ: 'example+sd-jwt' }
const careful = { keyBindingNonce: nonce }

const differences: readonly Difference[] = [
  {
    title: 'a credential that expires now',
    wire: () => forged({ ...bare, exp: seconds }),
    ours: ['credential.expired'],
    theirs: both,
  },
  {
    title: 'a credential whose exp is 0',
    wire: () => forged({ ...bare, exp: 0 }),
    ours: ['credential.expired'],
    theirs: old,
  },
  {
    title: 'a credential whose times are text',
    wire: () => forged({ ...bare, exp: 'yesterday', nbf: '2999-01-01' }),
    ours: ['credential.malformed', 'credential.malformed'],
    theirs: both,
  },
  {
    title: 'a bare JWT',
    wire: async () => (await forged(bare)).slice(0, -1),
    ours: ['credential.malformed'],
    theirs: both,
  },
  {
    title: 'another typ',
    wire: () => forged(bare, [], { alg: 'ES256', typ: 'kb+jwt' }),
    ours: ['jws.type-mismatch'],
    theirs: both,
  },
  {
    title: 'no typ',
    wire: () => forged(bare, [], { alg: 'ES256' }),
    ours: ['jws.type-mismatch'],
    theirs: both,
  },
  {
    title: 'alg none over a signature that the callback likes',
    wire: () => forged(bare, [], { ...header, alg: 'none' }),
    ours: ['jws.algorithm-unsupported'],
    theirs: both,
  },
  {
    title: 'a MAC by its alg (confusion of algorithms is the callback’s to find)',
    wire: () => forged(bare, [], { ...header, alg: 'HS256' }),
    ours: ['jws.algorithm-unsupported'],
    theirs: both,
  },
  {
    title: 'a critical extension that nobody knows',
    wire: () => forged(bare, [], { ...header, crit: ['sealed'], sealed: true }),
    ours: ['jws.header-invalid'],
    theirs: both,
  },
  {
    title: 'a member that the payload names twice',
    wire: () => forged(`{"iss":"https://issuer.example","exp":1,"exp":${seconds + 60}}`),
    ours: ['jws.malformed'],
    theirs: both,
  },
  {
    title: 'a member that the header names twice',
    wire: () => forged(bare, [], '{"alg":"none","alg":"ES256","typ":"example+sd-jwt"}'),
    ours: ['jws.malformed'],
    theirs: both,
  },
  {
    title: 'padded base64url',
    wire: async () => (await forged(bare)).replace(/~$/, '==~'),
    ours: ['jws.malformed'],
    theirs: both,
  },
  {
    title: 'a disclosure that nothing refers to',
    wire: () => forged(bare, [name]),
    ours: ['disclosure.unreferenced'],
    theirs: old,
  },
  {
    title: 'a disclosure sent twice',
    wire: () => forged({ ...bare, _sd: [digestOf(name)] }, [name, name]),
    ours: ['disclosure.duplicate'],
    theirs: both,
  },
  {
    title: 'a digest in two places',
    wire: () =>
      forged({ ...bare, _sd: [digestOf(name)], other: { _sd: [digestOf(name)] } }, [name]),
    ours: ['disclosure.duplicate'],
    theirs: old,
  },
  {
    title: 'a disclosed name that is there in the open',
    wire: () => forged({ ...bare, given_name: 'Other', _sd: [digestOf(name)] }, [name]),
    // It is put nowhere, so that nothing refers to it either.
    ours: ['disclosure.name-taken', 'disclosure.unreferenced'],
    theirs: old,
  },
  {
    title: 'an array placeholder with another member',
    wire: () => {
      const element = encode(['salt', 'BY'])
      return forged({ ...bare, from: [{ '...': digestOf(element), more: 1 }] }, [element])
    },
    ours: ['disclosure.malformed', 'disclosure.unreferenced'],
    theirs: both,
  },
  {
    title: 'a disclosure of a property in the place of an array element',
    wire: () => forged({ ...bare, from: [{ '...': digestOf(name) }] }, [name]),
    ours: ['disclosure.malformed', 'disclosure.unreferenced'],
    theirs: both,
  },
  {
    title: 'a disclosed claim that is named _sd',
    wire: () => {
      const hidden = encode(['salt', '_sd', []])
      return forged({ ...bare, _sd: [digestOf(hidden)] }, [hidden])
    },
    ours: ['disclosure.malformed'],
    theirs: both,
  },
  {
    title: 'a hash algorithm that is broken',
    wire: () => forged({ ...bare, _sd_alg: 'md5' }),
    ours: ['disclosure.hash-unsupported'],
    theirs: old,
  },
  {
    title: 'cnf, no key binding, and a verifier that forgot its nonce',
    wire: () => forged({ ...bare, cnf }),
    ours: ['holder.binding-missing'],
    theirs: both,
  },
  {
    title: 'a key binding of anybody, and a verifier that forgot its nonce',
    wire: async () => {
      const wire = await forged({ ...bare, cnf })
      return wire + (await jws(issuer.privateJwk, { alg: 'ES256', typ: 'kb+jwt' }, { iat: 1 }))
    },
    ours: [
      'holder.too-old',
      'holder.audience-mismatch',
      'holder.nonce-mismatch',
      'holder.proof-malformed',
      'holder.signature-invalid',
    ],
    theirs: both,
  },
  {
    title: 'a key binding for another audience',
    wire: async () => bound(await forged({ ...bare, cnf }), { aud: 'https://other.example' }),
    ours: ['holder.audience-mismatch'],
    theirs: both,
    options: careful,
  },
  {
    title: 'a key binding for two audiences',
    wire: async () => bound(await forged({ ...bare, cnf }), { aud: ['https://a.example', 'b'] }),
    ours: ['holder.audience-mismatch'],
    theirs: both,
    options: careful,
  },
  {
    title: 'a key binding of last year',
    wire: async () => bound(await forged({ ...bare, cnf }), { iat: seconds - 365 * 86_400 }),
    ours: ['holder.too-old'],
    theirs: both,
    options: careful,
  },
  {
    title: 'a key binding that has expired',
    wire: async () => bound(await forged({ ...bare, cnf }), { exp: seconds }),
    ours: ['holder.too-old'],
    theirs: both,
    options: careful,
  },
]

describe.each<Version>(['0.19', '0.20'])('@sd-jwt/core %s', (version) => {
  const peer = peerOf(version)

  for (const { title, wire, ours, theirs, options } of differences) {
    const accepts = theirs.includes(version)
    test(`${accepts ? 'accepts, and we refuse,' : 'refuses, as we do,'} ${title}`, async () => {
      const text = await wire()
      const verified = peer.verify(text, { currentDate: seconds, ...options })
      if (accepts) await expect(verified).resolves.toBeDefined()
      else await expect(verified).rejects.toThrow()
      expect(codes(await judge(text))).toEqual(ours)
    })
  }

  test('counts decoys when it presents, and shows another element than was chosen', async () => {
    const [by, pl] = [encode(['salt', 'BY']), encode(['salt', 'PL'])]
    const from = [{ '...': digestOf('decoy') }, { '...': digestOf(by) }, { '...': digestOf(pl) }]
    const wire = await peer.present(await forged({ ...bare, from }, [by, pl]), {
      from: { 1: true },
    })
    expect(await judge(wire)).toMatchObject({ verified: true, claims: { from: ['BY'] } })
  })
})
