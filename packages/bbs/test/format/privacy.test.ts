import { everythingIn } from '@asoba/testing'
import { beforeAll, expect, test } from 'vitest'
import { bbs2023, bbsSigner } from '../../src/index.ts'
import { claims, createRegistry, nation, now, type Registry, secret } from './nation.ts'

const planted = 'PlantedSecret'
let registry: Registry
beforeAll(() => {
  registry = createRegistry()
})

/** Whatever is thrown, as text. */
async function thrown(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    return everythingIn(error)
  }
  throw new Error('nothing was thrown')
}

test('no error of issuer or holder lets out a claim, a secret or a key', async () => {
  const { signer, did, profile } = registry
  const format = bbs2023({ ...profile, signer })
  const retained = new Uint8Array(96).fill(0x41)
  const secrets = { derive: async (_: string, length: number) => new Uint8Array(length).fill(0x41) }
  const { proof } = await format.prepareHolder(secrets, { issuer: did })
  const epoch = { validFrom: new Date('2026-09-04'), validUntil: new Date('2026-12-03') }
  const input = { type: nation.citizenship, issuer: did, claims, ...epoch }
  const secured = await format.secure(input, proof)
  const to = {
    audience: 'https://clinic.example',
    nonce: planted,
    purpose: 'present',
    now,
  } as const
  const commitmentWithProof = new TextEncoder().encode(planted)
  const failing: readonly (() => unknown)[] = [
    () => format.secure({ ...input, claims: { ...claims, given_name: 'none' } }, proof),
    () => format.secure({ ...input, claims: { ...claims, [planted]: planted } }, proof),
    () => format.secure({ ...input, claims: { ...claims, given_name: [planted] } }, proof),
    () => format.secure({ ...input, validFrom: new Date('2026-09-05') }, proof),
    () => format.secure(input, { kind: 'bbs-commitment', commitmentWithProof }),
    () => format.secure({ ...input, issuer: 'did:web:elsewhere.example' }, proof),
    () => format.view({ format: format.id, wire: { [planted]: planted } }),
    () => format.view({ format: format.id, wire: planted }),
    () => format.present(secured, [], to, new TextEncoder().encode(planted)),
    () => format.present(secured, [], { ...to, scope: planted }, retained),
    () => format.present({ ...secured, wire: { proof: planted } }, [], to, retained),
    () => bbs2023({ types: [], nyms: 1 }),
    () => bbsSigner({ secretKey: commitmentWithProof, verificationMethod: planted }),
  ]
  for (const run of failing) {
    const text = await thrown(run)
    expect(text).not.toContain(planted)
    expect(text).not.toContain(secret)
  }
  expect(everythingIn(signer)).not.toContain(planted)
})

test('a format and a signer show no key when they are printed', () => {
  const { signer, profile } = registry
  const shown = everythingIn(bbs2023({ ...profile, signer })) + everythingIn(signer)
  expect(shown).not.toContain('secretKey')
})
