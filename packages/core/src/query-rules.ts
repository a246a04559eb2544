import type { CredentialQuery, DcqlQuery } from './dcql-query.ts'
import { AsobaError } from './errors.ts'

const maxNodes = 4096
const maxCharacters = 65_536
const maxDepth = 10

/** The failure of a query; the sentence is constant, the path made of names of DCQL. */
export function invalidQuery(message: string, path?: string): AsobaError {
  return new AsobaError('query.invalid', message, path === undefined ? {} : { path })
}

/** Refuses a query before it is read that is larger or deeper than any honest one. */
export function boundQuery(query: unknown): void {
  let nodes = 0
  let characters = 0
  const within = (value: unknown, depth: number): boolean => {
    if (++nodes > maxNodes || depth > maxDepth) return false
    if (typeof value === 'string') characters += value.length
    if (typeof value !== 'object' || value === null) return characters <= maxCharacters
    return Object.entries(value).every(([name, below]) => {
      characters += name.length
      return within(below, depth + 1)
    })
  }
  if (!within(query, 0)) throw invalidQuery('the query is too large or is not JSON')
}

/** What the parts of a query must be to each other, and what we demand beyond DCQL. */
export function checkQuery({ credentials, credential_sets }: DcqlQuery): void {
  const ids = new Set<string>()
  credentials.forEach((query, index) => {
    const at = `/credentials/${index}`
    // An answer is an object with the id as a name, and `__proto__` is no name there.
    if (ids.has(query.id) || query.id === '__proto__') {
      throw invalidQuery('a credential query needs an id of its own', `${at}/id`)
    }
    ids.add(query.id)
    const { vct_values, type_values, doctype_value } = query.meta ?? {}
    const named = query.format === 'mso_mdoc' ? doctype_value : (vct_values ?? type_values)
    if (named === undefined || named.length === 0) {
      throw invalidQuery('a credential query needs meta with the types of its format', `${at}/meta`)
    }
    checkClaims(query, at)
  })
  credential_sets?.forEach(({ options }, index) => {
    options.forEach((option, place) => {
      if (option.length === 0 || !option.every((id) => ids.has(id))) {
        const path = `/credential_sets/${index}/options/${place}`
        throw invalidQuery('an option must name credential queries', path)
      }
    })
  })
}

function checkClaims({ claims = [], claim_sets }: CredentialQuery, at: string): void {
  const ids = new Set<string>()
  claims.forEach(({ id, path, values }, index) => {
    const place = `${at}/claims/${index}`
    if (path === undefined) throw invalidQuery('a claim needs a path', `${place}/path`)
    if (values?.length === 0) throw invalidQuery('values is empty', `${place}/values`)
    if (id === undefined ? claim_sets !== undefined : ids.has(id)) {
      throw invalidQuery('a claim needs an id of its own', `${place}/id`)
    }
    if (id !== undefined) ids.add(id)
  })
  claim_sets?.forEach((set, index) => {
    if (!set.every((id) => ids.has(id))) {
      throw invalidQuery('a claim set must name claims', `${at}/claim_sets/${index}`)
    }
  })
}
