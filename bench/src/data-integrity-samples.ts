import type { JsonObject } from '@asoba/core'
import { nationTypes } from '@asoba/credentials'

/** Who issues the samples. */
export const issuer = 'did:web:issuer.example'
const { citizenship } = nationTypes({ origin: 'https://nation.example' })
const examples = 'https://www.w3.org/ns/credentials/examples/v2'

/** What the samples name beside the contexts of the data model. */
export const contexts: ReadonlyMap<string, JsonObject> = new Map([
  [citizenship.context.url, JSON.parse(new TextDecoder().decode(citizenship.context.bytes))],
  [examples, { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } }],
])

/** A credential, and which parts of it are always and here shown where that can be chosen. */
export interface Sample {
  readonly name: string
  readonly credential: JsonObject
  readonly mandatoryPointers: readonly string[]
  readonly selectivePointers: readonly string[]
}

/** A credential of a nation, and the small one of the standards. */
export const samples: readonly Sample[] = [
  {
    name: 'citizenship',
    credential: {
      '@context': [...citizenship.contexts],
      type: [...citizenship.types],
      issuer,
      validFrom: '2026-01-01T00:00:00Z',
      validUntil: '2036-01-01T00:00:00Z',
      credentialSubject: {
        id: 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169',
        type: [...citizenship.subjectTypes],
        citizen: true,
        given_name: 'Alesia',
        'given_name#be': 'Алеся',
        family_name: 'Example',
        'family_name#be': 'Прыклад',
        birthdate: '1990-05-17',
        place_of_birth: { country: 'BY', region: 'Minsk', locality: 'Minsk' },
        nationalities: ['BY'],
        age_equal_or_over: { 14: true, 16: true, 18: true, 21: true, 65: false },
        date_of_expiry: '2036-01-01',
        issuing_authority: 'Registry of the nation',
        evidence: {
          trust_framework: 'asoba',
          assurance_level: 'P2',
          policy: 'https://nation.example/policies/proofing/1',
          month: '2025-12',
          trust_roots: ['regime-chip', 'vouch'],
          check_methods: ['vcrypt', 'bvr'],
        },
      },
    },
    mandatoryPointers: ['/issuer', '/validFrom', '/validUntil', '/credentialSubject/id'],
    selectivePointers: [
      '/credentialSubject/citizen',
      '/credentialSubject/given_name',
      '/credentialSubject/family_name',
      '/credentialSubject/age_equal_or_over/18',
    ],
  },
  {
    // The example of vc-di-eddsa and vc-di-ecdsa.
    name: 'W3C alumni',
    credential: {
      '@context': ['https://www.w3.org/ns/credentials/v2', examples],
      id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
      type: ['VerifiableCredential', 'AlumniCredential'],
      name: 'Alumni Credential',
      description: 'A minimum viable example of an Alumni Credential.',
      issuer,
      validFrom: '2023-01-01T00:00:00Z',
      credentialSubject: { id: 'did:example:abcdefgh', alumniOf: 'The School of Examples' },
    },
    mandatoryPointers: ['/issuer', '/validFrom'],
    selectivePointers: ['/credentialSubject/alumniOf'],
  },
]
