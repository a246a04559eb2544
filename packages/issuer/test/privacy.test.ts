import type { HolderProof, JsonObject } from '@asoba/core'
import { nationTypes } from '@asoba/credentials'
import { createKey } from '@asoba/did'
import { createIssuer, type Issuance } from '@asoba/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { memoryStatusStore, statusAllocator, tokenStatusList } from '@asoba/status'
import { putStatus, statusAt } from '@asoba/status/token'
import { everythingIn } from '@asoba/testing'
import { expect, test } from 'vitest'

const secret = 'Zarnitsa-7731'
const { citizenship } = nationTypes({ origin: 'https://nation.example' })
const right: JsonObject = {
  citizen: true,
  issuing_authority: secret,
  age_equal_or_over: { '14': true, '16': true, '18': true, '21': false, '65': false },
  evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
}

test('no failing path lets out a claim or a key', async () => {
  const { publicJwk } = await createKey('ES256')
  const holder: HolderProof = { kind: 'jwk', publicJwk: { ...publicJwk, kid: secret } }
  const issuer = createIssuer({
    issuer: 'did:web:registry.example',
    types: { citizenship },
    formats: [sdJwtVc()],
    status: 'none',
    validityDays: 90,
  })
  const base: Issuance<'dc+sd-jwt', 'citizenship'> = {
    format: 'dc+sd-jwt',
    type: 'citizenship',
    claims: right,
    holders: [holder],
  }
  const wrong: readonly Partial<Record<keyof typeof base, unknown>>[] = [
    // The format has no signer.
    {},
    { claims: { ...right, citizen: secret } },
    { claims: { ...right, given_name: secret } },
    { claims: { ...right, issuing_authority: { [secret]: secret } } },
    { claims: { ...right, birthdate: secret } },
    { holders: [holder, holder] },
    { holders: [] },
    { holders: [{ kind: 'bearer' }] },
    { format: secret },
    { type: secret },
    { validUntil: new Date(Number.NaN) },
  ]
  for (const one of wrong) {
    const error = await issuer.issue({ ...base, ...one } as typeof base).then(
      () => expect.fail('nothing may be issued'),
      (reason: unknown) => reason,
    )
    const text = everythingIn(error)
    expect(text).not.toContain(secret)
    expect(text).not.toContain(publicJwk.x)
  }
})

test('what stays behind after an issuance are status bits and nothing else', async () => {
  const { publicJwk } = await createKey('ES256')
  const kept: unknown[] = []
  const memory = memoryStatusStore()
  const store: typeof memory = {
    read: () => memory.read(),
    compareAndSet: (expected, next) => {
      kept.push(next)
      return memory.compareAndSet(expected, next)
    },
  }
  const signer = {
    algorithm: 'ES256',
    verificationMethod: 'did:web:registry.example#key-1',
    sign: async () => new Uint8Array(64),
  } as const
  const status = tokenStatusList({
    uri: 'https://registry.example/status/1',
    size: 64,
    bits: 1,
    ttl: 1,
    lifetime: 1,
    store,
    signer,
  })
  const issuer = createIssuer({
    issuer: 'did:web:registry.example',
    types: { citizenship },
    formats: [sdJwtVc({ signer })],
    status,
    validityDays: 90,
  })
  const [copy] = await issuer.issue({
    format: 'dc+sd-jwt',
    type: 'citizenship',
    claims: right,
    holders: [{ kind: 'jwk', publicJwk }],
  })
  expect(kept).toEqual([{ allocated: expect.any(Uint8Array), statuses: new Uint8Array(8) }])
  const entries = statusAllocator({ size: 64, bits: 1, store, put: putStatus, at: statusAt })
  expect((await entries.allocate(63)).includes(copy?.status?.index ?? 0)).toBe(false)
  expect(everythingIn(issuer)).not.toContain(secret)
})
