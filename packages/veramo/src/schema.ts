import type { IAgentPluginSchema } from '@veramo/core'

const object = { type: 'object' } as const
const text = { type: 'string' } as const

function method(
  description: string,
  properties: Readonly<Record<string, object>>,
  required: readonly string[],
  returnType: object = object,
): object {
  return { description, arguments: { type: 'object', properties, required }, returnType }
}

const policies = { policies: object, resolutionOptions: object }

/**
 * What the methods take and give, in the JSON Schema that Veramo validates by and makes OpenAPI of.
 * Only what every encoding has in common: the credential itself is judged by the formats.
 */
export const schema: IAgentPluginSchema = {
  components: {
    schemas: {},
    methods: {
      createVerifiableCredential: method(
        'Secures a credential as it is, by a key of its issuer.',
        { credential: object, proofFormat: text, keyRef: text },
        ['credential', 'proofFormat'],
      ),
      createVerifiablePresentation: method(
        'Presents credentials to one audience (domain) for one nonce (challenge).',
        { presentation: object, proofFormat: text, domain: text, challenge: text, keyRef: text },
        ['presentation', 'proofFormat', 'domain', 'challenge'],
      ),
      verifyCredential: method(
        'Judges a credential: form, issuer, signature, validity, status.',
        { credential: { type: ['object', 'string'] }, ...policies },
        ['credential'],
      ),
      verifyPresentation: method(
        'Judges a presentation, and every credential in it like a lone one.',
        {
          presentation: { type: ['object', 'string'] },
          domain: text,
          challenge: text,
          ...policies,
        },
        ['presentation', 'domain', 'challenge'],
      ),
      listUsableProofFormats: method(
        'The proof formats that the keys of a DID can make.',
        { did: text, keys: { type: 'array' } },
        ['keys'],
        { type: 'array', items: text },
      ),
      checkCredentialStatus: method(
        'Whether a credential still holds, by its status entries; what cannot be read is revoked.',
        { credential: object },
        ['credential'],
      ),
      asobaIssue: method(
        'Issues one copy for each holder proof.',
        { format: text, type: text, claims: object, holders: { type: 'array' } },
        ['format', 'type', 'claims', 'holders'],
        { type: 'array', items: object },
      ),
      asobaPrepare: method(
        'Fresh holder keys for an issuance, one for each copy.',
        { format: text, count: { type: 'integer' }, type: text, issuer: text },
        ['format', 'count'],
        { type: 'array', items: object },
      ),
      asobaReceive: method(
        'Takes credentials into the wallet, all or none.',
        { credentials: { type: 'array' } },
        ['credentials'],
        { type: 'array', items: object },
      ),
      asobaMatch: method(
        'The ways to answer a request: what would be told, and what stays.',
        { request: object },
        ['request'],
        { type: 'array', items: object },
      ),
      asobaPresent: method(
        'Answers a request in the way that the holder agreed to.',
        { request: object, match: object },
        ['request', 'match'],
      ),
      asobaRequest: method('A request with a fresh nonce.', { query: object }, ['query']),
      asobaVerify: method(
        'Judges an answer against the query that it answers.',
        { presentation: object, query: object, state: text },
        ['presentation', 'query'],
      ),
      asobaPseudonym: method(
        'Who answered, as this verifier may know them again: a pseudonym and no claim.',
        { presentation: object, query: object, state: text, id: text },
        ['presentation', 'query', 'id'],
      ),
    },
  },
}
