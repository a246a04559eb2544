import { createServer } from 'node:http'
import type { HolderProof } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { nationTypes } from '@asoba/credentials'
import { createKey, didJwkOf, didResolver, jwk, jwkSigner, key } from '@asoba/did'
import { sdJwtVc } from '@asoba/sd-jwt'
import { httpStatusSource } from '@asoba/status/token'
import { createVerifier, issuerKeys, memoryReplay, trustedIssuers } from '@asoba/verifier'
import { sendResponse, toRequest } from 'example-kit/bridge'
import { listen } from './credo-agent.ts'

const day = 86_400_000
const { citizenship } = nationTypes({ origin: 'https://nation.example' })
const registryKey = await createKey('ES256')

/** A nation of ours: its type, and the DID and signer of its registry. */
export const nation = {
  citizenship,
  did: didJwkOf(registryKey.publicJwk),
  signer: await jwkSigner({
    privateJwk: registryKey.privateJwk,
    verificationMethod: `${didJwkOf(registryKey.publicJwk)}#0`,
  }),
  claims: {
    citizen: true,
    given_name: 'Ales',
    family_name: 'Bialiacki',
    age_equal_or_over: { '14': true, '16': true, '18': true, '21': true, '65': false },
    evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
  },
} as const

/** A query for a citizen. */
export const citizenQuery = {
  credentials: [
    {
      id: 'citizen',
      format: 'dc+sd-jwt',
      meta: { vct_values: [citizenship.vct] },
      claims: [{ path: ['citizen'] }],
    },
  ],
} as const

/** A citizenship for whoever holds the key. */
export async function citizenshipFor(proof: HolderProof): Promise<string> {
  const validFrom = new Date()
  const validUntil = new Date(validFrom.getTime() + 30 * day)
  const { did: issuer, claims, signer } = nation
  const input = { type: citizenship, issuer, claims, validFrom, validUntil }
  const { wire } = await sdJwtVc({ signer }).secure(input, proof)
  return wire as string
}

/** A verifier that trusts the nation and, for its own type, a peer. */
export function partner(options: { readonly also?: readonly string[] } = {}) {
  return createVerifier({
    audience: 'https://partner.example',
    types: [citizenship],
    issuerKeys: issuerKeys({ did: didResolver({ methods: [key, jwk] }) }),
    trust: trustedIssuers({ citizenship: [nation.did, ...(options.also ?? [])] }),
    formats: [sdJwtVc()],
    status: { source: httpStatusSource({ fetch }), policy: { citizenship: 'none-issued' } },
    seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
    replay: memoryReplay(),
    clockTolerance: 60,
    maxProofAge: 300,
  })
}

/** Serves a handler of ours by node:http on a free port of this machine. */
export async function serveHandler(
  make: (origin: string) => (request: Request) => Promise<Response>,
) {
  let handle: ((request: Request) => Promise<Response>) | undefined
  let origin = ''
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const limits = { maxBytes: 2_300_000, milliseconds: 15_000 }
      const request = await toRequest(incoming, origin, limits)
      await sendResponse(await (handle as NonNullable<typeof handle>)(request), incoming, outgoing)
    })().catch(() => outgoing.destroy())
  })
  origin = (await listen(server)).replace('127.0.0.1', 'localhost')
  handle = make(origin)
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return { origin, close }
}
