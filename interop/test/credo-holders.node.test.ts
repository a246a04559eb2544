import { randomSecrets } from '@asoba/core'
import { sdJwtVc } from '@asoba/sd-jwt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Credo, credoAgent, didKeyOf } from './credo-agent.ts'
import { credoAsks, credoCertificates, credoOffers, membershipFor, peerVct } from './credo-roles.ts'
import { citizenQuery, citizenshipFor } from './nation.ts'
import { plainAnswers, plainReceives } from './plain-wallet.ts'

let credo: Credo
let issuer: { readonly didUrl: string }
beforeAll(async () => {
  credo = await credoAgent(membershipFor(() => issuer.didUrl))
  issuer = await didKeyOf(credo)
}, 60_000)
afterAll(() => credo.close())

type Asker = 'x509_san_dns' | 'x509_hash' | 'decentralized_identifier'
type RequestSigner = Parameters<typeof credoAsks>[1]

/** Ways in which Credo signs what it asks. */
async function askers(): Promise<Record<Asker, RequestSigner>> {
  const { leaf } = await credoCertificates(credo)
  const { didUrl } = await didKeyOf(credo)
  return {
    x509_san_dns: { method: 'x5c', x5c: [leaf], clientIdPrefix: 'x509_san_dns' },
    x509_hash: { method: 'x5c', x5c: [leaf], clientIdPrefix: 'x509_hash' },
    decentralized_identifier: { method: 'did', didUrl },
  }
}

test('a holder of ours takes the copies that Credo offers, views them and shows one', async () => {
  const { offer, txCode } = await credoOffers(credo, 3)
  const copies = await plainReceives(offer, txCode, 3)
  const views = copies.map(({ wire }) => sdJwtVc().view({ format: 'dc+sd-jwt', wire }))
  expect(views.map(({ vcts }) => vcts)).toEqual([[peerVct], [peerVct], [peerVct]])
  for (const { disclosable } of views) {
    expect(disclosable.map(({ path }) => path.join('/')).sort()).toEqual(['given_name', 'member'])
  }
  expect(new Set(copies.map(({ wire }) => wire)).size).toBe(3)
  const { x509_hash: signer } = await askers()
  const { link, judged } = await credoAsks(credo, signer, {
    credentials: [
      {
        id: 'member',
        format: 'dc+sd-jwt',
        meta: { vct_values: [peerVct] },
        claims: [{ path: ['member'] }],
      },
    ],
  })
  const [held] = copies
  if (held === undefined) throw new Error('there is no copy')
  expect(await plainAnswers(link, held, [['member']])).toBe(200)
  expect((await judged()).dcql?.presentationResult.can_be_satisfied).toBe(true)
})

test.each(['x509_san_dns', 'x509_hash', 'decentralized_identifier'] as const)(
  'Credo as verifier, %s, accepts a citizenship that a holder of ours shows',
  async (prefix) => {
    const { proof, retained } = await sdJwtVc().prepareHolder(randomSecrets())
    const wire = await citizenshipFor(proof)
    const signer = (await askers())[prefix]
    const { link, judged } = await credoAsks(credo, signer, citizenQuery as never)
    expect(new URL(link).searchParams.get('client_id')).toMatch(new RegExp(`^${prefix}:`))
    expect(await plainAnswers(link, { wire, retained }, [['citizen']])).toBe(200)
    const { dcql } = await judged()
    expect(dcql?.presentationResult.can_be_satisfied).toBe(true)
    const [shown] = dcql?.presentations['citizen'] ?? []
    expect(shown).toMatchObject({ prettyClaims: { citizen: true } })
    expect(shown).not.toMatchObject({ prettyClaims: { given_name: expect.anything() } })
  },
)

test('Credo as verifier refuses what lacks the claim that it asked for', async () => {
  const { proof, retained } = await sdJwtVc().prepareHolder(randomSecrets())
  const wire = await citizenshipFor(proof)
  const { x509_hash: signer } = await askers()
  const { link, session } = await credoAsks(credo, signer, citizenQuery as never)
  expect(await plainAnswers(link, { wire, retained }, [['given_name']])).toBe(400)
  expect((await session()).state).toBe('Error')
})
