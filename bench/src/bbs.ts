import { createRequire } from 'node:module'
import {
  blindSign,
  commit,
  createScalar,
  createSecretKey,
  nymSecretsOf,
  plainProfile,
  prove,
  pseudonymProfile,
  publicKeyOf,
  sign,
  verifyProof,
  verifyProofs,
} from '@asoba/bbs/scheme'
import {
  deriveProof,
  sign as peerSign,
  verifyProof as peerVerify,
} from '@digitalbazaar/bbs-signatures'
import { compare } from './compare.ts'

interface Mattr {
  readonly bbs: {
    readonly bls12381_sha256: {
      sign(input: object): Promise<Uint8Array>
      deriveProof(input: object): Promise<Uint8Array>
      verifyProof(input: object): Promise<{ readonly verified: boolean }>
    }
  }
}

// Its types are sources that do not compile here.
const { bbs } = createRequire(import.meta.url)('@mattrglobal/pairing-crypto') as Mattr
const utf8 = (text: string) => new TextEncoder().encode(text)
const digitalbazaar = '@digitalbazaar/bbs-signatures 3.0'
const mattr = '@mattrglobal/pairing-crypto 0.4'
const ciphersuite = 'BLS12-381-SHA-256'
const slow = { rounds: 11, turnMs: 60, warmUpMs: 1000 }
const secretKey = createSecretKey()
const publicKey = publicKeyOf(secretKey)
const header = utf8('a header of the issuer')
const presentationHeader = utf8('for one verifier, once')
const disclosed = [0, 1, 2, 3]

/** BBS with so many messages, 4 of them disclosed: sign, prove, verify a proof. */
export async function benchBbs(count: number): Promise<boolean> {
  const messages = Array.from({ length: count }, (_, at) => utf8(`claim ${at} of somebody`))
  const profile = plainProfile({ messages: count })
  const signing = { secretKey, publicKey, header, messages }
  const signature = sign(profile, signing)
  const proving = { publicKey, header, presentationHeader, messages, signature, disclosed }
  const { proof } = prove(profile, proving)
  const shown = disclosed.map((index) => ({ index, message: messages[index] as Uint8Array }))
  const statement = { publicKey, header, presentationHeader, disclosed: shown, proof }
  const disclosedMessages = shown.map(({ message }) => message)
  // On the same wire as ours.
  const theirs = {
    ciphersuite,
    publicKey,
    header,
    presentationHeader,
    disclosedMessageIndexes: disclosed,
  }
  // An older draft: another length of proof, so its proofs are its own.
  const mattrSuite = bbs.bls12381_sha256
  const mattrProving = {
    publicKey,
    header,
    presentationHeader,
    signature,
    messages: messages.map((value, at) => ({ value, reveal: at < disclosed.length })),
    verifySignature: false,
  }
  const mattrProof = await mattrSuite.deriveProof(mattrProving)
  const mattrStatement = {
    publicKey,
    header,
    presentationHeader,
    totalMessageCount: count,
    proof: mattrProof,
    messages: Object.fromEntries(disclosedMessages.entries()),
  }
  if (
    !verifyProof(profile, statement) ||
    !(await peerVerify({ ...theirs, proof, disclosedMessages })) ||
    !(await mattrSuite.verifyProof(mattrStatement)).verified
  ) {
    throw new Error('a proof is refused')
  }
  const title = `${count} messages`
  const signed = await compare(
    `BBS sign, ${title}`,
    [
      { name: 'asoba', run: () => sign(profile, signing) },
      { name: digitalbazaar, run: () => peerSign({ ...signing, ciphersuite }) },
      {
        name: mattr,
        run: () => mattrSuite.sign({ secretKey, publicKey, header, messages }),
      },
    ],
    [
      { faster: 2, than: digitalbazaar },
      { within: 1.4, of: mattr },
    ],
    slow,
  )
  const proved = await compare(
    `BBS prove, ${title}, 4 disclosed`,
    [
      { name: 'asoba', run: () => prove(profile, proving) },
      { name: digitalbazaar, run: () => deriveProof({ ...theirs, signature, messages }) },
      { name: mattr, run: () => mattrSuite.deriveProof(mattrProving) },
    ],
    [
      { faster: 2, than: digitalbazaar },
      { within: 1.4, of: mattr },
    ],
    slow,
  )
  const verified = await compare(
    `BBS verify a proof, ${title}, 4 disclosed`,
    [
      { name: 'asoba', run: () => verifyProof(profile, statement) },
      { name: digitalbazaar, run: () => peerVerify({ ...theirs, proof, disclosedMessages }) },
      { name: mattr, run: () => mattrSuite.verifyProof(mattrStatement) },
    ],
    [
      { faster: 4, than: digitalbazaar },
      { within: 1.4, of: mattr },
    ],
    slow,
  )
  const many = Array.from({ length: 64 }, () => ({
    ...statement,
    proof: prove(profile, proving).proof,
  }))
  const batched = await compare(
    `BBS verify 64 proofs, ${title}, 4 disclosed`,
    [
      { name: 'asoba, as a batch', run: () => verifyProofs(profile, publicKey, many) },
      {
        name: 'asoba, one by one',
        run: () => many.every((one) => verifyProof(profile, one)),
      },
    ],
    [{ faster: 1.5, than: 'asoba, one by one' }],
    { rounds: 5, turnMs: 1, warmUpMs: 1 },
  )
  return signed && proved && verified && batched
}

/** A proof with a pseudonym from so many nyms: 12 messages, 2 disclosed. Nobody to compare with. */
export async function benchPseudonym(nyms: number): Promise<boolean> {
  const profile = pseudonymProfile({ messages: 12, committed: 0, nyms })
  const messages = Array.from({ length: 12 }, (_, at) => utf8(`claim ${at} of somebody`))
  const secrets = {
    committedMessages: [],
    nyms: Array.from({ length: nyms }, createScalar),
    blind: createScalar(),
  }
  const entropy = createScalar()
  const commitment = commit(profile, secrets)
  const issuing = { secretKey, publicKey, header, messages, commitment, entropy }
  const signature = blindSign(profile, issuing)
  const nymSecrets = nymSecretsOf(profile, { nyms: secrets.nyms, entropy })
  if (signature === undefined || nymSecrets === undefined) throw new Error('not issued')
  const scope = utf8('asoba:nym:v1:svc:https://clinic.example')
  const proving = {
    ...secrets,
    publicKey,
    header,
    presentationHeader,
    messages,
    signature,
    nymSecrets,
    scope,
    disclosed: [0, 1],
    disclosedCommitted: [],
  }
  const statement = {
    publicKey,
    header,
    presentationHeader,
    scope,
    ...prove(profile, proving),
    disclosed: messages.slice(0, 2).map((message, index) => ({ index, message })),
    disclosedCommitted: [],
  }
  if (!verifyProof(profile, statement)) throw new Error('a proof is refused')
  return compare(
    `Pseudonym, ${nyms} nyms, 12 messages, 2 disclosed (a proof of ${statement.proof.length} bytes)`,
    [
      { name: 'verify a proof', run: () => verifyProof(profile, statement) },
      { name: 'prove', run: () => prove(profile, proving) },
      { name: 'commit', run: () => commit(profile, secrets) },
      { name: 'sign blindly', run: () => blindSign(profile, issuing) },
    ],
    [],
    slow,
  )
}
