import {
  bytesOfBase64url,
  type HolderProof,
  type JsonObject,
  type Jwk,
  type Presentation,
  type PresentationRequest,
  toBase64url,
} from '@asoba/core'
import type { Issuer } from '@asoba/issuer'
import type { QueryInput, Verifier } from '@asoba/verifier'
import type { Match, Wallet } from '@asoba/wallet'
import type { IPluginMethodMap } from '@veramo/core'
import { type AsobaVerifyResult, asJson, refusedResult } from './result.ts'

/** Roles of Asoba that an agent has; the methods of one that is not given fail with `TypeError`. */
export interface AsobaRoles {
  readonly issuer?: Issuer
  readonly wallet?: Wallet
  readonly verifier?: Verifier
}

/** A holder's proof in JSON: bytes are base64url. */
export type HolderProofJson =
  | { readonly kind: 'jwk'; readonly publicJwk: Jwk }
  | { readonly kind: 'bbs-commitment'; readonly commitmentWithProof: string }
  | { readonly kind: 'bearer' }

/** What an answer is judged against: the caller's own query, never the sender's. */
export interface AnswerToJudge {
  readonly presentation: Presentation | JsonObject
  readonly query: QueryInput
  readonly state?: string
}

/** Issue, hold, present, verify by the roles of Asoba, everything in JSON. */
export interface IAsobaRoles extends IPluginMethodMap {
  /** One copy for each holder proof: `{ format, wire, status? }`. */
  asobaIssue(args: {
    readonly format: string
    readonly type: string
    readonly claims: JsonObject
    readonly holders: readonly HolderProofJson[]
  }): Promise<readonly JsonObject[]>
  /** Fresh holder keys, one for each copy. */
  asobaPrepare(args: {
    readonly format: string
    readonly count: number
    readonly type?: string
    readonly issuer?: string
  }): Promise<readonly HolderProofJson[]>
  /** Takes credentials in, all or none: what is held of them. */
  asobaReceive(args: {
    readonly credentials: readonly (string | JsonObject)[]
  }): Promise<readonly { readonly id: string; readonly copiesLeft: number }[]>
  /** The ways to answer a request: what a consent screen shows. */
  asobaMatch(args: { readonly request: PresentationRequest }): Promise<readonly Match[]>
  /** Answers in the way that the holder agreed to. */
  asobaPresent(args: {
    readonly request: PresentationRequest
    readonly match: Match
  }): Promise<Presentation>
  /** A request with a fresh nonce; `expires` in ISO 8601. */
  asobaRequest(args: {
    readonly query: QueryInput
    readonly scope?: string
  }): Promise<PresentationRequest & { readonly state: string; readonly expires: string }>
  /** Judges an answer: `claims`, `credentials` and `pseudonyms` where it is verified. */
  asobaVerify(args: AnswerToJudge): Promise<AsobaVerifyResult>
  /** Judges an answer, and gives the pseudonym of one credential query without any claim. */
  asobaPseudonym(args: AnswerToJudge & { readonly id: string }): Promise<AsobaVerifyResult>
}

/** The methods over the roles that are there. */
export function roleMethods({ issuer, wallet, verifier }: AsobaRoles): IAsobaRoles {
  const judge = async ({ presentation, query, state }: AnswerToJudge) => {
    const result = await given(verifier, 'verifier').verify(presentation, {
      query,
      ...(state !== undefined && { state }),
    })
    return result
  }
  return {
    async asobaIssue({ format, type, claims, holders }) {
      const proofs = holders.map(proofOfJson)
      const issued = await given(issuer, 'issuer').issue({ format, type, claims, holders: proofs })
      return asJson(issued) as unknown as readonly JsonObject[]
    },
    async asobaPrepare(args) {
      return (await given(wallet, 'wallet').prepare(args)).map(proofToJson)
    },
    async asobaReceive({ credentials }) {
      const held = await given(wallet, 'wallet').receive(credentials)
      // Unlinkable ones can be shown for ever, which JSON has no number for.
      return held.map(({ id, copiesLeft }) => ({ id, copiesLeft: finite(copiesLeft) }))
    },
    async asobaMatch({ request }) {
      return asJson(await given(wallet, 'wallet').match(request)) as unknown as readonly Match[]
    },
    async asobaPresent({ request, match }) {
      return asJson(
        await given(wallet, 'wallet').present(request, match),
      ) as unknown as Presentation
    },
    async asobaRequest({ query, scope }) {
      const options = scope === undefined ? {} : { scope }
      return asJson(await given(verifier, 'verifier').request(query, options)) as never
    },
    async asobaVerify(args) {
      const result = await judge(args)
      if (!result.verified) return refusedResult(result)
      return asJson({ problems: [], ...result }) as unknown as AsobaVerifyResult
    },
    async asobaPseudonym(args) {
      const result = await judge(args)
      if (!result.verified) return refusedResult(result)
      const pseudonyms: Readonly<Record<string, string | undefined>> = result.pseudonyms
      const pseudonym = Object.hasOwn(pseudonyms, args.id) ? pseudonyms[args.id] : undefined
      const { checks } = result
      if (pseudonym === undefined) {
        const detail = 'the answer shows no pseudonym for this credential query'
        return refusedResult({ problems: [{ code: 'query.unsatisfied', detail }], checks })
      }
      return { verified: true, problems: [], checks: [...checks], pseudonym }
    },
  }
}

function given<T>(role: T | undefined, name: string): T {
  if (role === undefined) throw new TypeError(`the agent was given no ${name}`)
  return role
}

function finite(count: number): number {
  return Number.isFinite(count) ? count : Number.MAX_SAFE_INTEGER
}

function proofOfJson(proof: HolderProofJson): HolderProof {
  return proof.kind === 'bbs-commitment'
    ? { kind: proof.kind, commitmentWithProof: bytesOfBase64url(proof.commitmentWithProof) }
    : proof
}

function proofToJson(proof: HolderProof): HolderProofJson {
  return proof.kind === 'bbs-commitment'
    ? { kind: proof.kind, commitmentWithProof: toBase64url(proof.commitmentWithProof) }
    : proof
}
