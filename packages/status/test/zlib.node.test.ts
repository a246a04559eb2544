import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import * as node from '../src/zlib.node.ts'
import * as web from '../src/zlib.web.ts'

// Two implementations of one thing, chosen by the platform: what one accepts the other must accept.
const some = new Uint8Array(100_000).map((_, at) => (at % 997 === 0 ? at : 0))

test.each(['deflate', 'gzip'] as const)('%s: each reads what the other wrote', async (format) => {
  expect(await web.decompress(format, node.compress(format, some), 100_000)).toEqual(some)
  expect(node.decompress(format, await web.compress(format, some), 100_000)).toEqual(some)
})

test.each(['deflate', 'gzip'] as const)('%s: both refuse the same streams', async (format) => {
  const right = node.compress(format, some)
  const changed = right.slice()
  changed[right.length - 1] = (changed[right.length - 1] as number) ^ 1
  const wrong: [Uint8Array, number][] = [
    [right, 99_999],
    [right, 0],
    [right.subarray(0, -1), 100_000],
    [new Uint8Array([...right, 0]), 100_000],
    [new Uint8Array([...right, ...right]), 200_000],
    [changed, 100_000],
    [new Uint8Array(), 100_000],
    [node.compress(format === 'gzip' ? 'deflate' : 'gzip', some), 100_000],
  ]
  for (const [bytes, limit] of wrong) {
    expect(node.decompress(format, bytes, limit)).toBeUndefined()
    expect(await web.decompress(format, bytes, limit)).toBeUndefined()
  }
})

test('a second gzip member is not appended to the first', async () => {
  const two = new Uint8Array(Buffer.concat([gzipSync(some), gzipSync(new Uint8Array(10))]))
  expect(node.decompress('gzip', two, 200_000)).toBeUndefined()
  expect(await web.decompress('gzip', two, 200_000)).toBeUndefined()
})

test.each([1, 100, 16_384, 100_000, 1_250_000])(
  'keeps no more than twice the memory of a list of %i bytes',
  (length) => {
    const list = new Uint8Array(length).map((_, at) => (at % 97 === 0 ? at : 0))
    const bytes = node.decompress('deflate', node.compress('deflate', list), 16_777_216)
    expect(bytes).toEqual(list)
    expect(bytes?.buffer.byteLength).toBeLessThanOrEqual(2 * length)
  },
)
