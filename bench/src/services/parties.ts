import { nationTypes } from '@asoba/credentials'
import { didJwkOf, jwkSigner, keyFromSeed } from '@asoba/did'

/** The same keys in every process: whoever makes presentations is not who verifies them. */
const seed = (number: number): Uint8Array => new Uint8Array(32).fill(number)

export const { citizenship } = nationTypes({ origin: 'https://nation.example' })
export const registry = await keyFromSeed('ES256', seed(1))
export const registryDid: string = didJwkOf(registry.publicJwk)
export const registrySigner = await jwkSigner({
  privateJwk: registry.privateJwk,
  verificationMethod: `${registryDid}#0`,
})
export const verifierKey = await keyFromSeed('ES256', seed(2))
export const verifierSigner = await jwkSigner({
  privateJwk: verifierKey.privateJwk,
  verificationMethod: `${didJwkOf(verifierKey.publicJwk)}#0`,
})

/** What everybody is asked. */
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

/** What is said of everybody. */
export const claims = {
  citizen: true,
  given_name: 'Ales',
  family_name: 'Novik',
  age_equal_or_over: { '14': true, '16': true, '18': true, '21': true, '65': false },
  evidence: { trust_framework: 'asoba', assurance_level: 'P2' },
} as const
