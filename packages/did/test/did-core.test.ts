import { vectorSuite } from '@asoba/testing'
import { expect, test } from 'vitest'
import {
  didResolver,
  parseDid,
  parseDidUrl,
  resolutionErrorCode,
  validateDidDocument,
} from '../src/index.ts'

interface Execution {
  readonly function: string
  readonly input: { readonly did?: string; readonly didUrl?: string }
  readonly output: {
    readonly didDocument?: object | null
    readonly didDocumentMetadata?: object
    readonly didResolutionMetadata?: { readonly error?: unknown }
    readonly dereferencingMetadata?: { readonly error?: unknown }
  }
}
interface Implementation {
  readonly dids?: readonly string[]
  readonly didParameters?: Readonly<Record<string, string>>
  readonly expectedOutcomes?: Readonly<Record<string, readonly number[]>>
  readonly executions?: readonly Execution[]
  readonly [did: string]: unknown
}

const controller = 'its controller is empty or missing'
const twice = 'a method is written out twice under one id'

/** Documents that break DID Core, by file: the paths of all problems, and what is wrong. */
const knownBad: Readonly<Record<string, readonly [reason: string, ...paths: string[]]>> = {
  'did-3-2021-3box-labs': [twice, '/authentication/0/id', '/keyAgreement/0/id'],
  'did-ion': [controller, '/verificationMethod/0/controller'],
  'did-kilt-2021': ['the document has the id of another DID', '/id'],
  'did-knox': ['its endpoint is no URI', '/service/0/serviceEndpoint'],
  'did-unisot': [
    `${controller}; ${twice}`,
    '/verificationMethod/0/controller',
    '/authentication/1/controller',
    '/authentication/1/id',
    '/assertionMethod/0/controller',
    '/assertionMethod/0/id',
    '/keyAgreement/0/controller',
    '/keyAgreement/0/id',
    '/capabilityInvocation/0/controller',
    '/capabilityInvocation/0/id',
    '/capabilityDelegation/0/controller',
    '/capabilityDelegation/0/id',
  ],
  'did-web-mattr': ['an id is no DID URL', '/verificationMethod/2/id', '/keyAgreement/1'],
  'resolver-3-3box-labs': [twice, '/authentication/0/id', '/keyAgreement/0/id'],
  'resolver-did-ion': [controller, '/verificationMethod/0/controller'],
  'resolver-kilt-2021': ['the document has the id of another DID', '/id'],
  'resolver-knox': ['its endpoint is no URI', '/service/0/serviceEndpoint'],
  'universal-resolver-resolver-tests': [
    `${controller}; ${twice}; services have no id`,
    '/verificationMethod/0/controller',
    '/authentication/0/controller',
    '/authentication/0/id',
    '/assertionMethod/0/controller',
    '/assertionMethod/0/id',
    '/service/0/id',
    '/service/1/id',
    '/service/1/id',
  ],
}

vectorSuite('did-core', async (vectors) => {
  const files = (await vectors.files()).filter((path) => path.endsWith('.json'))
  const implementations = await Promise.all(
    files.map(
      async (path) =>
        [path.replace(/^.*\/|\.json$/g, ''), await vectors.json<Implementation>(path)] as const,
    ),
  )

  test('the documents of all implementations are valid, or known to be bad', async () => {
    const bad: Record<string, readonly string[]> = {}
    let documents = 0
    const judge = (file: string, did: string, document: unknown): void => {
      documents++
      const problems = validateDidDocument(document, did)
      if (problems.length > 0) bad[file] = problems.map(({ path = '' }) => path)
    }
    for (const [file, implementation] of implementations) {
      for (const did of implementation.dids ?? []) {
        const forms = (implementation[did] ?? {}) as Record<string, { representation?: string }>
        for (const { representation } of Object.values(forms)) {
          if (representation !== undefined) judge(file, did, JSON.parse(representation))
        }
      }
      for (const { function: name, input, output } of implementation.executions ?? []) {
        const { didDocument } = output
        if (name !== 'resolve' || didDocument === undefined || didDocument === null) continue
        // Where resolution failed, some write an empty document.
        if (Object.keys(didDocument).length > 0) judge(file, String(input.did), didDocument)
      }
    }
    expect(bad).toEqual(
      Object.fromEntries(Object.entries(knownBad).map(([file, [, ...paths]]) => [file, paths])),
    )
    expect([files.length, documents]).toEqual([132, 180])
  })

  test('results of all implementations go through our resolver with the same outcome', async () => {
    for (const [file, { executions = [] }] of implementations) {
      for (const { function: name, input, output } of executions) {
        if (name !== 'resolve' || parseDid(input.did) === undefined) continue
        const did = String(input.did)
        const method = parseDid(did)?.method ?? ''
        const resolver = didResolver({ methods: [{ name: method, resolve: async () => output }] })
        const { didDocument, didResolutionMetadata } = await resolver.resolve(did)
        const theirs = output.didResolutionMetadata?.error
        if (theirs !== undefined && theirs !== null) {
          expect(didResolutionMetadata.error).toBe(resolutionErrorCode(theirs))
        } else if (didDocument === null) {
          // Another DID than the one asked for, or a list that is none. What else is wrong in a
          // document is judged by who uses it.
          expect(didResolutionMetadata.error).toBe('invalidDidDocument')
          expect(file in knownBad).toBe(true)
        } else expect(didDocument).toEqual(output.didDocument)
      }
    }
  })

  test('every DID and DID URL parses, and those said to be invalid do not', () => {
    // Their method name has an underscore, which DID Core does not allow; their list
    // of outcomes also counts executions that are not there.
    const wrong = /^dereferencer-polygon-ayanworks$/
    let invalid = 0
    for (const [file, implementation] of implementations) {
      const { executions = [], expectedOutcomes = {}, didParameters = {} } = implementation
      for (const did of implementation.dids ?? []) expect(parseDid(did)?.did).toBe(did)
      for (const url of Object.values(didParameters)) expect(parseDidUrl(url)?.didUrl).toBe(url)
      for (const [outcome, indexes] of Object.entries(expectedOutcomes)) {
        for (const { input, output } of indexes.flatMap((index) => executions[index] ?? [])) {
          if (wrong.test(file)) continue
          const parsed = input.did === undefined ? parseDidUrl(input.didUrl) : parseDid(input.did)
          const isInvalid = outcome.startsWith('invalidDid')
          expect([file, parsed === undefined]).toEqual([file, isInvalid])
          if (isInvalid) invalid++
          const metadata = output.didResolutionMetadata ?? output.dereferencingMetadata
          const error = metadata?.error ?? undefined
          if (error !== undefined) {
            expect(`${resolutionErrorCode(error)}ErrorOutcome`).toBe(outcome)
          }
        }
      }
    }
    expect(invalid).toBe(17)
  })
})
