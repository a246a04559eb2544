import { describe, expect, test } from 'vitest'
import { buildInvalid } from './invalid-vectors.ts'
import { buildValid } from './spec-vectors.ts'

const folder = new URL('../../../../spec/vectors/bbs-2023/', import.meta.url)

describe('spec/vectors/bbs-2023', () => {
  // Changed on purpose? `vitest run -u` writes the files anew.
  test('is what the builder writes', { timeout: 120_000 }, async () => {
    const valid = await buildValid()
    const invalid = await buildInvalid(valid)
    for (const [name, vectors] of Object.entries({ valid, invalid })) {
      const text = `${JSON.stringify(vectors, null, 2)}\n`
      await expect(text).toMatchFileSnapshot(new URL(`${name}.json`, folder).pathname)
    }
    expect(valid.cases.flatMap(({ presentations }) => presentations)).toHaveLength(7)
    expect(invalid.cases.length).toBeGreaterThan(130)
  })
})
