import type { IssuerServer, IssuerServerOptions } from '@asoba/openid4vc/issuer'
import { type oidfFaults, oidfSuite } from '@asoba/testing/oidf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent } from './credo-agent.ts'
import { credoReceives } from './credo-roles.ts'
import { nation } from './nation.ts'
import { offered, serveIssuer } from './our-issuer.ts'

let credo: Credo
const closing: (() => Promise<void>)[] = []
beforeAll(async () => {
  credo = await credoAgent()
  closing.push(credo.close)
}, 60_000)
afterAll(async () => {
  for (const close of closing) await close()
})

async function serve(more: Partial<IssuerServerOptions> = {}): Promise<IssuerServer> {
  const { server, close } = await serveIssuer(more)
  closing.push(close)
  return server
}

test.each<[string, Partial<IssuerServerOptions>]>([
  ['with DPoP where it likes', {}],
  ['with DPoP where it must', { dpop: 'required' }],
])('Credo as wallet takes our offer by pre-authorised code, %s', async (_title, more) => {
  const server = await serve(more)
  const { link, txCode } = await server.createOffer({ ...offered, txCode: { length: 6 } })
  const [credential] = await credoReceives(credo, link, txCode)
  const copies = credential?.record.credentialInstances ?? []
  expect(copies).toHaveLength(3)
  for (const copy of copies as readonly { readonly compactSdJwtVc: string }[]) {
    const { compactSdJwtVc } = copy
    const judged = await credo.agent.sdJwtVc.verify({ compactSdJwtVc })
    expect(judged.isValid).toBe(true)
    expect(judged.sdJwtVc?.prettyClaims).toMatchObject({
      vct: nation.citizenship.vct,
      citizen: true,
    })
  }
})

test('Credo as wallet fetches an offer by its link', async () => {
  const server = await serve()
  const { link } = await server.createOffer({ ...offered, by: 'reference', txCode: 'none' })
  expect(await credoReceives(credo, link)).toHaveLength(1)
})

test('Credo as wallet gets nothing for a wrong transaction code, and nothing twice', async () => {
  const server = await serve()
  const { link, txCode } = await server.createOffer({ ...offered, txCode: { length: 6 } })
  await expect(credoReceives(credo, link, '000000x')).rejects.toThrow()
  await credoReceives(credo, link, txCode)
  await expect(credoReceives(credo, link, txCode)).rejects.toThrow()
})

oidfSuite((faults: ReturnType<typeof oidfFaults>) => {
  test('what Credo reads the conformance suite has nothing to say about', async () => {
    const { metadata, createOffer } = await serve()
    expect(await faults('credential_issuer_metadata', metadata)).toEqual([])
    const { offer } = await createOffer({ ...offered, txCode: 'none' })
    expect(await faults('credential_offer', offer)).toEqual([])
  })
})
