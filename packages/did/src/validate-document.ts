import { isJsonObject, type JsonObject, type Problem, problem } from '@asoba/core'
import { verificationRelationships } from './did-document.ts'
import { absolute, parseDid, parseDidUrl } from './did-syntax.ts'

// Sentences are few, because this is in every verifier; the path says the rest.
const notAsDue = 'missing, or not as DID Core wants it'
const maxMembers = 1000

/**
 * Every rule of DID Core 1.0 and Controlled Identifiers 1.0 that a document
 * breaks; none where it is valid. Never throws.
 *
 * @param document parsed JSON
 * @param did the DID that it must be of, where one is known
 * @see https://www.w3.org/TR/did-1.0/#core-properties
 * @see https://www.w3.org/TR/cid-1.0/#data-model
 */
export function validateDidDocument(document: unknown, did?: string): readonly Problem[] {
  const found: Problem[] = []
  const refuse = (path: string, detail = notAsDue): void => {
    found.push(problem('did.invalid', detail, path))
  }
  if (!isJsonObject(document)) return [problem('did.invalid', 'not an object', '')]
  const base = parseDid(document['id'])?.did
  if (base === undefined || base !== (did ?? base)) refuse('/id', 'not the DID it is due to be')
  const { alsoKnownAs = [], controller = [] } = document
  if (!isSet(alsoKnownAs, isUri)) refuse('/alsoKnownAs')
  if (!isDid(controller) && !isSet(controller, isDid)) refuse('/controller')

  // Within one list of things, no two have the same id.
  const judgeAll = (
    name: string,
    ids: Set<string>,
    judge: (member: JsonObject, refuse: Refuse) => void,
    isOther: (member: unknown) => boolean = () => false,
  ): void => {
    const { [name]: list = [] } = document
    if (!Array.isArray(list) || list.length > maxMembers) {
      refuse(`/${name}`)
      return
    }
    for (const [at, member] of list.entries()) {
      const path = `/${name}/${at}`
      if (isJsonObject(member)) {
        judge(member, (below, detail) => refuse(path + below, detail))
        const id = absolute(String(member['id']), base)
        if (ids.has(id)) refuse(`${path}/id`, 'used twice')
        ids.add(id)
      } else if (!isOther(member)) refuse(path)
    }
  }
  const methods = new Set<string>()
  judgeAll('verificationMethod', methods, judgeMethod)
  for (const name of verificationRelationships) judgeAll(name, methods, judgeMethod, isReference)
  judgeAll('service', new Set(), judgeService)
  return found
}

type Refuse = (path: string, detail?: string) => void

function judgeMethod(method: JsonObject, refuse: Refuse): void {
  const { id, type, controller, publicKeyJwk: jwk, publicKeyMultibase: text } = method
  if (!isReference(id)) refuse('/id')
  if (typeof type !== 'string' || type === '') refuse('/type')
  if (!isDid(controller)) refuse('/controller')
  if (jwk !== undefined && !(isJsonObject(jwk) && typeof jwk['kty'] === 'string')) {
    refuse('/publicKeyJwk')
  }
  if (text !== undefined && !(typeof text === 'string' && /^[a-zA-Z][\w+/=-]+$/.test(text))) {
    refuse('/publicKeyMultibase')
  }
  if (
    (isJsonObject(jwk) && 'd' in jwk) ||
    'secretKeyJwk' in method ||
    'secretKeyMultibase' in method
  ) {
    refuse('', 'a private key is published')
  }
  for (const name of ['expires', 'revoked']) {
    if (name in method && !isTime(method[name])) refuse(`/${name}`)
  }
}

function judgeService({ id, type, serviceEndpoint }: JsonObject, refuse: Refuse): void {
  if (!isUri(id) && !isReference(id)) refuse('/id')
  const all = (value: unknown, isMember: (one: unknown) => boolean): boolean =>
    Array.isArray(value) ? value.length > 0 && value.every(isMember) : isMember(value)
  if (!all(type, (one) => typeof one === 'string')) refuse('/type')
  if (!all(serviceEndpoint, (one) => isJsonObject(one) || isUri(one))) refuse('/serviceEndpoint')
}

const isDid = (value: unknown): boolean => parseDid(value) !== undefined

/** A DID URL, or `#fragment` below the document's DID. */
const isReference = (value: unknown): boolean =>
  typeof value === 'string' && parseDidUrl(absolute(value, 'did:a:a')) !== undefined

// RFC 3986: a scheme and something after it, nothing that a URI cannot hold.
const isUri = (value: unknown): boolean =>
  typeof value === 'string' &&
  value.length <= 8192 &&
  /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(value)

const isTime = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value))

const isSet = (value: unknown, isMember: (member: unknown) => boolean): boolean =>
  Array.isArray(value) &&
  value.length <= maxMembers &&
  new Set(value).size === value.length &&
  value.every(isMember)
