import type { JsonObject } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import { codes, testServer } from './server.ts'

const server = testServer()
const issuers = [
  'eddsa-rdfc-2022',
  'ecdsa-jcs-2019-p384',
  'bbs-2023',
  'vc-jwt-es256',
  'vc-sd-jwt-es256',
]

vectorSuite('w3c-vcdm2-inputs', async (vectors) => {
  const files = (await vectors.files('input')).filter((path) =>
    /credential-[^/]*\.json$/.test(path),
  )
  // Those with words in place of dates are completed by the suite; one has a proof already.
  const isWhole = (path: string) => !/validUntil-validFrom|proof|issuer-null|-or-inject/.test(path)
  const whole = files.filter(isWhole)
  const bad = whole.filter((path) => path.endsWith('-fail.json'))
  const good = whole.filter((path) => path.endsWith('-ok.json'))

  test('there are enough of them', () => {
    expect(good.length).toBeGreaterThan(30)
    expect(bad.length).toBeGreaterThan(25)
  })

  test.each(issuers)('%s issues every credential of the suite that is right', async (name) => {
    for (const path of good) {
      const answer = await server.issue(name, await vectors.json<JsonObject>(path))
      expect([path, answer.status, codes(answer)]).toEqual([path, 201, []])
    }
  })

  test.each(issuers)('%s issues none that is not', async (name) => {
    for (const path of bad) {
      const answer = await server.issue(name, await vectors.json<JsonObject>(path))
      expect([path, answer.status]).toEqual([path, 400])
    }
  })
})
