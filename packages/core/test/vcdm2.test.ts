import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Problem,
  validateCredential,
  validatePresentation,
} from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'

const issuer = 'did:example:issuer'
const proof = {
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-jcs-2022',
  proofPurpose: 'assertionMethod',
}

/** What hinges on JSON-LD processing: structure cannot tell, the RDF cryptosuites must. */
const belongsToJsonLd: readonly string[] = [
  'credential-redef-type-fail.json',
  'credential-redef-type2-fail.json',
  'credential-type-unmapped-fail.json',
]

/** Where the fault of each refused input lies; every input must be here. */
const faults: Readonly<Record<string, string>> = {
  'credential-context-combo3-fail.json': '/@context/1',
  'credential-context-combo4-fail.json': '/@context/1',
  'credential-evidence-missing-type-fail.json': '/evidence/type',
  'credential-id-multi-fail.json': '/id',
  'credential-id-nonidentifier-fail.json': '/id',
  'credential-id-not-url-fail.json': '/id',
  'credential-id-subject-multi-fail.json': '/credentialSubject/id',
  'credential-issuer-no-url-fail.json': '/issuer',
  'credential-issuer-null-fail.json': '/issuer',
  'credential-issuer-object-id-no-url-fail.json': '/issuer/id',
  'credential-issuer-object-id-null-fail.json': '/issuer/id',
  'credential-missing-base-context-fail-or-inject.json': '/@context/0',
  'credential-missing-required-type-fail.json': '/type',
  'credential-no-context-fail-or-inject.json': '/@context',
  'credential-no-issuer-fail.json': '/issuer',
  'credential-no-subject-fail.json': '/credentialSubject',
  'credential-no-type-fail.json': '/type',
  'credential-proof-missing-type-fail.json': '/proof/type',
  'credential-refresh-no-type-fail.json': '/refreshService/type',
  'credential-schema-no-id-fail.json': '/credentialSchema/id',
  'credential-schema-no-type-fail.json': '/credentialSchema/type',
  'credential-schema-non-url-id-fail.json': '/credentialSchema/id',
  'credential-status-missing-type-fail.json': '/credentialStatus/type',
  'credential-status-multiple-id-fail.json': '/credentialStatus/id',
  'credential-status-nonurl-id-fail.json': '/credentialStatus/id',
  'credential-status-type-nonurl-fail.json': '/credentialStatus/type',
  'credential-subject-multiple-empty-fail.json': '/credentialSubject/1',
  'credential-subject-no-claims-fail.json': '/credentialSubject',
  'credential-termsofuse-missing-type-fail.json': '/termsOfUse/type',
  'credential-termsofuse-no-type-fail.json': '/termsOfUse/type',
  'credential-type-mapped-nonurl-fail.json': '/@context/1',
  'credential-validUntil-validFrom-fail.json': '/validUntil',
  'credential-validfrom-invalid-fail.json': '/validFrom',
  'credential-validuntil-invalid-fail.json': '/validUntil',
  'names-and-descriptions/credential-description-extra-prop-en-fail.json': '/description',
  'names-and-descriptions/credential-name-extra-prop-en-fail.json': '/name',
  'names-and-descriptions/issuer-description-extra-prop-en-fail.json': '/issuer/description',
  'names-and-descriptions/issuer-name-extra-prop-en-fail.json': '/issuer/name',
  'presentation-context-order-fail.json': '/@context/0',
  'presentation-enveloped-vc-missing-type-fail.json': '/verifiableCredential/0/type',
  'presentation-holder-fail.json': '/holder',
  'presentation-holder-name-fail.json': '/holder/id',
  'presentation-holder-object-fail.json': '/holder/id',
  'presentation-missing-base-context-fail.json': '/@context/0',
  'presentation-missing-required-type-fail.json': '/type',
  'presentation-no-context-fail-or-inject.json': '/@context',
  'presentation-no-type-fail.json': '/type',
  'presentation-self-asserted-vc-holder-mismatch.json': '/verifiableCredential/0/issuer',
  'presentation-self-asserted-vc-issuer-mismatch.json': '/verifiableCredential/0/issuer',
  'presentation-self-asserted-vc-no-holder.json': '/verifiableCredential/0',
  'presentation-vc-as-string-fail.json': '/verifiableCredential/0',
  'presentation-vc-missing-required-type-fail.json': '/verifiableCredential/0/type',
}

/** The suite hands its inputs to an issuer, who names itself, and dates them when it runs. */
function issued(input: JsonObject, name: string): JsonObject {
  const named = { ...input }
  const given = input['issuer']
  if (given === undefined && name !== 'credential-no-issuer-fail.json') named['issuer'] = issuer
  else if (typeof given === 'object' && given !== null && !('id' in given)) {
    named['issuer'] = { id: issuer, ...given }
  }
  return JSON.parse(
    JSON.stringify(named)
      .replaceAll('PAST DATE', '2024-01-01T00:00:00Z')
      .replaceAll('FUTURE DATE', '2044-01-01T00:00:00Z'),
  ) as JsonObject
}

/** The suite signs the credentials in its presentations, but for the self-asserted ones. */
function presented(input: JsonObject, name: string): JsonObject {
  const credentials = input['verifiableCredential']
  if (!Array.isArray(credentials) || name.includes('self-asserted')) return input
  return {
    ...input,
    verifiableCredential: credentials.map((credential: Json) =>
      isJsonObject(credential) ? { proof, ...credential } : credential,
    ),
  }
}

function judge(input: JsonObject, name: string): readonly Problem[] {
  return name.startsWith('presentation')
    ? validatePresentation(presented(input, name))
    : validateCredential(issued(input, name))
}

vectorSuite('w3c-vcdm2-inputs', async (vectors) => {
  const names = (await vectors.files('input')).map((path) => path.slice('input/'.length))
  const accepted = names.filter((name) => name.endsWith('-ok.json'))

  test('the list of faults is the list of inputs that must be refused', () => {
    const refused = names.filter((name) => !accepted.includes(name))
    expect(Object.keys(faults).concat(belongsToJsonLd).sort()).toEqual(refused.sort())
    expect(accepted.length).toBeGreaterThan(60)
  })

  for (const name of accepted) {
    test(`accepts ${name}`, async () => {
      expect(judge(await vectors.json(`input/${name}`), name)).toEqual([])
    })
  }

  for (const [name, path] of Object.entries(faults)) {
    test(`refuses ${name} at ${path}`, async () => {
      const problems = judge(await vectors.json(`input/${name}`), name)
      expect(problems.map((problem) => problem.path)).toContain(path)
      // `no-issuer` and the v1 envelope have a second fault; nothing else may be reported falsely.
      if (!/no-issuer|enveloped/.test(name)) expect(problems.length).toBe(1)
    })
  }

  for (const name of belongsToJsonLd) {
    test(`leaves ${name} to JSON-LD processing`, async () => {
      expect(judge(await vectors.json(`input/${name}`), name)).toEqual([])
    })
  }
})
