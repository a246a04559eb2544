import {
  type FindTrustedIssuer,
  type Jwk,
  problem,
  refused,
  type Signer,
  type StatusReference,
  type StatusSource,
  utf8,
} from '@asoba/core'
import { createKey, jwkSigner } from '@asoba/did'
import type { CheckStatusOptions, PublishedStatusList, StatusDocument } from '@asoba/status'

/** An issuer that publishes status lists, and a verifier that trusts it. */
export const registry = 'did:web:registry.example'
export const uri = 'https://registry.example/status/1'
export const now = new Date('2026-11-24T10:00:30Z')

export interface Nation {
  readonly signer: Signer
  readonly publicJwk: Jwk
  readonly findIssuer: FindTrustedIssuer
}

export async function nation(issuer: string = registry): Promise<Nation> {
  const { publicJwk, privateJwk } = await createKey('ES256')
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${issuer}#status` })
  return {
    signer,
    publicJwk,
    findIssuer: async (claim) =>
      claim.issuer === issuer && claim.purpose === 'status' && claim.types[0] === 'citizenship'
        ? {
            verified: true,
            checks: [],
            issuer,
            type: 'citizenship',
            keys: [publicJwk],
            mechanism: 'did',
          }
        : refused([problem('issuer.untrusted', 'the issuer is not trusted for this type')]),
  }
}

export function documentOf(
  { body, mediaType }: PublishedStatusList,
  fetchedAt: Date = now,
): StatusDocument {
  return { bytes: utf8(body), mediaType, fetchedAt }
}

/** A source that holds one document, and counts who asks. */
export function sourceOf(document: StatusDocument): StatusSource & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    async get(address) {
      asked.push(address)
      return document
    },
  }
}

export function optionsFor(
  { findIssuer }: Nation,
  source: StatusSource,
  more: Partial<CheckStatusOptions> = {},
): CheckStatusOptions {
  return {
    issuer: { issuer: registry, type: 'citizenship', mechanism: 'did' },
    source,
    findIssuer,
    now,
    ...more,
  }
}

export function entry(index: number, at: string = uri): StatusReference {
  return { kind: 'token-status-list', uri: at, index }
}

export function codesOf(result: {
  readonly verified: boolean
  readonly problems?: readonly { readonly code: string }[]
}): readonly string[] {
  return (result.problems ?? []).map(({ code }) => code)
}
