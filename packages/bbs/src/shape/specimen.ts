import type { CredentialType, JsonObject } from '@asoba/core'
import {
  canonicalizeAndGroup,
  type RdfProcessor,
  toPointer,
} from '@asoba/data-integrity/primitives'
import { completeClaims } from './complete.ts'
import { rolesOf } from './labels.ts'
import { disclosablePaths, type Part, partsOf } from './parts.ts'

const rdfType = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>'

/** What every derived proof discloses: equal for everybody. */
export const mandatoryPointers: readonly string[] = ['/issuer', '/validFrom', '/validUntil']

/** What a credential of fixed shape is made of. */
export interface FixedCredentialInput {
  readonly type: CredentialType
  /** Issuer identifier: a DID or an https URL. */
  readonly issuer: string
  /** Bounds of an epoch, whole seconds. */
  readonly validFrom: Date
  readonly validUntil: Date
  /** Claims that the person has. */
  readonly claims: JsonObject
}

/**
 * The credential that is signed, without its proof: no ids, every claim of its type.
 *
 * @throws AsobaError, TypeError as {@link completeClaims}
 * @see spec/bbs-profile.md section 4
 */
export function fixedCredential(input: FixedCredentialInput): JsonObject {
  const { type, issuer, validFrom, validUntil, claims } = input
  return {
    '@context': [...type.contexts],
    type: [...type.types],
    issuer,
    validFrom: dateTime(validFrom),
    validUntil: dateTime(validUntil),
    credentialSubject: { type: [...type.subjectTypes], ...completeClaims(type, claims) },
  }
}

/** A credential of a type about nobody, to see what all of them have in common. */
export function specimen(type: CredentialType, issuer: string): JsonObject {
  const [validFrom, validUntil] = [new Date(0), new Date(90 * 86_400_000)]
  return fixedCredential({ type, issuer, validFrom, validUntil, claims: {} })
}

/** What all credentials of a type have in common under the fixed labels. */
export interface CredentialShape {
  /** Number of messages, L: the statements that are not mandatory to disclose. */
  readonly messages: number
  /**
   * By JSON pointer to a claim, into the credential: the indexes of all messages that its
   * disclosure shows (its own, and those that connect it with the credential), ascending.
   */
  readonly indexes: ReadonlyMap<string, readonly number[]>
  /** JSON pointers to the blank nodes, in the order of their labels. */
  readonly nodes: readonly string[]
}

/**
 * The shape of a type, computed from its specimen; the same for every credential of it, whoever
 * issues it, so it can be computed once.
 *
 * @throws AsobaError `jsonld.*` as the processor
 * @throws TypeError where claims of the type have no fixed places: two of one object share a
 *   property, so that their values decide which comes first, or a claim has no statement
 */
export async function shapeOf(
  type: CredentialType,
  processor: RdfProcessor,
): Promise<CredentialShape> {
  const credential = specimen(type, 'https://issuer.example')
  const roles = await rolesOf(processor, credential)
  const paths = disclosablePaths(type)
  const pointers = paths.map((path) => toPointer(['credentialSubject', ...(path as string[])]))
  const groups: Record<string, readonly string[]> = { mandatory: mandatoryPointers }
  for (const pointer of pointers) groups[pointer] = [pointer]
  const grouped = await canonicalizeAndGroup(processor, credential, {
    labels: async () => new Map(roles.map(({ label }, index) => [label, `b${index}`])),
    groups,
  })
  const indexesOf = (name: string): number[] => [...(grouped.groups[name]?.matching.keys() ?? [])]

  const arrays = paths.map((path, index) => [path, pointers[index] ?? ''] as const)
  const own = arrays.filter(([path]) => kindAt(type, path) === 'array')
  refuseSharedProperties(
    grouped.nquads,
    own.map(([, pointer]) => new Set(indexesOf(pointer))),
  )
  if (grouped.nquads.length !== countOf(type)) {
    throw new TypeError('not every claim of the type has a statement of its own')
  }

  const mandatory = new Set(indexesOf('mandatory'))
  const messageAt = new Map<number, number>()
  for (const index of grouped.nquads.keys()) {
    if (!mandatory.has(index)) messageAt.set(index, messageAt.size)
  }
  const indexes = pointers.map((pointer) => {
    const shown = indexesOf(pointer).flatMap((index) => messageAt.get(index) ?? [])
    return [pointer, shown] as const
  })
  return {
    messages: messageAt.size,
    indexes: new Map(indexes),
    nodes: roles.map(({ pointer }) => pointer),
  }
}

/** Statements of one node and property are sorted by value: only those of an array may be several. */
function refuseSharedProperties(
  nquads: readonly string[],
  arrays: readonly ReadonlySet<number>[],
): void {
  const byProperty = new Map<string, number[]>()
  for (const [index, line] of nquads.entries()) {
    const property = line.split(' ', 2).join(' ')
    const same = byProperty.get(property)
    if (same === undefined) byProperty.set(property, [index])
    else same.push(index)
  }
  for (const [property, indexes] of byProperty) {
    if (indexes.length === 1 || property.endsWith(` ${rdfType}`)) continue
    if (!arrays.some((array) => indexes.every((index) => array.has(index)))) {
      throw new TypeError('two claims of one object share a property')
    }
  }
}

/** Statements of a credential: types, the three that are mandatory, the subject, the claims. */
function countOf(type: CredentialType): number {
  const count = (part: Part): number => {
    if (part.kind === 'value') return 1
    if (part.kind === 'array') return part.length
    return [...part.members.values()].reduce((sum, member) => sum + count(member), 1)
  }
  return type.types.length + 3 + type.subjectTypes.length + count(partsOf(type))
}

function kindAt(type: CredentialType, path: readonly unknown[]): Part['kind'] | undefined {
  let part: Part | undefined = partsOf(type)
  for (const name of path) {
    part = part?.kind === 'object' ? part.members.get(String(name)) : undefined
  }
  return part?.kind
}

function dateTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}
