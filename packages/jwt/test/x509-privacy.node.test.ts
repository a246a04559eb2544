import { everythingIn } from '@asoba/testing'
import { expect, test } from 'vitest'
import { verifyChain, x509Keys } from '../src/x509.ts'
import { at, make } from './certificates.ts'

const secret = 'Kalinouskaja-7c1d'

function silent(result: { readonly verified: boolean }, ...words: readonly string[]): void {
  expect(result.verified).toBe(false)
  for (const word of [secret, ...words]) expect(everythingIn(result)).not.toContain(word)
}

test('no refusal of a certificate holds a name, a key or a byte of it', async () => {
  const anchor = await make({ name: 'CN=Anchor', ca: true })
  const leaf = await make({ name: `CN=${secret}`, by: anchor, kind: 'RSA' })
  const other = await make({ name: `CN=${secret}`, by: await make({ name: 'CN=Other', ca: true }) })
  for (const chain of [[leaf.base64], [other.base64], [secret], [btoa(secret)]]) {
    silent(await verifyChain({ chain, anchors: [anchor.der], at }), ...chain)
  }
  const good = await make({ name: `CN=${secret}`, by: anchor })
  const claim = {
    types: [],
    algorithm: 'ES256',
    x5c: [good.base64],
    purpose: 'credential',
  } as const
  const entry = { issuer: 'x', types: [], mechanism: 'x509', anchors: [anchor.der] } as const
  silent(await x509Keys()(entry, claim, at), good.base64)
})
