import type { JsonObject } from '@asoba/core'
import { afterAll, describe, expect, test } from 'vitest'
import { ecdsaRdfc2019, ecdsaSd2023, eddsaJcs2022, eddsaRdfc2022 } from '../src/index.ts'
import {
  judged,
  judgedPresentation,
  presented,
  processor,
  shown,
  vocabulary,
} from './rewriting/judging.ts'
import { type Original, originals } from './rewriting/originals.ts'
import { kindNames, rewritings, type Tally } from './rewriting/rewritings.ts'

// Whoever passes a document on can write its statements in other words, and its proof stays right.
// However it is written, a verifier refuses it or makes the same of it. The long run is
// rewriting/long.ts.

const suites = [
  { suite: eddsaRdfc2022(processor), algorithm: 'EdDSA' },
  { suite: ecdsaRdfc2019(processor), algorithm: 'ES384' },
  { suite: ecdsaSd2023(processor), algorithm: 'ES256' },
] as const
const attempts = 3 * kindNames.length
const tally: Tally = { made: new Map(), dropped: 0 }

async function compare(
  document: JsonObject,
  original: Original,
  seed: number,
  judge: (document: unknown) => Promise<unknown>,
): Promise<{ readonly same: number; readonly refused: number }> {
  const expected = await judge(document)
  expect(expected === undefined).toBe(original.refused === true)
  let [same, refused] = [0, 0]
  for await (const one of rewritings(document, { processor, vocabulary, seed, attempts, tally })) {
    const found = await judge(one.document)
    if (found === undefined) refused++
    else {
      expect(found, `seed ${seed}: ${one.kinds.join(', ')}`).toEqual(expected)
      same++
    }
  }
  return { same, refused }
}

describe.each(originals.map((one, index) => [one.name, one, index] as const))(
  '%s',
  (_, one, index) => {
    test('in other words is the same or is refused', { timeout: 60_000 }, async () => {
      const all = suites.filter(({ suite }) => suite.derive === undefined || one.whole !== true)
      const { suite, algorithm } = all[index % all.length] as (typeof suites)[number]
      const document = await shown(one, suite, algorithm)
      const { same, refused } = await compare(document, one, 1000 + index, (each) =>
        judged(each, suite, one),
      )
      expect(same + refused).toBeGreaterThan(20)
      if (one.refused !== true) expect(same).toBeGreaterThan(0)
    })
  },
)

test.each(originals.slice(0, 6).map((one, index) => [one.name, one, index] as const))(
  'a presentation of %s in other words is the same or is refused',
  { timeout: 60_000 },
  async (_, one, index) => {
    const suite = eddsaRdfc2022(processor)
    const document = await shown(one, suite, 'EdDSA')
    const other = await shown(originals[0] as Original, suite, 'EdDSA')
    const presentation = await presented(index % 2 === 0 ? [document] : [document, other], suite)
    await compare(presentation, one, 2000 + index, (each) => judgedPresentation(each, suite, one))
  },
)

test('over JSON nothing can be written in other words', { timeout: 60_000 }, async () => {
  const suite = eddsaJcs2022()
  const one = originals.find(({ name }) => name === 'values of every kind') as Original
  const document = await shown(one, suite, 'EdDSA')
  const expected = await judged(document, suite, one)
  const options = { processor, vocabulary, seed: 3000, attempts, tally }
  let same = 0
  for await (const { document: written, kinds } of rewritings(document, options)) {
    const found = await judged(written, suite, one)
    if (found === undefined) continue
    expect(found, kinds.join(', ')).toEqual(expected)
    same++
  }
  // JSON has no order of members, and a context may be added behind those signed.
  expect(same).toBeGreaterThan(0)
})

afterAll(() => {
  // A kind that nothing comes of proves nothing.
  const idle = kindNames.filter((name) => !tally.made.has(name))
  expect(idle).toEqual([])
})
