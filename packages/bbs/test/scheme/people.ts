import {
  blindSign,
  commit,
  createScalar,
  createSecretKey,
  nymSecretsOf,
  type ProofInputs,
  prove,
  pseudonymProfile,
  publicKeyOf,
  type Statements,
} from '../../src/scheme.ts'
import { text } from './support.ts'

/** An issuer and a profile: three messages, one of the holder's, two nyms. */
export const profile = pseudonymProfile({ messages: 3, committed: 1, nyms: 2 })
export const secretKey = createSecretKey()
export const publicKey = publicKeyOf(secretKey)
export const header = text('header')
export const messages = ['a', 'b', ''].map(text)
export const committedMessages = [text('mine')]
export const presentationHeader = text('for a verifier, now')
export const scope = text('asoba:nym:v1:svc:https://clinic.example')

/** Everything a new person needs to prove. */
export function person(): Omit<
  ProofInputs['pseudonym'],
  'presentationHeader' | 'disclosed' | 'disclosedCommitted' | 'scope'
> {
  const [nyms, blind, entropy] = [[createScalar(), createScalar()], createScalar(), createScalar()]
  const commitment = commit(profile, { committedMessages, nyms, blind })
  const input = { secretKey, publicKey, header, messages, commitment, entropy }
  const signature = blindSign(profile, input)
  const nymSecrets = nymSecretsOf(profile, { nyms, entropy })
  if (signature === undefined || nymSecrets === undefined) throw new Error('must be issued')
  return { publicKey, signature, header, messages, committedMessages, blind, nymSecrets }
}

/** A good statement of a person: message 1 and the committed one are disclosed. */
export function statementOf(held = person(), place = scope): Statements['pseudonym'] {
  const proven = prove(profile, {
    ...held,
    presentationHeader,
    scope: place,
    disclosed: [1],
    disclosedCommitted: [0],
  })
  return {
    publicKey,
    header,
    presentationHeader,
    scope: place,
    ...proven,
    disclosed: [{ index: 1, message: text('b') }],
    disclosedCommitted: [{ index: 0, message: text('mine') }],
  }
}
