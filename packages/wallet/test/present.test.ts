import {
  AsobaError,
  type CredentialFormat,
  type JsonObject,
  memoryVault,
  type Presentation,
  type PresentationRequest,
  type Vault,
} from '@asoba/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createWallet, type Match, type Wallet } from '../src/index.ts'
import {
  contentsOf,
  contextFor,
  doctor,
  format,
  issue,
  leaves,
  now,
  requestFor,
  types,
  vct,
  walletWith,
} from './fixtures.ts'

const code = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof AsobaError ? error.code : String(error)),
  )

async function answer(wallet: Wallet, request: PresentationRequest): Promise<Presentation> {
  const [match] = await wallet.match(request)
  return wallet.present(request, match as Match)
}

async function learntFrom(
  presentation: Presentation,
  request: PresentationRequest,
): Promise<JsonObject> {
  const wire = presentation.vp_token['citizen']?.[0]
  const result = await format.verify(wire, contextFor(request))
  if (!result.verified) throw new Error(JSON.stringify(result.problems))
  return result.claims
}

describe('presenting', () => {
  test('answers in the shape of OpenID4VP, with the state unread', async () => {
    const { wallet } = await walletWith(1)
    const request = requestFor([['citizen']], { state: 'opaque~state' })
    const presentation = await answer(wallet, request)
    expect(Object.keys(presentation)).toEqual(['vp_token', 'state'])
    expect(presentation.state).toBe('opaque~state')
    expect(Object.keys(presentation.vp_token)).toEqual(['citizen'])
    expect(presentation.vp_token['citizen']).toHaveLength(1)
  })

  test('is bound to audience and nonce', async () => {
    const { wallet } = await walletWith(1)
    const request = requestFor([['citizen']])
    const presentation = await answer(wallet, request)
    expect((await learntFrom(presentation, request))['citizen']).toBe(true)
    for (const other of [{ audience: 'https://shop.example' }, { nonce: 'another-nonce' }]) {
      await expect(learntFrom(presentation, { ...request, ...other })).rejects.toThrow()
    }
  })

  test('tells exactly what the holder was told, and nothing more', async () => {
    const askable = [
      ['citizen'],
      ['given_name#be'],
      ['birthdate'],
      ['place_of_birth'],
      ['place_of_birth', 'country'],
      ['nationalities'],
      ['nationalities', 0],
      ['age_equal_or_over', '18'],
      ['age_equal_or_over'],
      ['evidence', 'assurance_level'],
    ]
    const { wallet } = await walletWith(40)
    await fc.assert(
      fc.asyncProperty(fc.subarray(askable), async (asked) => {
        const request = requestFor(asked)
        const [match] = await wallet.match(request)
        const presentation = await wallet.present(request, match as Match)
        const learnt = await learntFrom(presentation, request)
        const told = [...(match?.disclosed ?? []), ...(match?.shown ?? [])].map(
          ({ path, value }) => `${JSON.stringify(path)}: ${JSON.stringify(value)}`,
        )
        expect(leaves(learnt).sort()).toEqual(told.sort())
      }),
      { numRuns: 40 },
    )
  })

  test('keeps the place of an element whose neighbours are withheld out of sight', async () => {
    const { wallet } = await walletWith(1)
    const request = requestFor([['nationalities', 1]])
    const [match] = await wallet.match(request)
    expect(match?.disclosed).toEqual([
      { query: 'citizen', path: ['nationalities', 1], value: 'LT' },
    ])
    const learnt = await learntFrom(await wallet.present(request, match as Match), request)
    // What a verifier sees has moved left: how many elements there are is not told.
    expect(learnt['nationalities']).toEqual(['LT'])
  })

  test('answers several queries, each with its own credential', async () => {
    const { wallet } = await walletWith(1)
    const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    await wallet.receive(await issue(holders, { type: types.profession, claims: doctor }))
    const query = {
      credentials: [
        {
          id: 'citizen',
          format: 'dc+sd-jwt',
          meta: { vct_values: [vct] },
          claims: [{ path: ['citizen'] }],
        },
        {
          id: 'doctor',
          format: 'dc+sd-jwt',
          meta: { vct_values: [types.profession.vct] },
          claims: [{ path: ['occupation', 'isco_08'] }],
        },
      ],
    }
    const { vp_token } = await answer(wallet, requestFor([], { query }))
    expect(Object.keys(vp_token)).toEqual(['citizen', 'doctor'])
  })

  test('spends one copy on two queries for one credential', async () => {
    const { wallet } = await walletWith(2)
    const query = {
      credentials: ['a', 'b'].map((id) => ({
        id,
        format: 'dc+sd-jwt',
        meta: { vct_values: [vct] },
        claims: [{ path: [id === 'a' ? 'citizen' : 'birthdate'] }],
      })),
    }
    const { vp_token } = await answer(wallet, requestFor([], { query }))
    expect(Object.keys(vp_token)).toEqual(['a', 'b'])
    expect(await wallet.list()).toMatchObject([{ copiesLeft: 1 }])
  })
})

describe('a match', () => {
  const request = requestFor([['citizen']])
  const changes: [string, (match: Match) => unknown][] = [
    ['nothing', () => undefined],
    ['an empty object', () => ({})],
    ['one with less on the screen than is sent', (match) => ({ ...match, disclosed: [] })],
    [
      'one with more',
      (match) => ({ ...match, disclosed: [...match.disclosed, ...match.disclosed] }),
    ],
    [
      'another value',
      (match) => ({ ...match, disclosed: [{ ...match.disclosed[0], value: false }] }),
    ],
    ['one that hides what stays', (match) => ({ ...match, withheld: [] })],
    ['one that hides what is always told', (match) => ({ ...match, shown: [] })],
    ['another audience', (match) => ({ ...match, audience: 'https://shop.example' })],
    ['another nonce', (match) => ({ ...match, nonce: 'another' })],
    [
      'another credential',
      (match) => ({ ...match, answers: [{ ...match.answers[0], credential: 'x' }] }),
    ],
    ['no answers', (match) => ({ ...match, answers: [] })],
  ]
  test.each(changes)('is refused where it is %s', async (_name, change) => {
    const { wallet } = await walletWith(1)
    const [match] = await wallet.match(request)
    const presented = wallet.present(request, change(match as Match) as Match)
    expect(await code(presented)).toBe('wallet.match-stale')
    expect(await wallet.list()).toMatchObject([{ copiesLeft: 1 }])
  })

  test('is not one for another request', async () => {
    const { wallet } = await walletWith(1)
    const [match] = await wallet.match(request)
    const other = requestFor([['birthdate']], { nonce: request.nonce })
    expect(await code(wallet.present(other, match as Match))).toBe('wallet.match-stale')
  })

  test('ends with the credential', async () => {
    let time = now
    const { wallet } = await walletWith(1, { now: () => time })
    const [match] = await wallet.match(request)
    time = new Date('2027-03-01')
    expect(await code(wallet.present(request, match as Match))).toBe('wallet.match-stale')
    time = now
    await wallet.forget((await wallet.list())[0]?.id as string)
    expect(await code(wallet.present(request, match as Match))).toBe('wallet.match-stale')
  })

  test('stays good when another presentation took the copy it showed', async () => {
    const { wallet } = await walletWith(2)
    const [match] = await wallet.match(request)
    await answer(wallet, requestFor([['birthdate']]))
    expect(await code(wallet.present(request, match as Match))).toBe('nothing was thrown')
  })
})

describe('one-time copies', () => {
  test('are shown once, and share no value between two verifiers but what was told', async () => {
    const { wallet } = await walletWith(2)
    const first = requestFor([['citizen']])
    const second = requestFor([['citizen']], { audience: 'https://shop.example' })
    const one = (await answer(wallet, first)).vp_token['citizen']?.[0] as string
    const two = (await answer(wallet, second)).vp_token['citizen']?.[0] as string
    const parts = (wire: string): string[] => wire.split(/[.~]/).filter((part) => part !== '')
    const header = parts(one)[0] as string
    const shared = parts(one).filter((part) => parts(two).includes(part))
    // The headers say which algorithm and which form; nothing else is alike.
    const headerOfProof = parts(one).at(-3) as string
    expect(shared.filter((part) => part !== header && part !== headerOfProof)).toEqual([])
  })

  test('end: then nothing is presented before a new batch', async () => {
    const { wallet } = await walletWith(1)
    await answer(wallet, requestFor([['citizen']]))
    for (const audience of ['https://clinic.example', 'https://shop.example']) {
      const request = requestFor([['citizen']], { audience })
      const [match] = await wallet.match(request)
      expect(match?.answers[0]?.copiesLeft).toBe(0)
      expect(await code(wallet.present(request, match as Match))).toBe('wallet.copies-exhausted')
    }
    const holders = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
    await wallet.receive(await issue(holders))
    expect(await code(answer(wallet, requestFor([['citizen']])))).toBe('nothing was thrown')
  })

  test('are never given to two presentations at one moment', async () => {
    const { wallet } = await walletWith(2)
    const requests = [1, 2, 3, 4].map(() => requestFor([['citizen']]))
    const outcomes = await Promise.all(requests.map((request) => code(answer(wallet, request))))
    expect(outcomes.sort()).toEqual([
      'nothing was thrown',
      'nothing was thrown',
      'wallet.copies-exhausted',
      'wallet.copies-exhausted',
    ])
  })

  test('are marked before they are handed out: a crash spends a copy, and shows none twice', async () => {
    const order: string[] = []
    const kept = memoryVault()
    const vault: Vault = {
      ...kept,
      set: async (id, value) => {
        order.push('set')
        await kept.set(id, value)
      },
    }
    let crash = true
    const crashing: CredentialFormat = {
      ...format,
      present: async (...given) => {
        order.push('present')
        if (crash) throw new Error('power cut')
        return format.present(...(given as Parameters<typeof format.present>))
      },
    } as CredentialFormat
    const wallet = createWallet({ formats: [crashing], vault, now: () => now })
    await wallet.receive(await issue(await wallet.prepare({ format: 'dc+sd-jwt', count: 2 })))
    order.length = 0
    await expect(answer(wallet, requestFor([['citizen']]))).rejects.toThrow('power cut')
    expect(order).toEqual(['set', 'present'])
    crash = false
    const again = createWallet({ formats: [crashing], vault, now: () => now })
    expect(await again.list()).toMatchObject([{ copies: 2, copiesLeft: 1 }])
  })

  test('are not spent when they cannot be marked', async () => {
    const kept = memoryVault()
    let full = false
    let presented = 0
    const vault: Vault = {
      ...kept,
      set: async (id, value) => {
        if (full) throw new Error('disk full')
        await kept.set(id, value)
      },
    }
    const counting = {
      ...format,
      present: async (...given: Parameters<typeof format.present>) => {
        presented++
        return format.present(...given)
      },
    }
    const wallet = createWallet({ formats: [counting], vault, now: () => now })
    await wallet.receive(await issue(await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })))
    full = true
    await expect(answer(wallet, requestFor([['citizen']]))).rejects.toThrow('disk full')
    expect(presented).toBe(0)
  })

  test('leave no trace in the vault of where they went', async () => {
    for (const reuse of ['never', 'same-verifier', 'any'] as const) {
      const { wallet, vault } = await walletWith(1, { reuse })
      const request = requestFor([['citizen']])
      await answer(wallet, request)
      const contents = await contentsOf(vault)
      expect(contents).not.toContain('clinic')
      expect(contents).not.toContain(request.nonce)
      expect(contents).not.toContain('2026-11-24T')
    }
  })
})

describe('reuse', () => {
  const clinic = (): PresentationRequest => requestFor([['citizen']])
  const shop = (): PresentationRequest =>
    requestFor([['citizen']], { audience: 'https://shop.example' })
  const keyOf = (presentation: Presentation): string =>
    String(presentation.vp_token['citizen']?.[0]).split('.')[1] ?? ''

  test('same-verifier: one verifier sees one copy again, another one never does', async () => {
    const { wallet } = await walletWith(2, { reuse: 'same-verifier' })
    const first = keyOf(await answer(wallet, clinic()))
    const other = keyOf(await answer(wallet, shop()))
    expect(other).not.toBe(first)
    expect(keyOf(await answer(wallet, clinic()))).toBe(first)
    expect(keyOf(await answer(wallet, shop()))).toBe(other)
    const third = requestFor([['citizen']], { audience: 'https://third.example' })
    expect(await code(answer(wallet, third))).toBe('wallet.copies-exhausted')
  })

  test('any: fresh copies first, then used ones', async () => {
    const { wallet } = await walletWith(2, { reuse: 'any' })
    const first = keyOf(await answer(wallet, clinic()))
    const second = keyOf(await answer(wallet, clinic()))
    expect(second).not.toBe(first)
    expect([first, second]).toContain(keyOf(await answer(wallet, shop())))
  })

  test('never: a copy shown under a laxer rule stays shown', async () => {
    const { wallet, vault } = await walletWith(1, { reuse: 'any' })
    await answer(wallet, clinic())
    const strict = createWallet({ formats: [format], vault, now: () => now })
    expect(await code(answer(strict, clinic()))).toBe('wallet.copies-exhausted')
  })
})
