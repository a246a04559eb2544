import {
  AsobaError,
  type BbsSigner,
  fromBase64url,
  type Jwk,
  type SignatureAlgorithm,
  type Signer,
  toBase64url,
  utf8,
} from '@asoba/core'
import { algorithmOfJwk, findVerificationKeys, sameKey } from '@asoba/did'
import type { IIdentifier, IKey } from '@veramo/core'
import { agentResolver, type ResolvingAgent } from './agent-resolver.ts'
import { jwkOfManagedKey, toHex } from './key-forms.ts'

/** What is asked of an agent to sign: `KeyManager`, `DIDManager` and a resolver, or others with these methods. */
export interface SigningAgent extends ResolvingAgent {
  /** The DID with its keys, where the agent manages it. */
  didManagerGet(args: { did: string }): Promise<IIdentifier>
  /** A signature, base64url, by a managed key. */
  keyManagerSign(args: {
    keyRef: string
    data: string
    encoding: 'base16'
    algorithm: string
  }): Promise<string>
}

/** Which key of a managed DID signs. */
export interface AgentKeyQuery {
  readonly did: string
  /** `kid` of the key; the first that fits when left out. */
  readonly keyRef?: string
  /** For credentials `assertionMethod`, for presentations `authentication`. */
  readonly relationship: 'assertionMethod' | 'authentication'
}

/**
 * A `Signer` whose key stays where the agent keeps it. The verification method is the one under
 * which the DID document lists that very key for the purpose; a did:web that is not published yet
 * has the name that Veramo will publish: the DID and the `kid`.
 *
 * @throws AsobaError `signer.missing` where no managed key fits
 */
export async function agentSigner(
  agent: SigningAgent,
  query: AgentKeyQuery & { readonly algorithms: readonly SignatureAlgorithm[] },
): Promise<Signer> {
  const { key, jwk, verificationMethod } = await findKey(agent, query, query.algorithms)
  const algorithm = algorithmOfJwk(jwk) as SignatureAlgorithm
  return {
    algorithm,
    verificationMethod,
    sign: (data) => signWith(agent, key, algorithm, data),
  }
}

/**
 * A `BbsSigner` whose key is in `asobaKms`, which takes what is to be signed as JSON.
 *
 * @throws AsobaError `signer.missing` where no managed key fits
 */
export async function agentBbsSigner(
  agent: SigningAgent,
  query: Omit<AgentKeyQuery, 'relationship'>,
): Promise<BbsSigner> {
  const found = await findKey(agent, { ...query, relationship: 'assertionMethod' }, ['BBS'])
  const { key, jwk, verificationMethod } = found
  return {
    verificationMethod,
    publicKey: fromBase64url(jwk.x ?? '') as Uint8Array,
    sign: ({ header, messages, commitmentWithProof, nyms, entropy }) => {
      const input = {
        header: toBase64url(header),
        messages: messages.map(toBase64url),
        ...(commitmentWithProof && { commitmentWithProof: toBase64url(commitmentWithProof) }),
        ...(nyms !== undefined && { nyms }),
        ...(entropy && { entropy: toBase64url(entropy) }),
      }
      return signWith(agent, key, 'BBS', utf8(JSON.stringify(input)))
    },
  }
}

async function findKey(
  agent: SigningAgent,
  { did, keyRef, relationship }: AgentKeyQuery,
  algorithms: readonly string[],
): Promise<{ readonly key: IKey; readonly jwk: Jwk; readonly verificationMethod: string }> {
  const { keys } = await agent.didManagerGet({ did })
  const listed = await findVerificationKeys(agentResolver(agent), { did, relationship })
  for (const key of keys) {
    if (keyRef !== undefined && key.kid !== keyRef) continue
    const jwk = jwkOfManagedKey(key)
    if (jwk === undefined || !algorithms.includes(String(algorithmOfJwk(jwk)))) continue
    const method = listed.verified && listed.keys.find(({ publicJwk }) => sameKey(publicJwk, jwk))
    if (method) return { key, jwk, verificationMethod: method.id }
    // Only where there is no document: one that does not list the key says no.
    const unpublished = !listed.verified && listed.problems[0].code === 'did.not-found'
    if (did.startsWith('did:web:') && unpublished) {
      return { key, jwk, verificationMethod: `${did}#${key.kid}` }
    }
  }
  throw new AsobaError('signer.missing', 'the agent has no key of the DID for this purpose')
}

async function signWith(
  agent: SigningAgent,
  key: IKey,
  algorithm: string,
  data: Uint8Array,
): Promise<Uint8Array> {
  const hex = toHex(data)
  const text = await agent.keyManagerSign({
    keyRef: key.kid,
    data: hex,
    encoding: 'base16',
    algorithm,
  })
  const signature = fromBase64url(text)
  if (signature === undefined || (algorithm !== 'BBS' && signature.length < 64)) {
    throw new AsobaError('key.unsupported', 'the key manager gave no signature of this algorithm')
  }
  return signature
}
