import { didResolver, jwk } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createIssuanceClient, createPresentationClient } from '@asoba/openid4vc/wallet'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet } from '@asoba/wallet'
import type { Served } from './protocol.ts'

/** What came of everybody. */
export interface People {
  readonly seconds: number
  readonly errors: number
}

/**
 * People from the offer of a citizenship to the result at a verifier, each with a wallet of their
 * own; a few at a time.
 */
export async function people(
  issuer: Served,
  verifier: Served,
  count: number,
  atOnce = 8,
): Promise<People> {
  let [next, errors] = [0, 0]
  const begun = performance.now()
  const worker = async (): Promise<void> => {
    while (next++ < count) {
      const verified = await person(issuer, verifier).catch(() => false)
      if (!verified) errors++
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { seconds: (performance.now() - begun) / 1000, errors }
}

async function person(issuer: Served, verifier: Served): Promise<boolean> {
  const wallet = createWallet({ formats: [sdJwtVc()] })
  const common = { wallet, fetch, [allowInsecureLoopback]: true } as const
  const taking = createIssuanceClient({ ...common, issuers: (url) => url === issuer.origin })
  const { link: offerLink } = await post(`${issuer.origin}/offer`, {})
  const offered = await taking.readOffer(offerLink)
  if (!offered.verified) return false
  await taking.accept(offered.offer, {})

  const answering = createPresentationClient({
    ...common,
    verifiers: { did: didResolver({ methods: [jwk] }), unsigned: 'refused' },
  })
  const { link, transaction } = await post(`${verifier.origin}/begin`, {})
  const asked = await answering.readRequest(link)
  if (!asked.verified) return false
  const [match] = await answering.match(asked.incoming)
  if (match === undefined) return false
  await answering.respond(asked.incoming, match)
  const { verified } = await post(`${verifier.origin}/collect`, { transaction })
  return verified === true
}

async function post(url: string, body: object) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${new URL(url).pathname}: ${response.status}`)
  return response.json()
}
