import {
  AsobaError,
  type ClaimsPath,
  isJsonObject,
  type Json,
  type JsonObject,
  type Jwk,
  problem,
  refused,
  type Verified,
} from '@asoba/core'
import { idOf, listOf, seconds } from '@asoba/core/judge'
import { findVerificationKeys, sameKey } from '@asoba/did'
import { issueSdJwt, openSdJwt, presentSdJwt, sdJwtVc, verifySdJwt } from '@asoba/sd-jwt'
import { sdJwtVcVerifying } from '@asoba/sd-jwt/verifying'
import type { ICredentialProvider } from '@veramo/credential-w3c'
import { agentResolver } from './agent-resolver.ts'
import { agentSigner, type SigningAgent } from './agent-signer.ts'
import { envelope, openEnvelope } from './envelope.ts'
import { jwkOfManagedKey } from './key-forms.ts'
import type { JudgingContext } from './policy.ts'
import {
  type IssueInput,
  type Judged,
  ownType,
  type PresentInput,
  type ProviderOptions,
  providerOf,
} from './provider.ts'
import { joseAlgorithms } from './vc-jwt-provider.ts'

const mediaType = 'application/dc+sd-jwt'

/**
 * SD-JWT VC (`dc+sd-jwt`) for `CredentialPlugin` and `asobaCredentials`.
 *
 * A credential is issued from Veramo's form: `vct` (or the last of its types), `issuer`, dates, and
 * the claims of `credentialSubject`. The id of the subject becomes `cnf`: the key of that DID for
 * authentication. `disclosable` of the call are the paths that can be withheld; every claim where
 * left out. To present, `disclose` of the call are the paths to tell: none where left out.
 *
 * @throws TypeError where the policy leaves something out
 */
export function sdJwtProvider(options: ProviderOptions): ICredentialProvider {
  const format = sdJwtVcVerifying(options.backend && { backend: options.backend })
  const textIn = (kind: 'Credential' | 'Presentation', document: unknown) => {
    if (typeof document !== 'string') return openEnvelope(kind, mediaType, document)
    const isPresentation = !document.endsWith('~')
    const fits = format.recognises(document) && isPresentation === (kind === 'Presentation')
    return fits ? document : undefined
  }
  return providerOf(
    {
      proofFormat: 'dc+sd-jwt',
      algorithms: joseAlgorithms,
      credentialIn: (document) => textIn('Credential', document),
      // Without a holder's key a presentation ends as a credential does.
      presentationIn: (document) =>
        textIn('Presentation', document) ?? textIn('Credential', document),
      issue: async (credential, input) =>
        envelope('Credential', mediaType, await issue(credential, input)),
      async present(presentation, to, input) {
        const [one, ...others] = listOf(presentation['verifiableCredential'])
        const token = textIn('Credential', one)
        if (token === undefined || others.length > 0) {
          throw new TypeError('an SD-JWT VC is presented alone')
        }
        const { audience, nonce, now: issuedAt } = to
        const signer = await holderSigner(presentation, token, input)
        const presented = await presentSdJwt(token, {
          disclose: pathsIn(input.args['disclose']) ?? [],
          keyBinding: signer === undefined ? 'none' : { audience, nonce, issuedAt, signer },
        })
        return envelope('Presentation', mediaType, presented)
      },
      verifyCredential: verifyIssued,
      async verifyPresentation(wire, context) {
        const verified = await format.verify(wire, context)
        if (!verified.verified) return verified
        const { checks, claims: credential, ...rest } = verified
        return { verified: true, checks, credentials: [{ ...rest, credential }] }
      },
    },
    options,
  )
}

/** As an issuer hands it out: signature, trust and time; that nobody is bound yet is as it should be. */
async function verifyIssued(wire: unknown, context: JudgingContext): Promise<Verified<Judged>> {
  let view: ReturnType<ReturnType<typeof sdJwtVc>['view']>
  try {
    view = sdJwtVc().view({ format: 'dc+sd-jwt', wire: String(wire) })
  } catch {
    return refused([
      problem('credential.malformed', 'it is no SD-JWT VC as an issuer hands it out'),
    ])
  }
  let trusted: Awaited<ReturnType<JudgingContext['findIssuer']>> | undefined
  const verified = await verifySdJwt(wire, {
    ...context,
    typ: 'dc+sd-jwt',
    keyBinding: 'as-issued',
    findKeys: async ({ header, claims }) => {
      const { iss, vct } = claims
      trusted = await context.findIssuer({
        ...(typeof iss === 'string' && { issuer: iss }),
        types: typeof vct === 'string' ? [vct] : [],
        algorithm: header.alg,
        ...(header.kid !== undefined && { kid: header.kid }),
        ...(header.x5c && { x5c: header.x5c }),
        purpose: 'credential',
      })
      return trusted
    },
  })
  if (!verified.verified) return verified
  if (!trusted?.verified) return refused([problem('issuer.untrusted', 'the issuer is not trusted')])
  const { claims: credential, checks } = verified
  const { issuer, type, mechanism } = trusted
  const { validFrom, validUntil } = view
  const list = isJsonObject(credential['status']) ? credential['status']['status_list'] : undefined
  const { idx, uri } = isJsonObject(list) ? list : {}
  return {
    verified: true,
    checks,
    ...{ issuer, type, mechanism, credential },
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    status:
      typeof idx === 'number' && typeof uri === 'string'
        ? [{ kind: 'token-status-list', uri, index: idx }]
        : [],
  }
}

async function issue(
  credential: JsonObject,
  { agent, args, now, signer: signerFor }: IssueInput,
): Promise<string> {
  const { issuer, credentialSubject, vct = ownType(credential) } = credential
  const iss = idOf(issuer) ?? ''
  const [subject, ...others] = [credentialSubject].flat()
  if (!isJsonObject(subject) || others.length > 0 || typeof vct !== 'string' || vct === '') {
    throw new TypeError('an SD-JWT VC has one subject, and a vct or a type')
  }
  const { id, ...claims } = subject
  const reserved = ['iss', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status', 'iat', 'sub']
  if (reserved.some((name) => Object.hasOwn(claims, name))) {
    throw new TypeError('a claim of the subject has the name of a claim of the credential')
  }
  const signer = await signerFor(iss)
  const { verificationMethod: kid, x5c } = signer
  // A day where the caller says nothing: the second would mark the copies of one person.
  const today = Math.floor(seconds(now) / 86_400) * 86_400
  const from = timeIn(credential['validFrom'] ?? credential['issuanceDate']) ?? today
  const until = timeIn(credential['validUntil'] ?? credential['expirationDate'])
  const { status, 'vct#integrity': integrity } = credential
  const payload: JsonObject = {
    ...{ iss, vct, iat: from, nbf: from },
    ...(integrity !== undefined && { 'vct#integrity': integrity }),
    ...(until !== undefined && { exp: until }),
    ...(id !== undefined && { cnf: { jwk: await keyOfSubject(agent, String(id)) } }),
    ...(status !== undefined && { status }),
    ...claims,
  }
  return issueSdJwt(payload, {
    signer,
    typ: 'dc+sd-jwt',
    header: { ...(kid !== '' && { kid }), ...(x5c && { x5c }) },
    disclosable: pathsIn(args['disclosable']) ?? Object.keys(claims).map((name) => [name]),
  })
}

/** @throws AsobaError `key.unsupported` where the DID has no one key that can prove to hold it */
async function keyOfSubject(agent: SigningAgent, did: string): Promise<JsonObject> {
  const relationship = 'authentication'
  const found = await findVerificationKeys(agentResolver(agent), { did, relationship })
  const [first] = found.verified ? found.keys : []
  if (first === undefined) {
    throw new AsobaError('key.unsupported', 'the subject has no key for authentication')
  }
  const { kty, crv = '', x = '', y } = first.publicJwk
  return { kty, crv, x, ...(y !== undefined && { y }) }
}

/** Signs with the agent's key that the credential is bound to; none where it is bound to nobody. */
async function holderSigner(
  presentation: JsonObject,
  token: string,
  { agent }: PresentInput,
): Promise<Awaited<ReturnType<typeof agentSigner>> | undefined> {
  const opened = openSdJwt(token)
  const cnf = opened.verified ? opened.claims['cnf'] : undefined
  if (cnf === undefined) return undefined
  const bound = isJsonObject(cnf) ? (cnf['jwk'] as unknown as Jwk) : undefined
  const did = idOf(presentation['holder']) ?? ''
  const { keys } = await agent.didManagerGet({ did })
  const key = keys.find((each) => {
    const jwk = jwkOfManagedKey(each)
    return jwk !== undefined && bound !== undefined && sameKey(jwk, bound)
  })
  if (key === undefined) {
    throw new AsobaError('wallet.credential-not-ours', 'it is bound to no key of the holder')
  }
  const relationship = 'authentication'
  return agentSigner(agent, { did, keyRef: key.kid, relationship, algorithms: joseAlgorithms })
}

function timeIn(value: Json | undefined): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000)
}

/** Claims paths of a call; a name stands for the path of one. */
function pathsIn(value: unknown): readonly ClaimsPath[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw new TypeError('paths are an array')
  return value.map((path: unknown) => (typeof path === 'string' ? [path] : (path as ClaimsPath)))
}
