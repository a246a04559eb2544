import { issueSdJwt, presentSdJwt, sdJwtToJson } from '@asoba/sd-jwt'
import { describe, expect, test } from 'vitest'
import {
  audience,
  cnf,
  holderSigner,
  judge,
  nonce,
  now,
  peerOf,
  seconds,
  signer,
  type Version,
} from './sd-jwt-peers.ts'

const claims = {
  iss: 'https://issuer.example',
  iat: seconds - 60,
  exp: seconds + 3600,
  cnf,
  given_name: 'Алеся',
  address: { country: 'BY', locality: 'Hrodna', lines: ['a', { b: null }] },
  nationalities: ['BY', 'PL', { code: 'LT' }],
  age_equal_or_over: { '18': true, '65': false },
}
/** One property, parts of an object and of an array, an object that hides its own parts. */
const disclosable = [
  ['given_name'],
  ['address', 'locality'],
  ['nationalities', null],
  ['age_equal_or_over'],
  ['age_equal_or_over', '18'],
  ['age_equal_or_over', '65'],
]
const frame = {
  _sd: ['given_name', 'age_equal_or_over'],
  _sd_decoy: 2,
  address: { _sd: ['locality'], _sd_decoy: 1 },
  nationalities: { _sd: [0, 1, 2], _sd_decoy: 3 },
  age_equal_or_over: { _sd: ['18', '65'] },
}
const typ = 'example+sd-jwt'
const issue = (hash: 'sha-256' | 'sha-384' | 'sha-512' = 'sha-256', decoys = 3) =>
  issueSdJwt(claims, { signer, typ, disclosable, decoys, hash })
/** Without decoys, which mislead the peer's presenting: see sd-jwt-differences. */
const plain = () => issue('sha-256', 0)
const address = { audience, nonce, issuedAt: now, signer: holderSigner }
const theirAddress = { kb: { payload: { iat: seconds, aud: audience, nonce } } }
const asked = { currentDate: seconds, keyBindingNonce: nonce }
/** What stays when the name, the 18 and the second nationality are shown. */
const shown = {
  iss: claims.iss,
  iat: claims.iat,
  exp: claims.exp,
  cnf,
  given_name: 'Алеся',
  address: { country: 'BY', lines: ['a', { b: null }] },
  nationalities: ['PL'],
  age_equal_or_over: { '18': true },
}
const ourChoice = [['given_name'], ['nationalities', 1], ['age_equal_or_over', '18']]
const theirChoice = {
  given_name: true,
  nationalities: { 1: true },
  age_equal_or_over: { 18: true },
}

describe.each<Version>(['0.19', '0.20'])('@sd-jwt/core %s', (version) => {
  const peer = peerOf(version)

  test('reads what we issue: objects, arrays, recursion, decoys', async () => {
    const { payload } = await peer.verify(await issue(), { currentDate: seconds })
    expect(payload).toEqual(claims)
  })

  test('issues what we read: objects, arrays, recursion, decoys', async () => {
    const issued = await peer.issue(claims, frame, { header: { typ } })
    const judged = await judge(issued, { keyBinding: 'as-issued' })
    expect(judged).toMatchObject({ verified: true, claims })
    expect(judged.verified && judged.disclosed.length).toBe(8)
  })

  test('verifies what we present of ours', async () => {
    const wire = await presentSdJwt(await issue(), { disclose: ourChoice, keyBinding: address })
    expect((await peer.verify(wire, asked)).payload).toEqual(shown)
  })

  test('verifies what we present of theirs', async () => {
    const issued = await peer.issue(claims, frame, { header: { typ } })
    const wire = await presentSdJwt(issued, { disclose: ourChoice, keyBinding: address })
    expect((await peer.verify(wire, asked)).payload).toEqual(shown)
  })

  test('presents of ours what we verify', async () => {
    const wire = await peer.present(await plain(), theirChoice, theirAddress)
    expect(await judge(wire)).toMatchObject({ verified: true, claims: shown })
  })

  test('presents of theirs what we verify', async () => {
    const issued = await peer.issue(claims, frame, { header: { typ } })
    const wire = await peer.present(issued, theirChoice, theirAddress)
    const judged = await judge(wire)
    expect(judged.verified && judged.claims).toEqual(shown)
    expect(judged.verified && judged.holder).toEqual({ kind: 'cnf', proven: true })
  })

  test.each(['sha-384', 'sha-512'] as const)('hashes with %s as we do', async (hash) => {
    const other = peerOf(version, hash)
    const issued = await other.issue(claims, frame, { header: { typ } })
    const theirs = await other.present(issued, theirChoice, theirAddress)
    expect(await judge(theirs)).toMatchObject({ verified: true, claims: shown })
    const ours = await presentSdJwt(await issue(hash), { disclose: ourChoice, keyBinding: address })
    expect((await other.verify(ours, asked)).payload).toEqual(shown)
  })

  test('writes the JSON serialisations that we read and write', async () => {
    const wire = await peer.present(await plain(), theirChoice, theirAddress)
    const general: unknown = JSON.parse(JSON.stringify(peer.toGeneralJSON(wire).toJson()))
    const flattened: unknown = JSON.parse(JSON.stringify(peer.toFlattenJSON(wire).toJson()))
    for (const json of [general, flattened]) {
      expect(await judge(json)).toMatchObject({ verified: true, claims: shown })
    }
    expect(sdJwtToJson(wire, { form: 'general' })).toEqual(general)
    expect(sdJwtToJson(wire, { form: 'flattened' })).toEqual(flattened)
  })

  test('refuses, as we do, what was changed on the way', async () => {
    const wire = await presentSdJwt(await issue(), { disclose: ourChoice, keyBinding: address })
    const parts = wire.split('~')
    const withheld = [parts[0], ...parts.slice(2)].join('~')
    const binding = parts.at(-1) ?? ''
    const swapped = wire.replace(binding, `${binding.slice(0, -8)}AAAAAAAA`)
    for (const changed of [withheld, swapped]) {
      await expect(peer.verify(changed, asked)).rejects.toThrow()
      expect((await judge(changed)).verified).toBe(false)
    }
    await expect(peer.verify(wire, { ...asked, keyBindingNonce: 'other' })).rejects.toThrow()
  })
})
