import { createHmac, shuffledHmacLabels, skolemize } from '@asoba/data-integrity/primitives'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawFixedLabels, drawKey, hasFixedLabels, rolesOf } from '../../src/shape/labels.ts'
import { citizenship, claimsOf, credentialOf, processor, types } from './fixtures.ts'

/** By createShuffledIdLabelMapFunction itself: the labels of the roles, in their order. */
async function labelsBy(
  key: Uint8Array,
  credential: ReturnType<typeof credentialOf>,
): Promise<readonly string[]> {
  const { nquads } = await skolemize(processor, credential)
  const canonical = await processor.canonize(nquads)
  const labels = await shuffledHmacLabels(await createHmac(key))(canonical.labels)
  return (await rolesOf(processor, credential)).map(({ label }) => labels.get(label) ?? '')
}

const fixed = (count: number): string[] => Array.from({ length: count }, (_, index) => `b${index}`)

describe('the fixed labels', () => {
  test.each(types)('come out for every credential of $name', async (type) => {
    await fc.assert(
      fc.asyncProperty(claimsOf(type.schema), async (claims) => {
        const credential = credentialOf(type, claims)
        const key = await drawFixedLabels(processor, credential)
        expect(key).toHaveLength(32)
        const labels = await labelsBy(key, credential)
        expect(labels).toEqual(fixed(labels.length))
        expect(await hasFixedLabels(processor, credential, key)).toBe(true)
      }),
      { numRuns: 10 },
    )
  })

  test('are those of createShuffledIdLabelMapFunction, for any key', async () => {
    const credential = credentialOf(citizenship, { given_name: 'Ales' })
    const [, , ...tax] = types
    const receipt = credentialOf(tax[1] as (typeof types)[0], {})
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (key) => {
        for (const one of [credential, receipt]) {
          const labels = await labelsBy(key, one)
          expect([...labels].sort()).toEqual(fixed(labels.length))
          expect(await hasFixedLabels(processor, one, key)).toBe(
            labels.every((label, index) => label === `b${index}`),
          )
        }
      }),
      { numRuns: 40 },
    )
  })

  test('are of the credential, its subject, and the objects in order of their pointers', async () => {
    const roles = await rolesOf(processor, credentialOf(citizenship, {}))
    expect(roles.map(({ pointer }) => pointer)).toEqual([
      '',
      '/credentialSubject',
      '/credentialSubject/age_equal_or_over',
      '/credentialSubject/evidence',
      '/credentialSubject/place_of_birth',
    ])
    expect(roles.map(({ canonical }) => canonical).sort()).toEqual(
      fixed(5).map((label) => label.replace('b', 'c14n')),
    )
  })

  test('are drawn from keys that differ each time', async () => {
    const credential = credentialOf(citizenship, {})
    const keys = await Promise.all([1, 2, 3].map(() => drawFixedLabels(processor, credential)))
    expect(new Set(keys.map(String)).size).toBe(3)
  })

  test('are given up where the keys are always the same', async () => {
    const roles = await rolesOf(processor, credentialOf(citizenship, {}))
    let draws = 0
    const good = drawKey(roles, () => crypto.getRandomValues(new Uint8Array(32)))
    expect(() =>
      drawKey(roles.toReversed(), () => {
        draws++
        return good
      }),
    ).toThrow(expect.objectContaining({ code: 'bbs.labels-not-drawn' }))
    expect(draws).toBe(64 * 120)
  })

  test('are not drawn for more objects than can be, nor for one with a name', async () => {
    const role = { pointer: '', label: 'n0', canonical: 'c14n0' }
    const random = (): Uint8Array => new Uint8Array(32)
    expect(() =>
      drawKey(
        Array.from({ length: 8 }, () => role),
        random,
      ),
    ).toThrow(TypeError)
    for (const id of ['urn:x:1', 'urn:x:n1']) {
      const named = { ...credentialOf(citizenship, {}), id }
      await expect(drawFixedLabels(processor, named)).rejects.toThrow(TypeError)
      expect(await hasFixedLabels(processor, named, random())).toBe(false)
    }
  })
})
