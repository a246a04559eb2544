import { expect, test } from 'vitest'
import { sealCipher as fast } from '../src/seal-cipher.node.ts'
import { sealCipher as web } from '../src/seal-cipher.web.ts'

const secret = new Uint8Array(32).fill(7)
const salt = new Uint8Array(32).fill(9)
const info = new TextEncoder().encode('asoba/seal/v1|test')
const plain = new TextEncoder().encode('{"exp":1,"value":"text"}')

test('seals the same bytes by node:crypto and by WebCrypto', async () => {
  const sealed = await fast(secret).encrypt(salt, info, plain)
  expect(sealed).toEqual(await web(secret).encrypt(salt, info, plain))
  expect(await fast(secret).decrypt(salt, info, sealed)).toEqual(plain)
  expect(await web(secret).decrypt(salt, info, sealed)).toEqual(plain)
})

test.each([
  ['node:crypto', fast],
  ['WebCrypto', web],
])('opens nothing by %s that was changed or is for something else', async (_name, make) => {
  const cipher = make(secret)
  const sealed = await cipher.encrypt(salt, info, plain)
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.map((byte, index) => (index === at ? byte ^ 1 : byte))
    expect(await cipher.decrypt(salt, info, changed)).toBeUndefined()
  }
  expect(await cipher.decrypt(salt, info.subarray(1), sealed)).toBeUndefined()
  expect(
    await cipher.decrypt(
      salt.map((byte) => byte ^ 1),
      info,
      sealed,
    ),
  ).toBeUndefined()
  expect(await make(new Uint8Array(32)).decrypt(salt, info, sealed)).toBeUndefined()
  expect(await cipher.decrypt(salt, info, sealed.subarray(0, 16))).toBeUndefined()
})
