import { type IssuerClaim, problem, refused, type TrustEntry } from '@asoba/core'
import { createKey, didJwkOf, didResolver, jwk } from '@asoba/did'
import { issuerKeys, trustedIssuers } from '@asoba/verifier'
import { expect, test } from 'vitest'

// The trust entry fixes the mechanism; whatever a token carries, no other one is used.
const x5c = ['AAAA']
const url = 'https://registry.example'

async function setUp() {
  const { publicJwk } = await createKey('ES256')
  const did = didJwkOf(publicJwk)
  const used: string[] = []
  const found = { verified: true as const, checks: [], keys: [publicJwk] }
  const keys = issuerKeys({
    did: {
      resolve: async (...args) => {
        used.push('did')
        return didResolver({ methods: [jwk] }).resolve(...args)
      },
    },
    https: async () => {
      used.push('https')
      return found
    },
    x509: {
      keys: async () => {
        used.push('x509')
        return found
      },
      subjects: () => [url],
      keyId: () => undefined,
    },
  })
  const find = async (entry: Partial<TrustEntry>, claim: Partial<IssuerClaim>) => {
    used.length = 0
    const result = await keys.find(
      { issuer: url, types: ['citizenship'], mechanism: 'https', ...entry },
      { types: [], algorithm: 'ES256', purpose: 'credential', ...claim },
      { at: new Date() },
    )
    return [result.verified ? 'found' : result.problems[0].code, ...used]
  }
  return { did, publicJwk, keys, find }
}

test('a did entry finds keys by the DID alone, x5c or not', async () => {
  const { did, find } = await setUp()
  const entry = { issuer: did, mechanism: 'did' } as const
  expect(await find(entry, { issuer: did })).toEqual(['found', 'did'])
  expect(await find(entry, { issuer: did, x5c })).toEqual(['found', 'did'])
})

test('a did entry refuses a kid of another DID, and a token that names nobody', async () => {
  const { did, find } = await setUp()
  const entry = { issuer: did, mechanism: 'did' } as const
  expect(await find(entry, { issuer: did, kid: 'did:web:police.example#key-1' })).toEqual([
    'issuer.key-not-found',
  ])
  expect(await find(entry, { x5c })).toEqual(['issuer.mechanism-mismatch'])
})

test('an https entry finds keys by metadata alone, x5c or not', async () => {
  const { find } = await setUp()
  expect(await find({ mechanism: 'https' }, { issuer: url, x5c })).toEqual(['found', 'https'])
  expect(await find({ mechanism: 'https' }, { x5c })).toEqual(['issuer.mechanism-mismatch'])
})

test('an x509 entry wants x5c, and an iss that disagrees is refused', async () => {
  const { find } = await setUp()
  const entry = { mechanism: 'x509', anchors: [new Uint8Array(1)] } as const
  expect(await find(entry, { x5c })).toEqual(['found', 'x509'])
  expect(await find(entry, { issuer: url, x5c })).toEqual(['found', 'x509'])
  expect(await find(entry, { issuer: url })).toEqual(['issuer.mechanism-mismatch'])
  expect(await find(entry, { issuer: 'https://other.example', x5c })).toEqual([
    'issuer.mechanism-mismatch',
  ])
  expect(await find({ ...entry, issuer: 'https://other.example' }, { x5c })).toEqual([
    'x509.subject-mismatch',
  ])
})

test('pinned keys are used without asking anybody', async () => {
  const { did, publicJwk, find } = await setUp()
  expect(await find({ issuer: did, mechanism: 'did', keys: [publicJwk] }, { issuer: did })).toEqual(
    ['found'],
  )
})

test('what fails is not tried by another mechanism', async () => {
  const used: string[] = []
  const keys = issuerKeys({
    https: async () => {
      used.push('https')
      return refused([problem('issuer.key-not-found', 'no metadata')])
    },
    did: {
      resolve: async () => {
        used.push('did')
        throw new Error('not to be asked')
      },
    },
  })
  const claim = { issuer: url, types: [], algorithm: 'ES256', purpose: 'credential' } as const
  const entry = { issuer: url, types: ['citizenship'], mechanism: 'https' } as const
  expect((await keys.find(entry, claim, { at: new Date() })).verified).toBe(false)
  expect(used).toEqual(['https'])
})

test('one issuer cannot have two mechanisms in one policy', () => {
  const one = { issuer: url, types: ['citizenship'], mechanism: 'https' } as const
  const two = {
    issuer: url,
    types: ['residency'],
    mechanism: 'x509',
    anchors: [new Uint8Array(1)],
  } as const
  expect(() => trustedIssuers([one, two])).toThrow(TypeError)
})
