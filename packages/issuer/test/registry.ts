import type {
  CredentialFormat,
  CredentialType,
  HolderProof,
  SecureInput,
  StatusReference,
} from '@asoba/core'
import { problem } from '@asoba/core'
import type { StatusList } from '@asoba/status'

/** The day of the tests, at an hour that must show nowhere. */
export const now = new Date('2026-11-24T15:47:11.123Z')

export const citizenship: CredentialType = {
  name: 'citizenship',
  vct: 'https://nation.example/citizenship/1',
  vctIntegrity: 'sha256-AA',
  vcdmType: 'CitizenshipCredential',
  contexts: [],
  types: [],
  subjectTypes: [],
  claims: [],
  schema: {},
  holderBinding: 'required',
  validate: (claims) =>
    claims['citizen'] === true
      ? []
      : [
          problem('claims.invalid', 'citizen is not true', '/citizen'),
          problem('claims.invalid', 'something else', '/other'),
        ],
}

export const library: CredentialType = {
  ...citizenship,
  name: 'library',
  holderBinding: 'bearer',
  validate: () => [],
}

/** A format that keeps what it was asked to secure. */
export function fakeFormat<Id extends string>(
  id: Id,
): CredentialFormat<Id> & { readonly secured: [SecureInput, HolderProof][] } {
  const secured: [SecureInput, HolderProof][] = []
  const never = (): never => {
    throw new Error('an issuer has no use for this')
  }
  return {
    id,
    dcqlFormat: id,
    countedBy: 'credential',
    secured,
    async secure(input, holder) {
      secured.push([input, holder])
      return { format: id, wire: `copy ${secured.length}` }
    },
    recognises: never,
    view: never,
    prepareHolder: never,
    present: never,
    verify: never,
  }
}

/** A status list that counts up and keeps what was changed. */
export function fakeList(
  uri = 'https://registry.example/status/1',
): StatusList & { readonly changes: [string, readonly number[]][] } {
  let next = 0
  const changes: [string, readonly number[]][] = []
  const change =
    (name: string) =>
    async (references: StatusReference | readonly StatusReference[]): Promise<void> => {
      const all = 'kind' in references ? [references] : references
      changes.push([name, all.map(({ index }) => index)])
    }
  return {
    kind: 'token-status-list',
    uri,
    changes,
    allocate: async (count) =>
      Array.from({ length: count }, () => ({ kind: 'token-status-list', uri, index: next++ })),
    revoke: change('revoke'),
    suspend: change('suspend'),
    reinstate: change('reinstate'),
    publish: async () => {
      throw new Error('an issuer does not publish')
    },
  }
}

export function holder(x: string): HolderProof {
  return { kind: 'jwk', publicJwk: { kty: 'EC', crv: 'P-256', x, y: 'y' } }
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const member of Object.values(value)) deepFreeze(member)
    Object.freeze(value)
  }
  return value
}
