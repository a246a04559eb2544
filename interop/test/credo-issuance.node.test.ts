import type { JsonObject } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createIssuer } from '@asoba/issuer'
import {
  createIssuerServer,
  type IssuerServer,
  type IssuerServerOptions,
  memoryOffers,
} from '@asoba/openid4vc/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { type oidfFaults, oidfSuite } from '@asoba/testing/oidf'
import { memoryReplay } from '@asoba/verifier'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent } from './credo-agent.ts'
import { credoReceives } from './credo-roles.ts'
import { nation, serveHandler } from './nation.ts'

let credo: Credo
const closing: (() => Promise<void>)[] = []
beforeAll(async () => {
  credo = await credoAgent()
  closing.push(credo.close)
}, 60_000)
afterAll(async () => {
  for (const close of closing) await close()
})

/** Our issuer, on a port of its own. */
async function serve(more: Partial<IssuerServerOptions> = {}): Promise<IssuerServer> {
  const { citizenship, did, signer } = nation
  const issuer = createIssuer({
    issuer: did,
    types: { citizenship },
    formats: [sdJwtVc({ signer })],
    status: 'none',
    validityDays: 30,
  })
  let made: IssuerServer | undefined
  const { close } = await serveHandler((origin) => {
    made = createIssuerServer({
      url: origin,
      configurations: {
        citizenship: { format: 'dc+sd-jwt', type: citizenship, signedWith: 'ES256' },
      },
      issue: ({ subject, holders }) => {
        const claims = subject as JsonObject
        return issuer.issue({ format: 'dc+sd-jwt', type: 'citizenship', claims, holders })
      },
      seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
      offers: memoryOffers(),
      replay: memoryReplay(),
      batchSize: 3,
      [allowInsecureLoopback]: true,
      ...more,
    })
    return made.handle
  })
  closing.push(close)
  return made as unknown as IssuerServer
}

const offered = {
  configurations: ['citizenship'],
  grant: 'pre-authorized_code',
  subject: nation.claims,
} as const

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
