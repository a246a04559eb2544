import { digest, type PresentationContext } from '@asoba/core'
import { encode } from 'cborg'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { presentationHeader } from '../../src/index.ts'

const text = fc.string({ unit: 'binary', maxLength: 300 })
const contexts = fc.record(
  {
    audience: text,
    nonce: text,
    purpose: fc.constantFrom('present', 'roll', 'poll'),
    responseUri: text,
    encryptionKeyThumbprint: text,
    payloadHash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  },
  { requiredKeys: ['audience', 'nonce', 'purpose'] },
) as fc.Arbitrary<Omit<PresentationContext, 'now'>>

test('the presentation header is the hash of the CBOR that the profile says', async () => {
  await fc.assert(
    fc.asyncProperty(contexts, async (context) => {
      const { audience, nonce, purpose, responseUri = '', encryptionKeyThumbprint = '' } = context
      const { payloadHash = new Uint8Array(32) } = context
      const parts = [audience, nonce, responseUri, encryptionKeyThumbprint, purpose, payloadHash]
      const expected = await digest('SHA-256', encode(['asoba/ph/v1', ...parts]))
      expect(await presentationHeader(context)).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})

test.each([23, 24, 255, 256, 65_535, 65_536])(
  'a text of %d bytes has the shortest head',
  async (length) => {
    const nonce = 'n'.repeat(length)
    const parts = ['asoba/ph/v1', 'a', nonce, '', '', 'poll', new Uint8Array(32)]
    expect(await presentationHeader({ audience: 'a', nonce, purpose: 'poll' })).toEqual(
      await digest('SHA-256', encode(parts)),
    )
  },
)

test('a payload hash of another length is a mistake of the caller', async () => {
  const context = {
    audience: 'a',
    nonce: 'n',
    purpose: 'poll',
    payloadHash: new Uint8Array(31),
  } as const
  await expect(presentationHeader(context)).rejects.toThrow(TypeError)
})
