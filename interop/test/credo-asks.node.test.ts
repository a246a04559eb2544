import { didResolver, key } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createPresentationClient, type PresentationClient } from '@asoba/openid4vc/wallet'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet } from '@asoba/wallet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent, didKeyOf } from './credo-agent.ts'
import { credoAsks, credoCertificates } from './credo-roles.ts'
import { citizenQuery, citizenshipFor } from './nation.ts'

type RequestSigner = Parameters<typeof credoAsks>[1]

let credo: Credo
let client: PresentationClient
let askers: Readonly<Record<string, RequestSigner>>

beforeAll(async () => {
  credo = await credoAgent()
  const { anchor, leaf } = await credoCertificates(credo)
  const { didUrl } = await didKeyOf(credo)
  askers = {
    x509_san_dns: { method: 'x5c', x5c: [leaf], clientIdPrefix: 'x509_san_dns' },
    x509_hash: { method: 'x5c', x5c: [leaf], clientIdPrefix: 'x509_hash' },
    decentralized_identifier: { method: 'did', didUrl },
    redirect_uri: { method: 'none' },
  }
  const wallet = createWallet({ formats: [sdJwtVc()], reuse: 'any' })
  const [holder] = await wallet.prepare({ format: 'dc+sd-jwt', count: 1 })
  if (holder === undefined) throw new Error('there is no key')
  await wallet.receive([await citizenshipFor(holder)])
  client = createPresentationClient({
    wallet,
    verifiers: {
      x509: [Uint8Array.from(Buffer.from(anchor, 'base64'))],
      did: didResolver({ methods: [key] }),
      unsigned: 'accepted',
    },
    fetch,
    [allowInsecureLoopback]: true,
  })
}, 60_000)
afterAll(() => credo.close())

/** What our wallet makes of a link. */
async function answered(link: string) {
  const reading = await client.readRequest(link)
  if (!reading.verified) return { problems: reading.problems.map(({ code }) => code) }
  const [match] = await client.match(reading.incoming)
  if (match === undefined) throw new Error('nothing in the wallet answers this')
  return { by: reading.incoming.verifier.by, sent: await client.respond(reading.incoming, match) }
}

test.each([
  ['x509_san_dns', 'x509'],
  ['x509_hash', 'x509'],
  ['decentralized_identifier', 'did'],
  ['redirect_uri', 'nobody'],
])('our wallet answers Credo as verifier, %s', async (prefix, by) => {
  const signer = askers[prefix] as RequestSigner
  const { link, judged } = await credoAsks(credo, signer, citizenQuery as never)
  expect(await answered(link)).toMatchObject({ by, sent: { kind: 'posted' } })
  const { dcql } = await judged()
  expect(dcql?.presentationResult.can_be_satisfied).toBe(true)
  expect(dcql?.presentations['citizen']?.[0]).toMatchObject({ prettyClaims: { citizen: true } })
})

test('our wallet goes on where Credo sends it', async () => {
  const signer = askers['x509_hash'] as RequestSigner
  const authorizationResponseRedirectUri = 'https://peer.example/thanks'
  const { link } = await credoAsks(credo, signer, citizenQuery as never, {
    authorizationResponseRedirectUri,
  })
  const { sent } = (await answered(link)) as { readonly sent: object }
  expect(sent).toEqual({ kind: 'posted', redirectTo: authorizationResponseRedirectUri })
})

test('our wallet says no, which Credo takes for a broken answer', async () => {
  const signer = askers['x509_hash'] as RequestSigner
  const { link, session } = await credoAsks(credo, signer, citizenQuery as never)
  const reading = await client.readRequest(link)
  if (!reading.verified) throw new Error('the request was refused')
  await expect(client.decline(reading.incoming)).rejects.toMatchObject({ code: 'network.failed' })
  expect((await session()).state).toBe('Error')
})
