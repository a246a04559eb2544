import { encodeTokenStatusList } from '@asoba/status/token'
import { expect, test } from 'vitest'

// The compressor is free: only for small lists, where ours is zlib at level 9, is the text itself
// the draft's. Elsewhere the bytes behind it are compared.
test('encodes the examples of the draft to the very text', async () => {
  const small = [
    { bits: 1, bytes: new Uint8Array([0xb9, 0xa3]) },
    { bits: 2, bytes: new Uint8Array([0xc9, 0x44, 0xf9]) },
  ]
  const encoded = await Promise.all(small.map(encodeTokenStatusList))
  expect(encoded.map(({ lst }) => lst)).toEqual(['eNrbuRgAAhcBXQ', 'eNo76fITAAPfAgc'])
})
