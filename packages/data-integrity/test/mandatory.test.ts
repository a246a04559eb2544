import type { Json, JsonObject } from '@asoba/core'
import { describe, expect, test } from 'vitest'
import {
  addProof,
  deriveProof,
  ecdsaSd2023,
  eddsaRdfc2022,
  type HideableMember,
  hideableMembers,
  verifyCredential,
} from '../src/index.ts'
import { mandatoryOf } from '../src/mandatory.ts'
import { citizenship, codes, context, eddsa, es256, issuer, jsonLd } from './fixtures.ts'

const suite = ecdsaSd2023(jsonLd)
const status: JsonObject = {
  id: 'https://nation.example/status/1#7',
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '7',
  statusListCredential: 'https://nation.example/status/1',
}
const credential: JsonObject = {
  '@context': citizenship.contexts,
  type: [...citizenship.types],
  issuer,
  validFrom: '2025-01-01T00:00:00Z',
  validUntil: '2026-02-01T00:00:00Z',
  credentialSubject: { type: 'Person', citizen: true, given_name: 'Alesia' },
  credentialStatus: status,
  credentialSchema: { id: 'https://nation.example/schema/1', type: 'JsonSchema' },
}
const by = { suite, signer: es256, proofPurpose: 'assertionMethod' } as const
const show = (signed: JsonObject, ...pointers: string[]) => deriveProof(signed, { suite, pointers })
const judge = (shown: unknown) => verifyCredential(shown, { ...context(), suites: [suite] })

describe('a credential that can be shown in part', () => {
  test('always shows issuer, validity, status and schema where nothing is said', async () => {
    const shown = await show(await addProof(credential, by), '/credentialSubject/citizen')
    const { proof: _, credentialSubject, ...rest } = shown
    const { credentialSubject: __, ...wanted } = credential
    expect(rest).toEqual(wanted)
    expect(credentialSubject).toEqual({ type: 'Person', citizen: true })
    expect(codes(await judge(shown))).toEqual(['credential.expired'])
  })

  test('has no end that its holder can take away', async () => {
    const signed = await addProof(credential, by)
    const { validUntil: _, ...hidden } = await show(signed, '/credentialSubject/citizen')
    const found = codes(await judge(hidden))
    expect(found.length).toBeGreaterThan(0)
  })

  test('shows what a list leaves out as well, but for what is named as hideable', async () => {
    const pointers = ['/issuer', '/validUntil', '/credentialStatus']
    const signed = await addProof(credential, { ...by, mandatoryPointers: pointers })
    const shown = await show(signed, '/credentialSubject/citizen')
    expect(Object.keys(shown)).toEqual(expect.arrayContaining(['validFrom', 'credentialSchema']))
    const hideable: readonly HideableMember[] = ['validUntil', 'credentialSchema']
    const other = await addProof(credential, { ...by, hideable })
    const without = await show(other, '/credentialSubject/citizen')
    expect(without).not.toHaveProperty('validUntil')
    expect(without).not.toHaveProperty('credentialSchema')
    expect(without).toHaveProperty('credentialStatus')
    expect(codes(await judge(without))).toEqual([])
    // What is pointed at is shown, whatever is hideable.
    const both = { ...by, hideable: hideableMembers, mandatoryPointers: ['/validUntil'] }
    const pointed = await show(await addProof(credential, both), '/credentialSubject/citizen')
    expect(pointed).toHaveProperty('validUntil')
    expect(pointed).not.toHaveProperty('credentialStatus')
  })

  test.each([
    [
      ['/issuer'],
      /leaves out validUntil: a holder could present it as a credential that never ends/,
    ],
    [[], /leaves out validUntil/],
    [
      ['/validUntil'],
      /leaves out credentialStatus: a holder could present it as a credential that has no status/,
    ],
    [
      ['/validUntil', '/credentialStatus/id', '/credentialStatus/statusListIndex'],
      /credentialStatus/,
    ],
  ])(
    'is not signed with a list of %j, and the error says what a holder could do',
    async (mandatoryPointers, message) => {
      const signing = addProof(credential, { ...by, mandatoryPointers })
      await expect(signing).rejects.toThrow(TypeError)
      await expect(addProof(credential, { ...by, mandatoryPointers })).rejects.toThrow(message)
    },
  )

  test('says so of the end and the status of data model 1.1 too', () => {
    const old = { type: 'VerifiableCredential', issuer, expirationDate: '2026-01-01T00:00:00Z' }
    const options = { mandatoryPointers: ['/issuer'], hideable: [] }
    expect(() => mandatoryOf(old, options)).toThrow(/leaves out expirationDate/)
    const all = mandatoryOf(old, { mandatoryPointers: undefined, hideable: [] })
    expect(all).toEqual(['/issuer', '/expirationDate'])
  })

  test('takes each element of an array for all of it, and a part of one for none', () => {
    const two = { type: 'VerifiableCredential', issuer, credentialStatus: [status, status] as Json }
    const of = (mandatoryPointers: readonly string[]) =>
      mandatoryOf(two, { mandatoryPointers, hideable: [] })
    const each = ['/credentialStatus/0', '/credentialStatus/1']
    expect(of(each)).toEqual([...each, '/issuer'])
    expect(of([''])).toEqual([''])
    expect(() => of(['/credentialStatus/0'])).toThrow(/credentialStatus/)
    expect(() => of(['/credentialStatus/0', '/credentialStatus/1/id'])).toThrow(/credentialStatus/)
  })

  test.each([
    ['the end under its IRI', { 'https://www.w3.org/2018/credentials#validUntil': 'x' }],
    ['the status under a prefix', { 'cred:credentialStatus': status }],
    ['nodes beside it', { '@included': [{ id: 'urn:x:1' }] }],
    ['its end in another place', { id: 'urn:x:1', evidence: { id: 'urn:x:1', validUntil: 'x' } }],
  ] as const)('is not signed with %s, where no pointer leads', async (_, more) => {
    await expect(addProof({ ...credential, ...(more as JsonObject) }, by)).rejects.toMatchObject({
      code: 'credential.malformed',
    })
  })
})

test('a document that is no credential shows what it is told to, and whole suites take no list', async () => {
  expect(mandatoryOf({ says: 'hello' }, { mandatoryPointers: ['/says'], hideable: [] })).toEqual([
    '/says',
  ])
  expect(mandatoryOf({ says: 'hello' }, { mandatoryPointers: undefined, hideable: [] })).toBe(
    undefined,
  )
  const whole = { suite: eddsaRdfc2022(jsonLd), signer: eddsa, proofPurpose: 'assertionMethod' }
  await expect(addProof(credential, { ...whole, hideable: ['issuer'] })).rejects.toThrow(TypeError)
  const wrong = ['name'] as unknown as readonly HideableMember[]
  await expect(addProof(credential, { ...by, hideable: wrong })).rejects.toThrow(/hideable names/)
})
