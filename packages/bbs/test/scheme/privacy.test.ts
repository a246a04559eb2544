import { everythingIn } from '@asoba/testing'
import { expect, test } from 'vitest'
import {
  blindSign,
  commit,
  plainProfile,
  prove,
  pseudonymOf,
  publicKeyOf,
  sign,
} from '../../src/scheme.ts'
import { header, person, presentationHeader, profile, scope, secretKey } from './people.ts'
import { hex, text } from './support.ts'

const planted = 'PLANTED-SECRET-'

test('no error lets out a message, key, nym or blinding factor', () => {
  const held = person()
  const secret = text(`${planted}${'x'.repeat(17)}`)
  const proving = { ...held, presentationHeader, scope, disclosed: [], disclosedCommitted: [] }
  const failing: readonly (() => unknown)[] = [
    () => publicKeyOf(Uint8Array.of(255, ...secret.subarray(1))),
    () => publicKeyOf(text(planted)),
    () => sign(plainProfile({ messages: 1 }), { secretKey, header, messages: [secret, secret] }),
    () => prove(profile, { ...proving, messages: [secret] }),
    () => prove(profile, { ...proving, committedMessages: [secret, secret] }),
    () => prove(profile, { ...proving, blind: text(planted) }),
    () => prove(profile, { ...proving, nymSecrets: [text(planted), ...held.nymSecrets.slice(1)] }),
    () => prove(profile, { ...proving, nymSecrets: [secret] }),
    () => prove(profile, { ...proving, signature: secret }),
    () => prove(profile, { ...proving, disclosed: [99] }),
    () =>
      commit(profile, {
        committedMessages: [secret, secret],
        nyms: held.nymSecrets,
        blind: held.blind,
      }),
    () =>
      commit(profile, { committedMessages: [secret], nyms: [text(planted)], blind: held.blind }),
    () => pseudonymOf(profile, { nymSecrets: [text(planted), text(planted)], scope }),
    () =>
      blindSign(profile, {
        secretKey: text(planted),
        header,
        messages: held.messages,
        commitment: commit(profile, {
          committedMessages: held.committedMessages,
          nyms: held.nymSecrets,
          blind: held.blind,
        }),
        entropy: secretKey,
      }),
  ]
  const secrets = [planted, ...[held.blind, ...held.nymSecrets, secretKey, held.signature].map(hex)]
  for (const fail of failing) {
    let caught: unknown
    try {
      fail()
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(TypeError)
    const out = everythingIn(caught)
    for (const value of secrets) expect(out).not.toContain(value)
  }
})

test('nothing that is proven holds a hidden message or secret', () => {
  const held = person()
  const proven = prove(profile, {
    ...held,
    presentationHeader,
    scope,
    disclosed: [],
    disclosedCommitted: [],
  })
  const out = hex(proven.proof) + hex(proven.pseudonym)
  for (const value of [
    held.blind,
    ...held.nymSecrets,
    held.signature.subarray(0, 48),
    held.signature.subarray(48),
  ]) {
    expect(out).not.toContain(hex(value))
  }
})
