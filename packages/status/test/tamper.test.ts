import { type StatusReference, utf8 } from '@asoba/core'
import {
  bitstringStatus,
  bitstringStatusList,
  checkStatus,
  decodeBitstring,
  decodeTokenStatusList,
  memoryStatusStore,
  type StatusDocument,
  tokenStatus,
  tokenStatusList,
  vcJwtList,
  vcJwtListSigner,
} from '@asoba/status'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  codesOf,
  documentOf,
  entry,
  type Nation,
  nation,
  now,
  optionsFor,
  registry,
  sourceOf,
  uri,
} from './nation.ts'

let home: Nation
let token: StatusDocument
let bitstring: StatusDocument
const times = { ttl: 300, lifetime: 3600 }
const mechanisms = [tokenStatus(), bitstringStatus({ verify: vcJwtList })]
const bitstringEntry: StatusReference = {
  kind: 'bitstring-status-list',
  uri,
  index: 5,
  purpose: 'revocation',
}

beforeAll(async () => {
  home = await nation()
  const store = memoryStatusStore
  const { signer } = home
  const first = tokenStatusList({ uri, size: 64, bits: 1, store: store(), signer, ...times })
  token = documentOf(await first.publish({ now }))
  const second = bitstringStatusList({
    uri,
    issuer: registry,
    size: 131_072,
    purpose: 'revocation',
    store: store(),
    secure: vcJwtListSigner(signer),
    ...times,
  })
  bitstring = documentOf(await second.publish({ now }))
})

const judge = (document: StatusDocument, reference: StatusReference) =>
  checkStatus([reference], optionsFor(home, sourceOf(document), { mechanisms }))

describe('hostile lists', () => {
  test('any byte changed: no list verifies any more', async () => {
    expect((await judge(token, entry(5))).verified).toBe(true)
    expect((await judge(bitstring, bitstringEntry)).verified).toBe(true)
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        for (const [document, reference] of [
          [token, entry(5)],
          [bitstring, bitstringEntry],
        ] as const) {
          const bytes = document.bytes.slice()
          const at = place % bytes.length
          bytes[at] = (bytes[at] as number) ^ change
          expect((await judge({ ...document, bytes }, reference)).verified).toBe(false)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('arbitrary bytes are refused and throw nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string().map(utf8), fc.json().map(utf8)),
        fc.string(),
        async (bytes, mediaType) => {
          const document = { bytes, mediaType, fetchedAt: now }
          expect((await judge(document, entry(0))).verified).toBe(false)
          expect((await judge(document, bitstringEntry)).verified).toBe(false)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('arbitrary references are refused and throw nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), fc.anything(), async (index, at, size) => {
        const odd = { uri: at, index, size } as unknown as StatusReference
        for (const reference of [
          { ...odd, kind: 'token-status-list' },
          { ...odd, kind: 'bitstring-status-list', purpose: 'revocation' },
        ] as StatusReference[]) {
          const result = await judge(token, reference)
          expect(codesOf(result).length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('arbitrary compressed text is read as undefined or as bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.base64String(), fc.string()).map((text) => text.replaceAll('=', '')),
        async (text) => {
          const list = await decodeTokenStatusList({ bits: 1, lst: text })
          expect(list === undefined || list.bytes instanceof Uint8Array).toBe(true)
          const bits = await decodeBitstring(`u${text}`)
          expect(bits === undefined || bits.bytes instanceof Uint8Array).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })
})
