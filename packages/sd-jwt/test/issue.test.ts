import { describe, expect, test } from 'vitest'
import { issueSdJwt, type OpenedSdJwt, openSdJwt, presentSdJwt } from '../src/index.ts'
import { claims, codes, deepFreeze, signer } from './fixtures.ts'

async function issued(
  disclosable: readonly (readonly (string | number | null)[])[],
  options: { readonly decoys?: number } = {},
): Promise<OpenedSdJwt> {
  const wire = await issueSdJwt(deepFreeze(structuredClone(claims)), {
    signer,
    typ: 'example+sd-jwt',
    disclosable: deepFreeze(disclosable),
    ...options,
  })
  const opened = openSdJwt(wire)
  if (!opened.verified) throw new Error(codes(opened).join())
  return opened
}

describe('issueSdJwt', () => {
  test('hides nothing but what the paths name, and comes back whole', async () => {
    const { payload, claims: back } = await issued([['given_name'], ['place_of_birth', 'locality']])
    expect(payload).not.toHaveProperty('given_name')
    expect(payload['place_of_birth']).toMatchObject({ country: 'BY', _sd: [expect.any(String)] })
    expect(back).toEqual(claims)
  })

  test('makes every element of an array a disclosure in its place', async () => {
    const { payload, disclosed } = await issued([['nationalities', null]])
    expect(payload['nationalities']).toEqual(new Array(3).fill({ '...': expect.any(String) }))
    expect(disclosed.map(({ path }) => path)).toEqual([0, 1, 2].map((at) => ['nationalities', at]))
  })

  test('makes recursive disclosures of paths below others', async () => {
    const { disclosed, payload } = await issued([
      ['age_equal_or_over'],
      ['age_equal_or_over', '18'],
    ])
    expect(payload).not.toHaveProperty('age_equal_or_over')
    expect(disclosed.map(({ path }) => path.length).toSorted()).toEqual([1, 2])
  })

  test('adds as many decoys as told, where something is hidden and nowhere else', async () => {
    const { payload, disclosed } = await issued([['given_name'], ['nationalities', 1]], {
      decoys: 3,
    })
    expect(payload['_sd']).toHaveLength(4)
    expect(payload['nationalities']).toHaveLength(6)
    expect(payload['place_of_birth']).toEqual(claims['place_of_birth'])
    expect(disclosed).toHaveLength(2)
  })

  test('sorts digests, so that the order of the claims is lost', async () => {
    const { payload } = await issued([['given_name'], ['family_name'], ['citizen']], { decoys: 5 })
    const digests = payload['_sd'] as readonly string[]
    expect(digests).toEqual(digests.toSorted())
  })

  test('draws a new salt of more than 128 bits for every disclosure of every copy', async () => {
    const salts = new Set<string>()
    for (let copy = 0; copy < 30; copy++) {
      const { disclosed } = await issued([['given_name'], ['nationalities', null]])
      for (const { disclosure } of disclosed) salts.add(disclosure.salt)
    }
    expect(salts.size).toBe(30 * 4)
    for (const salt of salts) expect(salt).toMatch(/^[\w-]{22}$/)
  })

  test('writes neither _sd nor _sd_alg where nothing is hidden', async () => {
    expect((await issued([['no_such_claim']])).payload).toEqual(claims)
  })

  test.each(['_sd', '...', '_sd_alg'])('refuses a claim named %s, at any depth', async (name) => {
    const options = { signer, typ: 'x', disclosable: [] }
    await expect(issueSdJwt({ [name]: 1 }, options)).rejects.toThrow(TypeError)
    await expect(issueSdJwt({ a: [{ b: { [name]: 1 } }] }, options)).rejects.toThrow(TypeError)
  })
})

describe('presentSdJwt', () => {
  const disclosable = [
    ['given_name'],
    ['nationalities'],
    ['nationalities', null],
    ['age_equal_or_over'],
    ['age_equal_or_over', '18'],
    ['age_equal_or_over', '65'],
  ]
  const show = async (disclose: readonly (readonly (string | number | null)[])[]) => {
    const wire = await issueSdJwt(claims, { signer, typ: 'x', disclosable })
    const opened = openSdJwt(await presentSdJwt(wire, { disclose, keyBinding: 'none' }))
    if (!opened.verified) throw new Error('does not open')
    return opened
  }

  test('discloses nothing where nothing is chosen', async () => {
    const { claims: shown } = await show([])
    const { given_name: _g, nationalities: _n, age_equal_or_over: _a, ...always } = claims
    expect(shown).toEqual(always)
  })

  test('includes what a chosen claim lies in, and nothing beside it', async () => {
    const { claims: shown, disclosed } = await show([['age_equal_or_over', '18']])
    expect(shown['age_equal_or_over']).toEqual({ '18': true })
    expect(disclosed).toHaveLength(2)
  })

  test('does not include what lies below a chosen claim', async () => {
    expect((await show([['nationalities']])).claims['nationalities']).toEqual([])
  })

  test('takes one element of an array, or all of them', async () => {
    expect((await show([['nationalities', 1]])).claims['nationalities']).toEqual(['PL'])
    const all = await show([['nationalities', null]])
    expect(all.claims['nationalities']).toEqual(['BY', 'PL', 'LT'])
  })

  test('a path to what is always shown is no mistake, a path to nothing is', async () => {
    expect((await show([['citizen']])).disclosed).toEqual([])
    await expect(show([['no_such_claim']])).rejects.toThrow(TypeError)
  })

  test('keeps the issuer’s order whatever the order of the choice', async () => {
    const wire = await issueSdJwt(claims, { signer, typ: 'x', disclosable })
    const one = await presentSdJwt(wire, {
      disclose: [['given_name'], ['nationalities', 2], ['nationalities', 0]],
      keyBinding: 'none',
    })
    const other = await presentSdJwt(wire, {
      disclose: [['nationalities', 0], ['nationalities', 2], ['given_name']],
      keyBinding: 'none',
    })
    expect(one).toBe(other)
  })

  test('refuses what is no credential to hold', async () => {
    const wire = await issueSdJwt(claims, { signer, typ: 'x', disclosable })
    const options = { disclose: [], keyBinding: 'none' } as const
    for (const broken of ['', 'x', wire.slice(0, -1), `${wire}x`, `${wire}WyJzIiwxXQ~`]) {
      await expect(presentSdJwt(broken, options)).rejects.toMatchObject({
        code: 'credential.malformed',
      })
    }
  })
})
