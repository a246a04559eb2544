import {
  blindProfile,
  blindSign,
  type Profile,
  plainProfile,
  prove,
  pseudonymProfile,
  type Statements,
  verifyProof,
  verifyProofs,
} from '../../src/scheme.ts'

declare const bytes: Uint8Array
declare const statement: Statements['pseudonym']

const plain = plainProfile({ messages: 2 })
const withNyms = pseudonymProfile({ messages: 2, committed: 0, nyms: 16 })

// A profile cannot be written down.
// @ts-expect-error: only made
export const forged: Profile<'plain'> = { kind: 'plain', messages: 2, committed: 0, nyms: 0 }
// @ts-expect-error: L is not optional
plainProfile({})
// @ts-expect-error: nor is N
pseudonymProfile({ messages: 2, committed: 0 })

// @ts-expect-error: nor is M
blindProfile({ messages: 2 })
// @ts-expect-error: L, M and N are not what a profile is: it is made of them
verifyProofs({ messages: 2, committed: 0, nyms: 16 }, bytes, [statement])
const blindStatement: Statements['blind'] = statement
verifyProofs(blindProfile({ messages: 2, committed: 0 }), bytes, [blindStatement])
// @ts-expect-error: with nyms a proof has a pseudonym
verifyProofs(withNyms, bytes, [blindStatement])

// There is no verification without one, nor without what its kind demands.
verifyProof(withNyms, statement) satisfies boolean
// @ts-expect-error: no profile
verifyProof(statement)
const { scope, pseudonym, ...blind } = statement
// @ts-expect-error: no scope and pseudonym
verifyProof(withNyms, blind)
// @ts-expect-error: no pseudonym
verifyProof(withNyms, { ...blind, scope })
const { presentationHeader, ...stale } = statement
// @ts-expect-error: nothing that makes it fresh
verifyProof(withNyms, stale)

const secret = { secretKey: bytes, header: bytes, messages: [], commitment: bytes }
blindSign(withNyms, { ...secret, entropy: bytes }) satisfies Uint8Array | undefined
// @ts-expect-error: the issuer's entropy is not optional
blindSign(withNyms, secret)
// @ts-expect-error: nothing is signed blindly without a commitment
blindSign(plain, secret)

const proving = {
  publicKey: bytes,
  signature: bytes,
  header: bytes,
  presentationHeader,
  messages: [],
}
prove(plain, { ...proving, disclosed: [] }).pseudonym satisfies undefined
// @ts-expect-error: what is disclosed is said
prove(plain, proving)

void pseudonym
