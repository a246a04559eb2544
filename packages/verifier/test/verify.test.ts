import { electionScope, serviceScope } from '@asoba/core'
import { everythingIn } from '@asoba/testing'
import type { VerificationResult } from '@asoba/verifier'
import { createVerifier, trustedIssuers } from '@asoba/verifier'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  citizenQuery,
  claims,
  clinic,
  clinicOptions,
  createRegistry,
  now,
  type Registry,
  residency,
  secret,
} from './nation.ts'

let registry: Registry
beforeAll(async () => {
  registry = await createRegistry()
})

const codes = (result: VerificationResult): readonly string[] => {
  expect(everythingIn(result.verified ? [] : result)).not.toContain(secret)
  return result.verified ? ['accepted'] : [...new Set(result.problems.map(({ code }) => code))]
}

describe('a presentation that answers the request', () => {
  test('is accepted, and the verifier learns what was disclosed and nothing else', async () => {
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    const held = await registry.issue()
    const result = await verifier.verify(await held.present(request), request)
    if (!result.verified) throw new Error(result.problems[0].code)
    expect(result.claims).toEqual({ citizen: { citizen: true } })
    expect(everythingIn(result)).not.toContain(secret)
  })

  test('lists every check that was made', async () => {
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    const result = await verifier.verify(await (await registry.issue()).present(request), request)
    const names = new Set(result.checks.map(({ check }) => check))
    for (const name of ['request', 'presentation', 'signature', 'issuer-trust', 'holder-binding']) {
      expect(names).toContain(name)
    }
    for (const name of ['validity', 'status', 'schema', 'query', 'replay'])
      expect(names).toContain(name)
    expect(result.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  })

  test('is verified by a replica that shares the key and nothing else', async () => {
    const request = await (await clinic(registry)).request(citizenQuery)
    const presentation = await (await registry.issue()).present(request)
    const other = await clinic(registry)
    const back = { query: citizenQuery }
    expect(codes(await other.verify(presentation, back))).toEqual(['accepted'])
  })
})

describe('what a verifier refuses', () => {
  const attempt = async (
    make: (context: {
      readonly verifier: Awaited<ReturnType<typeof clinic>>
      readonly request: Awaited<ReturnType<Awaited<ReturnType<typeof clinic>>['request']>>
    }) => Promise<unknown>,
    change: Parameters<typeof clinic>[1] = {},
  ): Promise<readonly string[]> => {
    const verifier = await clinic(registry, change)
    const request = await verifier.request(citizenQuery)
    return codes(await verifier.verify(await make({ verifier, request }), request))
  }

  test('an issuer that is not trusted', async () => {
    const other = await createRegistry()
    const held = await other.issue()
    expect(await attempt(({ request }) => held.present(request))).toContain('issuer.untrusted')
  })

  test('an issuer that is trusted for another type only', async () => {
    const trust = trustedIssuers({ residency: [registry.did] })
    const held = await registry.issue()
    expect(await attempt(({ request }) => held.present(request), { trust })).toContain(
      'issuer.untrusted',
    )
  })

  test('a credential in which an untrusted issuer names the trusted one', async () => {
    const other = await createRegistry()
    const held = await other.issue({ issuer: registry.did })
    expect(await attempt(({ request }) => held.present(request))).not.toContain('accepted')
  })

  test('a holder proof for another audience', async () => {
    const held = await registry.issue()
    const found = await attempt(({ request }) =>
      held.present({ ...request, audience: 'https://police.example' }),
    )
    expect(found).toEqual(['holder.audience-mismatch'])
  })

  test('a holder proof for another nonce', async () => {
    const held = await registry.issue()
    const found = await attempt(({ request }) =>
      held.present({ ...request, nonce: 'n'.repeat(22) }),
    )
    expect(found).toEqual(['holder.nonce-mismatch'])
  })

  test('a holder proof that is too old, or from the future', async () => {
    const held = await registry.issue()
    const at = (seconds: number) =>
      attempt(({ request }) =>
        held.present(request, { at: new Date(now.getTime() + seconds * 1000) }),
      )
    expect(await at(-361)).toEqual(['holder.too-old'])
    expect(await at(61)).toEqual(['holder.not-yet-valid'])
    expect(await at(-299)).toEqual(['accepted'])
  })

  test('a credential without its holder proof', async () => {
    const { wire } = await registry.issue()
    const found = await attempt(async ({ request: { state } }) => ({
      vp_token: { citizen: [wire] },
      state,
    }))
    expect(found).toContain('holder.binding-missing')
  })

  test('a stolen credential that a thief binds to a key of his own', async () => {
    const held = await registry.issue()
    const thief = await registry.issue()
    const found = await attempt(async ({ request }) => {
      const own = await thief.present(request)
      const keyBinding = (own.vp_token['citizen']?.[0] ?? '').split('~').at(-1)
      return { ...own, vp_token: { citizen: [`${held.wire}${keyBinding}`] } }
    })
    expect(found).toContain('holder.signature-invalid')
  })

  test('a credential bound to nobody, unless the policy of its type says bearer', async () => {
    const held = await registry.issue({ holder: { kind: 'bearer' } })
    const present = ({ request }: { readonly request: Parameters<typeof held.present>[0] }) =>
      held.present(request)
    expect(await attempt(present)).toContain('holder.binding-missing')
    expect(await attempt(present, { holderBinding: { citizenship: 'bearer' } })).toEqual([
      'accepted',
    ])
  })

  test('an expired credential, and one that is not valid yet', async () => {
    const expired = await registry.issue({ validUntil: new Date('2026-11-20T00:00:00Z') })
    const early = await registry.issue({ validFrom: new Date('2026-12-01T00:00:00Z') })
    expect(await attempt(({ request }) => expired.present(request))).toEqual(['credential.expired'])
    expect(await attempt(({ request }) => early.present(request))).toEqual([
      'credential.not-yet-valid',
    ])
  })

  test('a revoked and a suspended credential', async () => {
    const [revoked, suspended] = [await registry.issue(), await registry.issue()]
    await registry.revoke(revoked)
    await registry.suspend(suspended)
    expect(await attempt(({ request }) => revoked.present(request))).toEqual(['status.revoked'])
    expect(await attempt(({ request }) => suspended.present(request))).toEqual(['status.suspended'])
  })

  test('a credential whose status cannot be had, or that has none', async () => {
    const held = await registry.issue()
    const bare = await registry.issue({ status: undefined })
    const status = {
      get: async () => {
        throw new Error('no network')
      },
    }
    expect(await attempt(({ request }) => held.present(request), { status })).toEqual([
      'status.unavailable',
    ])
    expect(await attempt(({ request }) => bare.present(request))).toEqual(['status.missing'])
  })

  test('claims that the schema of the type does not know', async () => {
    const held = await registry.issue({ claims: { ...claims, passport_number: 'X' } })
    expect(await attempt(({ request }) => held.present(request))).toEqual(['claims.invalid'])
  })

  test('a claim that was asked for and not disclosed', async () => {
    const held = await registry.issue()
    expect(await attempt(({ request }) => held.present(request, { disclose: [] }))).toContain(
      'query.unsatisfied',
    )
  })

  test('an answer under an id that nobody asked for', async () => {
    const held = await registry.issue()
    const found = await attempt(({ request }) => held.present(request, { id: 'other' }))
    expect(found).not.toContain('accepted')
  })

  test('two credentials where one was asked for', async () => {
    const [first, second] = [await registry.issue(), await registry.issue()]
    const found = await attempt(async ({ request }) => {
      const one = await first.present(request)
      const two = await second.present(request)
      return {
        ...one,
        vp_token: {
          citizen: [...(one.vp_token['citizen'] ?? []), ...(two.vp_token['citizen'] ?? [])],
        },
      }
    })
    expect(found).not.toContain('accepted')
  })

  test('the same presentation a second time, and only then', async () => {
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    const presentation = await (await registry.issue()).present(request)
    expect(codes(await verifier.verify(presentation, request))).toEqual(['accepted'])
    expect(codes(await verifier.verify(presentation, request))).toEqual(['replay.seen'])
  })

  test('nothing is used up by a broken answer', async () => {
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    const held = await registry.issue()
    const wrong = await held.present({ ...request, nonce: 'n'.repeat(22) })
    expect(codes(await verifier.verify(wrong, request))).toEqual(['holder.nonce-mismatch'])
    expect(codes(await verifier.verify(await held.present(request), request))).toEqual(['accepted'])
  })

  test('a state of another key, of another query, and an expired one', async () => {
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    const held = await registry.issue()
    const presentation = await held.present(request)
    const other = {
      credentials: [{ ...citizenQuery.credentials[0], claims: [{ path: ['given_name'] }] }],
    }
    expect(codes(await verifier.verify(presentation, { ...request, query: other }))).toContain(
      'request.state-invalid',
    )
    const forged = { ...presentation, state: `${request.state.slice(0, -4)}AAAA` }
    expect(codes(await verifier.verify(forged, { query: citizenQuery }))).toContain(
      'request.state-invalid',
    )
    const late = await clinic(registry, { now: () => new Date(now.getTime() + 3_600_000) })
    expect(codes(await late.verify(presentation, request))).toContain('request.expired')
  })

  test('an answer to one request sent with the state of another', async () => {
    const verifier = await clinic(registry)
    const [mine, other] = [
      await verifier.request(citizenQuery),
      await verifier.request(citizenQuery),
    ]
    const presentation = await (await registry.issue()).present(mine)
    const crossed = { ...presentation, state: other.state }
    expect(codes(await verifier.verify(crossed, { query: citizenQuery }))).toEqual([
      'holder.nonce-mismatch',
    ])
    expect(codes(await verifier.verify(crossed, mine))).toContain('request.state-invalid')
  })

  test('any other character anywhere in what was presented', async () => {
    const verifier = await clinic(registry, { replay: 'single-use-by-caller' })
    const request = await verifier.request(citizenQuery)
    const { vp_token, state } = await (await registry.issue()).present(request)
    const wire = vp_token['citizen']?.[0] ?? ''
    await fc.assert(
      fc.asyncProperty(
        fc.nat(wire.length - 1),
        fc.constantFrom('A', 'z', '~', '.', '-', ' '),
        async (at, character) => {
          fc.pre(wire[at] !== character)
          const changed = wire.slice(0, at) + character + wire.slice(at + 1)
          const result = await verifier.verify({ vp_token: { citizen: [changed] }, state }, request)
          expect(result.verified).toBe(false)
        },
      ),
      { numRuns: 120 },
    )
  })

  test('anything at all, without throwing', async () => {
    const verifier = await clinic(registry)
    const request = await verifier.request(citizenQuery)
    const anything = fc.oneof(
      fc.anything(),
      fc.record({ vp_token: fc.anything(), state: fc.anything() }),
      fc.record({ vp_token: fc.record({ citizen: fc.array(fc.anything(), { maxLength: 3 }) }) }),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (presentation) => {
        expect((await verifier.verify(presentation, request)).verified).toBe(false)
      }),
      { numRuns: 150 },
    )
    const huge = { vp_token: { citizen: ['a'.repeat(3_000_000)] }, state: request.state }
    expect((await verifier.verify(huge, request)).verified).toBe(false)
  })
})

describe('what a verifier cannot be made without', () => {
  test.each([
    'audience',
    'types',
    'issuerKeys',
    'trust',
    'formats',
    'status',
    'seal',
    'replay',
    'clockTolerance',
    'maxProofAge',
  ])('%s', async (name) => {
    const options: Record<string, unknown> = { ...(await clinicOptions(registry)) }
    delete options[name]
    expect(() => createVerifier(options as never)).toThrow(TypeError)
  })

  test('a request names a type and a format that it knows', async () => {
    const verifier = await clinic(registry, { types: [residency] })
    await expect(verifier.request(citizenQuery)).rejects.toMatchObject({ code: 'query.invalid' })
  })

  test('a request names a scope of its own audience, or an election for a roll or a poll', async () => {
    const verifier = await clinic(registry)
    const own = serviceScope('https://clinic.example', { part: '2026' })
    expect(await verifier.request(citizenQuery, { scope: own })).toMatchObject({ scope: own })
    const election = electionScope('n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg')
    expect(
      await verifier.request(citizenQuery, { scope: election, purpose: 'roll' }),
    ).toMatchObject({ scope: election })
    for (const [scope, purpose] of [
      [serviceScope('https://shop.example'), 'present'],
      [election, 'present'],
      ['anything', 'poll'],
    ] as const) {
      await expect(verifier.request(citizenQuery, { scope, purpose })).rejects.toThrow(TypeError)
    }
  })
})
