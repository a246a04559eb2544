import {
  canonicalize,
  fromBase64url,
  isJsonObject,
  type Json,
  type JsonObject,
  type Problem,
  parseJson,
  problem,
  refused,
  type Verified,
} from '@asoba/core'
import { dateTime, idOf, listOf, stringsOf } from '@asoba/core/judge'
import { baseContextV1 } from '@asoba/core/v1'
import {
  signCredentialV1,
  signPresentationV1,
  verifyCredentialV1,
  verifyPresentationV1,
} from '@asoba/jwt/v1'
import type { ICredentialProvider } from '@veramo/credential-w3c'
import { agentSigner } from './agent-signer.ts'
import type { JudgingContext } from './policy.ts'
import { type Judged, type ProviderOptions, providerOf } from './provider.ts'
import { joseAlgorithms, typOfToken } from './vc-jwt-provider.ts'

/** A JWT, and what somebody wrote beside it. */
interface Wire {
  readonly token: string
  readonly beside?: JsonObject
}

/**
 * VC data model 1.1 as JWT (`jwt`), in the form that Veramo's own provider has: the credential
 * read out, with the token in `proof.jwt`. What stands beside a token must be what the token says.
 * The claims of 1.1 that are missing are added as Veramo does: the base context and
 * `issuanceDate`, on a copy.
 *
 * @throws TypeError where the policy leaves something out
 */
export function jwtV1Provider(options: ProviderOptions): ICredentialProvider {
  return providerOf(
    {
      proofFormat: 'jwt',
      algorithms: joseAlgorithms,
      credentialIn: (document) => wireIn(document, 'vc'),
      presentationIn: (document) => wireIn(document, 'vp'),
      async issue(credential, { signer, now }) {
        const whole: JsonObject = {
          issuanceDate: dateTime(now),
          ...credential,
          '@context': withFirst(baseContextV1, credential['@context']),
          type: withFirst('VerifiableCredential', credential['type']),
        }
        const by = await signer(idOf(credential['issuer']) ?? '')
        return { ...whole, proof: proofOf(await signCredentialV1(whole, by)) }
      },
      async present(presentation, to, { agent, keyRef }) {
        const holder = idOf(presentation['holder']) ?? ''
        const tokens = listOf(presentation['verifiableCredential']).map((one: Json) => {
          const token = wireIn(one, 'vc')?.token
          if (token === undefined) throw new TypeError('a presentation of VC 1.1 holds its JWTs')
          return token
        })
        const signer = await agentSigner(agent, {
          did: holder,
          ...(keyRef !== undefined && { keyRef }),
          relationship: 'authentication',
          algorithms: joseAlgorithms,
        })
        return {
          '@context': [baseContextV1],
          type: ['VerifiablePresentation'],
          holder,
          verifiableCredential: tokens,
          proof: proofOf(await signPresentationV1(holder, tokens, to, signer)),
        }
      },
      verifyCredential,
      async verifyPresentation(wire, context) {
        const { token, beside } = wire as Wire
        const judged = await verifyPresentationV1(token, context)
        if (!judged.verified || beside === undefined) return judged
        // The credentials are those of the token; a list beside it must be as long.
        const claimed = listOf(beside['verifiableCredential'])
        const holder = idOf(beside['holder'])
        const same =
          claimed.length === judged.credentials.length &&
          (holder === undefined || holder === judged.holder)
        return same ? judged : refused([differs], judged.checks)
      },
    },
    options,
  )
}

async function verifyCredential(wire: unknown, context: JudgingContext): Promise<Verified<Judged>> {
  const { token, beside } = wire as Wire
  const judged = await verifyCredentialV1(token, context)
  if (!judged.verified || beside === undefined) return judged
  return likeness(beside) === likeness(judged.credential)
    ? judged
    : refused([differs], judged.checks)
}

const differs: Problem = problem(
  'credential.malformed',
  'what stands beside the token is not what the token says',
)

/** One text for what is one credential, however its members are written. */
function likeness(credential: JsonObject): string {
  const { proof: _proof, issuer, type, '@context': context, ...rest } = credential
  const times = Object.fromEntries(
    ['issuanceDate', 'expirationDate'].flatMap((name) => {
      const time = rest[name]
      return typeof time === 'string' ? [[name, Math.floor(Date.parse(time) / 1000)]] : []
    }),
  )
  return canonicalize({
    ...rest,
    ...times,
    issuer: isJsonObject(issuer) ? issuer : { id: issuer ?? null },
    type: stringsOf(type),
    '@context': listOf(context),
  } as JsonObject)
}

function wireIn(document: unknown, kind: 'vc' | 'vp'): Wire | undefined {
  if (typeof document === 'string') return isToken(document, kind) ? { token: document } : undefined
  if (!isJsonObject(document) || !isJsonObject(document['proof'])) return undefined
  const { jwt } = document['proof']
  return typeof jwt === 'string' && isToken(jwt, kind)
    ? { token: jwt, beside: document }
    : undefined
}

function isToken(token: string, kind: 'vc' | 'vp'): boolean {
  const typ = typOfToken(token)
  if (typ !== 'jwt' && typ !== '') return false
  const claims = parseJson(fromBase64url(token.split('.', 2)[1] ?? '') ?? '')
  return isJsonObject(claims) && isJsonObject(claims[kind])
}

function proofOf(jwt: string): JsonObject {
  return { type: 'JwtProof2020', jwt }
}

function withFirst(first: string, value: Json | undefined): readonly Json[] {
  const list = listOf(value)
  return list.includes(first) ? list : [first, ...list]
}
