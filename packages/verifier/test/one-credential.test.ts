import {
  type CredentialFormat,
  fromBase64url,
  type Presented,
  toBase64url,
  type VerifyingFormat,
} from '@asoba/core'
import { vcJwt } from '@asoba/jwt'
import { jwtVcV1 } from '@asoba/jwt/v1'
import { sdJwtVc } from '@asoba/sd-jwt'
import { everythingIn } from '@asoba/testing'
import type { QueryInput } from '@asoba/verifier'
import { describe, expect, test } from 'vitest'
import { otherFormOf } from './malleable.ts'
import { citizenship, clinic, codesOf, createRegistry, type Held, now } from './nation.ts'

const earlier = new Date(now.getTime() - 1000)
const policy = { citizenship: 'none-issued', residency: 'none-issued' } as const

interface Case {
  readonly make: (options: object) => CredentialFormat
  readonly meta: QueryInput['credentials'][number]['meta']
  /** Where the citizen claim is. */
  readonly path: readonly string[]
}

const byType = { type_values: [['VerifiableCredential', citizenship.vcdmType]] }
const cases: Readonly<Record<string, Case>> = {
  'dc+sd-jwt': { make: sdJwtVc, meta: { vct_values: [citizenship.vct] }, path: ['citizen'] },
  'vc+jwt': { make: vcJwt, meta: byType, path: ['credentialSubject', 'citizen'] },
  jwt_vc_json: { make: jwtVcV1, meta: byType, path: ['credentialSubject', 'citizen'] },
}

/** A registry, a clinic that knows of no status, and the queries: for several, and for two. */
async function setting({ make, meta, path }: Case, format: VerifyingFormat = make({})) {
  const registry = await createRegistry(make)
  const status = { source: await registry.source(), policy }
  const verifier = await clinic(registry, { formats: [format], status })
  const one = { id: 'citizen', format: format.dcqlFormat, meta, claims: [{ path }] }
  const several = { credentials: [{ ...one, multiple: true }] } as const
  const two = { credentials: [one, { ...one, id: 'again' }] } as const
  const presented = (
    wire: string,
    { retained }: Held,
    request: { readonly nonce: string; readonly audience: string },
    at: Date = now,
  ): Promise<Presented> =>
    make({}).present(
      { format: format.id, wire },
      [path],
      { nonce: request.nonce, audience: request.audience, purpose: 'present', now: at },
      retained,
    )
  /** What comes of the issued texts, each presented by its holder on its own, under one id. */
  const together = async (...wires: readonly (readonly [wire: string, held: Held])[]) => {
    const request = await verifier.request(several)
    const list = await Promise.all(
      wires.map(async ([wire, held], at) => {
        const when = at === 0 ? now : earlier
        return (await presented(wire, held, request, when)).wire
      }),
    )
    expect(new Set(list).size).toBe(list.length)
    return verifier.verify({ vp_token: { citizen: list }, state: request.state }, request)
  }
  return { registry, verifier, two, presented, together }
}

describe.each(Object.entries(cases))('%s under one id', (_name, which) => {
  test('counts two credentials as two', async () => {
    const { registry, together } = await setting(which)
    const none = { status: undefined }
    const [a, b] = [await registry.issue(none), await registry.issue(none)]
    const result = await together([a.wire, a], [b.wire, b])
    expect(codesOf(result)).toEqual(['accepted'])
    expect(result.verified && result.claims.citizen).toHaveLength(2)
  })

  test('counts one credential once, however often its holder signs', async () => {
    const { registry, together } = await setting(which)
    const held = await registry.issue({ status: undefined })
    const result = await together([held.wire, held], [held.wire, held])
    expect(codesOf(result)).toEqual(['presentation.duplicate'])
    expect(!result.verified && result.problems[0]?.path).toBe('/citizen/1')
  })

  test('counts it once with the signature of its issuer in its other form', async () => {
    const { registry, together } = await setting(which)
    const held = await registry.issue({ status: undefined })
    const other = otherFormOf(held.wire)
    expect(codesOf(await together([other, held]))).toEqual(['accepted'])
    expect(codesOf(await together([held.wire, held], [other, held]))).toEqual([
      'presentation.duplicate',
    ])
  })

  test('counts two with one status entry as one', async () => {
    const { registry, together } = await setting(which)
    const a = await registry.issue()
    const b = await registry.issue({ status: a.status })
    expect(codesOf(await together([a.wire, a], [b.wire, b]))).toEqual(['presentation.duplicate'])
  })
})

describe.each(Object.entries(cases))('%s under two ids', (_name, which) => {
  test('answers both queries, and the result does not say by what it is known', async () => {
    for (const change of [{ status: undefined }, {}]) {
      const { registry, verifier, two, presented } = await setting(which)
      const held = await registry.issue(change)
      for (const second of [now, earlier]) {
        const request = await verifier.request(two)
        const wireOf = async (at: Date) => (await presented(held.wire, held, request, at)).wire
        const vp_token = { citizen: [await wireOf(now)], again: [await wireOf(second)] }
        const result = await verifier.verify({ vp_token, state: request.state }, request)
        expect(codesOf(result)).toEqual(['accepted'])
        expect(result.verified && Object.keys(result.claims)).toEqual(['citizen', 'again'])
        expect(everythingIn(result)).not.toContain('issuedMark')
      }
    }
  })
})

describe('a format that cannot tell credentials apart', () => {
  const which = cases['dc+sd-jwt'] as Case
  const blind: VerifyingFormat = {
    ...sdJwtVc(),
    countedBy: 'nothing',
    verify: async (wire, context) => {
      const verified = await sdJwtVc().verify(wire, context)
      return verified.verified ? { ...verified, issuedMark: undefined } : verified
    },
  }

  test('is not asked for several', async () => {
    const registry = await createRegistry()
    const verifier = await clinic(registry, { formats: [blind] })
    const { meta, path } = which
    const one = { id: 'citizen', format: 'dc+sd-jwt', meta, claims: [{ path }] }
    const ask = (multiple: boolean) => verifier.request({ credentials: [{ ...one, multiple }] })
    await expect(ask(true)).rejects.toMatchObject({
      code: 'query.invalid',
      path: '/credentials/0/multiple',
    })
    expect((await ask(false)).query).toMatchObject({ credentials: [{ multiple: false }] })
  })

  test('is refused a second answer, whatever it said of itself', async () => {
    const { registry, together } = await setting(which, { ...blind, countedBy: 'credential' })
    const none = { status: undefined }
    const [a, b] = [await registry.issue(none), await registry.issue(none)]
    expect(codesOf(await together([a.wire, a]))).toEqual(['accepted'])
    expect(codesOf(await together([a.wire, a], [b.wire, b]))).toEqual(['presentation.duplicate'])
  })
})

test('the other form of a signature is another text with the same content', async () => {
  const registry = await createRegistry()
  const { wire } = await registry.issue()
  const [before = '', after = ''] = [wire, otherFormOf(wire)].map((each) => each.split('~')[0])
  expect(after).not.toBe(before)
  expect(after.split('.').slice(0, 2)).toEqual(before.split('.').slice(0, 2))
  const signature = fromBase64url(after.split('.')[2] ?? '') ?? new Uint8Array()
  expect(toBase64url(signature.subarray(0, 32))).toBe(
    toBase64url((fromBase64url(before.split('.')[2] ?? '') ?? new Uint8Array()).subarray(0, 32)),
  )
})
