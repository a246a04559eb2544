import { randomSecrets } from '@asoba/core'
import { sdJwtVc } from '@asoba/sd-jwt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Credo, credoAgent, didKeyOf } from './credo-agent.ts'
import { credoAsks, credoOffers, membershipFor } from './credo-roles.ts'
import { citizenQuery, citizenshipFor } from './nation.ts'
import {
  askFor,
  nonceOf,
  type Outcome,
  plainAnswers,
  prover,
  type ReadOffer,
  readOffer,
  redeem,
} from './plain-wallet.ts'

let credo: Credo
let issuer: { readonly didUrl: string }
beforeAll(async () => {
  credo = await credoAgent(membershipFor(() => issuer.didUrl))
  issuer = await didKeyOf(credo)
}, 60_000)
afterAll(() => credo.close())

/** An issuer with an offer that nobody took yet: at most three copies. */
interface Offering {
  readonly offer: ReadOffer
  readonly txCode: string
}

async function credoOffering(): Promise<Offering> {
  const { offer, txCode } = await credoOffers(credo, 3)
  return { offer: await readOffer(offer), txCode }
}

const year = 365 * 86_400
const now = (): number => Math.floor(Date.now() / 1000)

/** Asks for copies by an offer, with proofs as they are made here. */
async function issued(
  { offer, txCode }: Offering,
  make: (nonce: string) => Promise<readonly string[]>,
): Promise<Outcome> {
  const { body } = await redeem(offer, txCode)
  const proofs = await make(await nonceOf(offer))
  return askFor(offer, String(body['access_token']), proofs)
}

function copiesOf({ body }: Outcome): number {
  return (body['credentials'] as readonly unknown[] | undefined)?.length ?? 0
}

describe('Credo as issuer', () => {
  test('counts no wrong transaction codes', async () => {
    const { offer, txCode } = await credoOffering()
    for (let attempt = 0; attempt < 10; attempt++) {
      expect((await redeem(offer, `wrong-${attempt}`)).status).toBe(400)
    }
    expect((await redeem(offer, txCode)).status).toBe(200)
  })

  test('puts the pre-authorised code into access tokens for everybody to read', async () => {
    const { offer, txCode } = await credoOffering()
    const { body } = await redeem(offer, txCode)
    const [, payload = ''] = String(body['access_token']).split('.')
    expect(Buffer.from(payload, 'base64url').toString()).toContain(offer.code)
  })

  test('issues two copies for one key, and for one proof sent twice', async () => {
    const first = await credoOffering()
    const twoProofs = await issued(first, async (nonce) => {
      const { prove } = await prover(first.offer, nonce)
      return [await prove(), await prove({ jti: 'another' })]
    })
    const second = await credoOffering()
    const oneProof = await issued(second, async (nonce) => {
      const proof = await (await prover(second.offer, nonce)).prove()
      return [proof, proof]
    })
    expect([twoProofs, oneProof].map(copiesOf)).toEqual([2, 2])
  })

  test('issues more copies than it says', async () => {
    const offering = await credoOffering()
    const outcome = await issued(offering, (nonce) =>
      Promise.all(
        Array.from({ length: 4 }, async () => (await prover(offering.offer, nonce)).prove()),
      ),
    )
    expect(copiesOf(outcome)).toBe(4)
  })

  test.each([
    ['of last year', -year],
    ['of next year', year],
  ])('accepts a proof %s', async (_title, shift) => {
    const offering = await credoOffering()
    const outcome = await issued(offering, async (nonce) => [
      await (await prover(offering.offer, nonce)).prove({ iat: now() + shift }),
    ])
    expect(copiesOf(outcome)).toBe(1)
  })

  test.each<[string, object]>([
    ['for another issuer', { aud: 'https://other.example' }],
    ['without date', { iat: null }],
    ['with a nonce that it never gave', { nonce: 'n-0S6_WzA2Mj' }],
  ])('refuses a proof %s', async (_title, change) => {
    const offering = await credoOffering()
    const outcome = await issued(offering, async (nonce) => [
      await (await prover(offering.offer, nonce)).prove(change as never),
    ])
    expect(outcome.status).toBe(400)
  })

  test('gives nothing for a code that was used', async () => {
    const { offer, txCode } = await credoOffering()
    expect((await redeem(offer, txCode)).status).toBe(200)
    expect((await redeem(offer, txCode)).status).toBe(400)
  })
})

describe('Credo as verifier', () => {
  const asked = async (responseMode: 'direct_post' | 'direct_post.jwt') => {
    const { proof, retained } = await sdJwtVc().prepareHolder(randomSecrets())
    const wire = await citizenshipFor(proof)
    const { didUrl } = await didKeyOf(credo)
    const signer = { method: 'did', didUrl } as const
    const { link } = await credoAsks(credo, signer, citizenQuery as never, { responseMode })
    return { link, held: { wire, retained } }
  }

  test('accepts claims that it did not ask for', async () => {
    const { link, held } = await asked('direct_post')
    const more = [['citizen'], ['given_name']]
    expect(await plainAnswers(link, held, more, { open: true })).toBe(200)
  })

  test('accepts an answer that its holder made last year', async () => {
    const { link, held } = await asked('direct_post.jwt')
    const at = new Date(Date.now() - year * 1000)
    expect(await plainAnswers(link, held, [['citizen']], { at })).toBe(200)
  })

  test('refuses in the open what it asked to be encrypted', async () => {
    const { link, held } = await asked('direct_post.jwt')
    expect(await plainAnswers(link, held, [['citizen']], { open: true })).toBe(400)
  })

  test('gives out its request no more when it was answered', async () => {
    const { link, held } = await asked('direct_post.jwt')
    expect(await plainAnswers(link, held, [['citizen']])).toBe(200)
    await expect(plainAnswers(link, held, [['citizen']])).rejects.toThrow('400')
  })
})
