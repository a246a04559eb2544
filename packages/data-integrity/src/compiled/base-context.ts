import type { JsonObject } from '@asoba/core'

const credentials = 'https://www.w3.org/2018/credentials#'
const security = 'https://w3id.org/security#'
const id = { id: '@id', type: '@type' } as const
const dateTime = 'http://www.w3.org/2001/XMLSchema#dateTime'
const reference = (iri: string): JsonObject => ({ '@id': iri, '@type': '@id' })
const method = (name: string): JsonObject => ({
  '@id': `${security}${name}`,
  '@type': '@id',
  '@container': '@set',
})
/** Terms that the context has and that are not compiled: a document with one is refused, a redefinition too. */
const refused = (names: string): JsonObject =>
  Object.fromEntries(names.split(' ').map((name) => [name, null]))

/**
 * What credentials of a flat shape and their proofs need of the context of the VC data
 * model 2.0, definition by definition as it stands there. A test compares.
 *
 * @see https://www.w3.org/ns/credentials/v2
 */
export const credentialsV2: JsonObject = {
  ...id,
  description: 'https://schema.org/description',
  name: 'https://schema.org/name',
  VerifiableCredential: {
    '@id': `${credentials}VerifiableCredential`,
    '@context': {
      '@protected': true,
      ...id,
      credentialSubject: reference(`${credentials}credentialSubject`),
      description: 'https://schema.org/description',
      issuer: reference(`${credentials}issuer`),
      name: 'https://schema.org/name',
      validFrom: { '@id': `${credentials}validFrom`, '@type': dateTime },
      validUntil: { '@id': `${credentials}validUntil`, '@type': dateTime },
      ...refused(
        'confidenceMethod credentialSchema credentialStatus evidence proof refreshService relatedResource renderMethod termsOfUse',
      ),
    },
  },
  DataIntegrityProof: {
    '@id': `${security}DataIntegrityProof`,
    '@context': {
      '@protected': true,
      ...id,
      challenge: `${security}challenge`,
      created: { '@id': 'http://purl.org/dc/terms/created', '@type': dateTime },
      cryptosuite: { '@id': `${security}cryptosuite`, '@type': `${security}cryptosuiteString` },
      domain: `${security}domain`,
      expires: { '@id': `${security}expiration`, '@type': dateTime },
      nonce: `${security}nonce`,
      previousProof: reference(`${security}previousProof`),
      proofPurpose: {
        '@id': `${security}proofPurpose`,
        '@type': '@vocab',
        '@context': {
          '@protected': true,
          ...id,
          assertionMethod: method('assertionMethod'),
          authentication: method('authenticationMethod'),
          capabilityDelegation: method('capabilityDelegationMethod'),
          capabilityInvocation: method('capabilityInvocationMethod'),
          keyAgreement: method('keyAgreementMethod'),
        },
      },
      verificationMethod: reference(`${security}verificationMethod`),
      ...refused('proofValue'),
    },
  },
  ...refused(
    'digestMultibase digestSRI mediaType EnvelopedVerifiableCredential VerifiablePresentation ' +
      'EnvelopedVerifiablePresentation JsonSchemaCredential JsonSchema BitstringStatusListCredential ' +
      'BitstringStatusList BitstringStatusListEntry ... _sd _sd_alg aud cnf exp iat iss jku kid nbf sub x5u',
  ),
}
