import type { Json, JsonObject } from '@asoba/core'
import type { ContextDocument } from '../../src/index.ts'

/** A credential before it is signed, and what a verifier expects of it. */
export interface Original {
  readonly name: string
  readonly credential: JsonObject
  /** Under which contexts its type is written; any where left out. */
  readonly contexts?: readonly string[]
  /** Whether a verifier must refuse it, in whatever form. */
  readonly refused?: boolean
  /** Until when its proof holds; long, where left out. */
  readonly proofEnds?: string
  /** Whether it cannot be shown in part, as where it has a list. */
  readonly whole?: boolean
}

export const v2 = 'https://www.w3.org/ns/credentials/v2'
export const v1 = 'https://www.w3.org/2018/credentials/v1'
export const proofs = 'https://w3id.org/security/data-integrity/v2'
export const own = 'https://nation.example/contexts/licence/v1'
export const crossed = 'https://partner.example/contexts/licence/v1'
export const wide = 'https://nation.example/contexts/wide/v1'

const t = (name: string): string => `https://nation.example/terms#${name}`
const xsd = (name: string): string => `http://www.w3.org/2001/XMLSchema#${name}`
const ids = { id: '@id', type: '@type' }
const common = (category: string, points: string): JsonObject => ({
  '@protected': true,
  LicenceCredential: t('LicenceCredential'),
  category: t(category),
  points: t(points),
  valid: { '@id': t('valid'), '@type': xsd('boolean') },
  years: { '@id': t('years'), '@type': xsd('integer') },
  weight: { '@id': t('weight'), '@type': xsd('double') },
  tags: { '@id': t('tags'), '@container': '@set' },
  title: { '@id': t('title'), '@language': 'be' },
  about: { '@id': t('about'), '@type': '@id' },
  friend: { '@id': t('friend'), '@type': '@id' },
  Person: {
    '@id': 'https://schema.org/Person',
    '@context': {
      '@protected': true,
      ...ids,
      family: t('family'),
      home: {
        '@id': t('home'),
        '@context': { '@protected': true, ...ids, street: t('street'), city: t('city') },
      },
    },
  },
  Proof: {
    '@id': t('Proof'),
    '@context': {
      '@protected': true,
      ...ids,
      checked: { '@id': t('checked'), '@type': xsd('date') },
    },
  },
})

/** What the verifier knows beside the contexts of the data model: two that cross, and one with much of JSON-LD. */
export const contexts: readonly ContextDocument[] = [
  { url: own, document: { '@context': common('category', 'points') } },
  { url: crossed, document: { '@context': common('points', 'category') } },
  {
    url: wide,
    document: {
      '@context': {
        nation: 'https://nation.example/terms#',
        LicenceCredential: 'nation:LicenceCredential',
        category: 'nation:category',
        kind: 'nation:category',
        points: { '@id': 'nation:points', '@type': xsd('integer') },
        steps: { '@id': 'nation:steps', '@container': '@list' },
        names: { '@id': 'nation:names', '@container': '@language' },
        data: { '@id': 'nation:data', '@type': '@json' },
        about: { '@id': 'nation:about', '@type': '@id' },
        notes: { '@id': 'nation:notes', '@container': '@graph' },
        parts: '@nest',
        Local: { '@id': 'nation:Local', '@context': { '@propagate': false, word: 'nation:word' } },
      } as unknown as JsonObject,
    },
  },
]

const issuer = 'did:web:registry.example'
const licence = (subject: Json, more: JsonObject = {}): JsonObject => ({
  '@context': [v2, own],
  type: ['VerifiableCredential', 'LicenceCredential'],
  issuer,
  credentialSubject: subject,
  ...more,
})
const until = { validUntil: '2027-01-01T00:00:00Z' }
const expired = { validFrom: '2025-01-01T00:00:00Z', validUntil: '2026-02-01T00:00:00Z' }
const status: JsonObject = {
  credentialStatus: {
    id: 'https://nation.example/status/1#94567',
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '94567',
    statusListCredential: 'https://nation.example/status/1',
  },
}
const pinned = { contexts: [v2, own] }
const self = 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33'

export const originals: readonly Original[] = [
  { name: 'a licence', credential: licence({ category: 'B', points: '12' }, until), ...pinned },
  {
    name: 'an expired one',
    credential: licence({ category: 'B' }, expired),
    ...pinned,
    refused: true,
  },
  {
    name: 'an expired one under any context',
    credential: licence({ category: 'B' }, expired),
    refused: true,
  },
  {
    name: 'one whose proof has expired',
    credential: licence({ category: 'B' }, until),
    ...pinned,
    proofEnds: '2026-02-01T00:00:00Z',
    refused: true,
  },
  {
    name: 'values of every kind',
    credential: licence(
      {
        id: 'did:example:holder',
        type: 'Person',
        valid: true,
        years: 33,
        weight: 61.5,
        points: 12,
        tags: ['a', 'b'],
        title: 'Спадарыня',
        category: ['B', 'C'],
        family: 'Example',
        home: { street: 'Niamiha', city: 'Mensk' },
      },
      { ...until, name: 'Licence', description: 'to drive' },
    ),
    ...pinned,
  },
  {
    name: 'a status, a schema and what else refers',
    credential: licence(
      { id: 'did:example:holder', category: 'B' },
      {
        ...until,
        ...status,
        id: self,
        credentialSchema: { id: 'https://nation.example/schema/1', type: 'JsonSchema' },
        evidence: [
          { id: 'https://nation.example/evidence/1', type: 'Proof', checked: '2025-12-01' },
        ],
        termsOfUse: { id: 'https://nation.example/terms/1', type: 'Proof', checked: '2025-11-01' },
        refreshService: { id: 'https://nation.example/refresh/1', type: 'Proof' },
        relatedResource: {
          id: 'https://nation.example/picture.png',
          digestSRI: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
          mediaType: 'image/png',
        },
      },
    ),
    ...pinned,
  },
  {
    name: 'one that speaks of itself',
    credential: licence(
      { id: 'did:example:holder', category: 'B', about: { id: self } },
      { id: self, ...until, ...status },
    ),
    ...pinned,
  },
  {
    name: 'an expired one that speaks of itself',
    credential: licence({ category: 'B', about: { id: self } }, { id: self, ...expired }),
    ...pinned,
    refused: true,
  },
  {
    name: 'an expired one in which another credential refers to it',
    credential: licence(
      {
        category: 'B',
        about: { id: 'urn:uuid:2', type: 'VerifiableCredential', issuer, about: { id: self } },
      },
      { id: self, ...expired },
    ),
    ...pinned,
    refused: true,
  },
  {
    name: 'one issued to the issuer',
    credential: licence(
      { id: issuer, type: 'Person', family: 'Registry', points: '12' },
      { issuer: { id: issuer, name: 'Registry' }, ...until },
    ),
    ...pinned,
  },
  {
    name: 'nodes that are shared',
    credential: licence(
      {
        id: 'did:example:holder',
        friend: [
          { id: 'did:example:a', type: 'Person', family: 'A', friend: { id: 'did:example:b' } },
          { id: 'did:example:b', type: 'Person', family: 'B' },
        ],
        about: { id: 'did:example:b' },
      },
      until,
    ),
    ...pinned,
  },
  {
    name: 'two subjects',
    credential: licence(
      [
        { id: 'did:example:a', category: 'A', points: '1' },
        { id: 'did:example:b', category: 'B', points: '2' },
      ],
      until,
    ),
    ...pinned,
  },
  {
    name: 'much of JSON-LD',
    credential: {
      '@context': [v2, wide],
      type: ['VerifiableCredential', 'LicenceCredential'],
      issuer,
      ...until,
      credentialSubject: {
        id: 'did:example:holder',
        kind: 'B',
        points: 12,
        steps: ['b', 'a', 'b'],
        names: { be: 'Алеся', en: ['Alesia', 'Alice'] },
        data: { b: [3, 1], a: null },
        about: { id: 'urn:x:1', type: 'Local', word: 'w' },
        notes: { category: 'inside' },
      },
    },
    contexts: [v2, wide],
    whole: true,
  },
  {
    name: 'much of JSON-LD under any context',
    whole: true,
    credential: {
      '@context': [v2, wide],
      type: ['VerifiableCredential', 'LicenceCredential'],
      issuer,
      ...until,
      ...status,
      credentialSubject: { id: 'did:example:holder', points: 12, steps: ['b'], about: 'urn:x:1' },
    },
  },
  {
    name: 'the data model alone',
    credential: {
      '@context': [v2],
      id: self,
      type: ['VerifiableCredential'],
      issuer: { id: issuer, name: 'Registry' },
      ...until,
      credentialSubject: { id: 'did:example:holder', name: 'Alesia', description: 'a person' },
    },
    contexts: [v2],
  },
  {
    name: 'a context that it does not need',
    credential: {
      '@context': [v2, own],
      type: ['VerifiableCredential'],
      issuer,
      ...until,
      credentialSubject: { id: 'did:example:holder', name: 'Alesia' },
    },
  },
  {
    name: 'numbers as texts',
    credential: licence({ years: '33', weight: '6.15E1', valid: 'true', points: '12' }, until),
    ...pinned,
  },
  {
    name: 'the data model 1.1',
    credential: {
      '@context': [v1, proofs, own],
      type: ['VerifiableCredential', 'LicenceCredential'],
      issuer,
      issuanceDate: '2026-01-01T00:00:00Z',
      expirationDate: '2027-01-01T00:00:00Z',
      credentialSubject: { id: 'did:example:holder', category: 'B', points: '12' },
    },
    contexts: [v1, proofs, own],
  },
  {
    name: 'an expired one of the data model 1.1 under any context',
    credential: {
      '@context': [v1, proofs, own],
      type: ['VerifiableCredential', 'LicenceCredential'],
      issuer,
      issuanceDate: '2025-01-01T00:00:00Z',
      expirationDate: '2026-02-01T00:00:00Z',
      credentialSubject: { id: 'did:example:holder', category: 'B' },
    },
    refused: true,
  },
]
