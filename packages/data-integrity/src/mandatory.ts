import { AsobaError, isJsonObject, type Json, type JsonObject } from '@asoba/core'
import { listOf, stringsOf } from '@asoba/core/judge'
import { parsePointer, toPointer } from './select.ts'

/**
 * A member of a credential (VC data model 2.0 and 1.1) that a holder always has to show, unless the
 * issuer names it as one that may be hidden: a verifier that does not see it judges another credential.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#basic-concepts
 */
export type HideableMember =
  | 'type'
  | 'issuer'
  | 'validFrom'
  | 'validUntil'
  | 'issuanceDate'
  | 'expirationDate'
  | 'credentialStatus'
  | 'credentialSchema'
  | 'refreshService'
  | 'termsOfUse'

/** Every {@link HideableMember}: for who issues for tests, and means that nothing is held. */
export const hideableMembers: readonly HideableMember[] = [
  'type',
  'issuer',
  'validFrom',
  'validUntil',
  'issuanceDate',
  'expirationDate',
  'credentialStatus',
  'credentialSchema',
  'refreshService',
  'termsOfUse',
]

/** What a holder could present a credential as whose member is not shown. */
const presentedAs: Partial<Readonly<Record<HideableMember, string>>> = {
  validUntil: 'that never ends',
  expirationDate: 'that never ends',
  credentialStatus: 'that has no status',
}

/**
 * The JSON pointers to what a document always shows: those given, and for a credential those to
 * every {@link HideableMember} that it has and that is not named as hideable. A document that is no
 * credential has those that were given and no others.
 *
 * @throws TypeError where a list was given that leaves out the end or the status of a credential, or
 * where `hideable` names anything else
 * @throws AsobaError `credential.malformed` where the credential is not written in compact form, with
 * the JSON pointer to what is not; `disclosure.pointer-unknown` where a pointer is malformed
 */
export function mandatoryOf(
  document: JsonObject,
  options: {
    readonly mandatoryPointers: readonly string[] | undefined
    readonly hideable: readonly HideableMember[]
  },
): readonly string[] | undefined {
  const { mandatoryPointers, hideable } = options
  if (!hideable.every((name) => hideableMembers.includes(name))) {
    throw new TypeError(`hideable names members of a credential: ${hideableMembers.join(', ')}`)
  }
  if (!isCredential(document)) return mandatoryPointers
  refuseOtherForms(document)
  const paths = (mandatoryPointers ?? []).map(parsePointer)
  const missing = hideableMembers.filter(
    (name) =>
      Object.hasOwn(document, name) &&
      !hideable.includes(name) &&
      !isCovered(document[name], [name], paths),
  )
  if (mandatoryPointers !== undefined) refuseHoles(missing)
  const all = [...(mandatoryPointers ?? []), ...missing.map((name) => `/${name}`)]
  // Types are shown with whatever lies in their object: the pointer is one for a list of its own.
  const others = all.filter((pointer) => pointer !== '/type')
  return others.length > 0 && !mandatoryPointers?.includes('/type') ? others : all
}

/** Of a list that somebody wrote, what is forgotten in it must not be the end or the status. */
function refuseHoles(missing: readonly HideableMember[]): void {
  for (const name of missing) {
    const kind = presentedAs[name]
    if (kind !== undefined) {
      throw new TypeError(
        `mandatoryPointers leaves out ${name}: a holder could present it as a credential ${kind}. ` +
          `Add /${name}, or name ${name} in hideable`,
      )
    }
  }
}

/**
 * Whether pointers lead to all of a member: to it or to what it lies in, or to each element of an
 * array. A part of an object is not all of it, whatever parts there are beside.
 */
function isCovered(
  value: Json | undefined,
  path: readonly string[],
  paths: readonly (readonly string[])[],
): boolean {
  const leadsTo = (one: readonly string[]) =>
    one.length <= path.length && one.every((part, at) => part === path[at])
  if (paths.some(leadsTo)) return true
  const elements: readonly Json[] = Array.isArray(value) ? value : []
  return (
    elements.length > 0 &&
    elements.every((one, index) => isCovered(one, [...path, String(index)], paths))
  )
}

const vocabulary = 'https://www.w3.org/2018/credentials#'

/** A credential by its types, however they are written, at the top or as one of several top nodes. */
function isCredential(document: JsonObject): boolean {
  const nodes = [document, ...topNodes(document)]
  return nodes.some((node) =>
    typesOf(node).some((type) => localNameOf(type) === 'VerifiableCredential'),
  )
}

function topNodes(document: JsonObject): readonly JsonObject[] {
  return [document['@graph'], document['@included']].flatMap(listOf).filter(isJsonObject)
}

function typesOf(node: JsonObject): readonly string[] {
  return [...stringsOf(node['type']), ...stringsOf(node['@type'])]
}

/**
 * The name without what stands before it: of a term itself, of an IRI of the data model and of every
 * compact IRI, for what a prefix stands for is in contexts that are not read here. Undefined for
 * IRIs of other vocabularies.
 */
function localNameOf(name: string): string | undefined {
  if (name.startsWith(vocabulary)) return name.slice(vocabulary.length)
  if (!name.includes(':')) return name
  return /^[^:]*:(?!\/\/)(?:.*[:#/])?([^:#/]*)$/.exec(name)?.[1]
}

/**
 * Refuses what says something of the credential in other words than the data model has for it, or in
 * another place: no pointer of ours leads there, so a holder could withhold it. A credential is a
 * compacted JSON-LD document.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#dfn-conforming-document section 1.3
 */
function refuseOtherForms(document: JsonObject): void {
  for (const name of Object.keys(document)) {
    if (name.startsWith('@') ? name !== '@context' : isDisguised(name)) throw notCompact([name])
  }
  if (!stringsOf(document['type']).includes('VerifiableCredential')) throw notCompact(['type'])
  const id = document['id']
  if (typeof id === 'string') refuseElsewhere(document, id, [])
}

function isDisguised(name: string): boolean {
  if (name.startsWith(vocabulary)) return true
  return name.includes(':') && hideableMembers.some((member) => member === localNameOf(name))
}

/** Another node by the same name is the credential as well. */
function refuseElsewhere(value: Json, id: string, path: readonly string[]): void {
  if (typeof value !== 'object' || value === null) return
  const same = isJsonObject(value) && path.length > 0 && [value['id'], value['@id']].includes(id)
  for (const [name, member] of Object.entries(value as JsonObject)) {
    const at = [...path, name]
    const ours = hideableMembers.some((one) => one !== 'type' && one === localNameOf(name))
    if (same && ours) throw notCompact(at)
    refuseElsewhere(member, id, at)
  }
}

function notCompact(path: readonly string[]): AsobaError {
  return new AsobaError(
    'credential.malformed',
    'a credential is signed in compact form: what it says of itself under another name, or in another place, a holder could withhold',
    { path: toPointer(path) },
  )
}
