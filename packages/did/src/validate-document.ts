import { isJsonObject, type Problem, problem } from '@asoba/core'
import { verificationRelationships } from './did-document.ts'
import { parseDid, parseDidUrl } from './did-syntax.ts'

const maxMembers = 1000
// RFC 3986: a scheme and something after it, no spaces or controls.
const uri = /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>"{}|\\^`]+$/
const dateTimeStamp =
  /^-?\d{4,}-\d\d-\d\dT(?:[01]\d|2[0-4]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

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
  const refuse = (path: string, detail: string): void => {
    found.push(problem('did.invalid', detail, path))
  }
  if (!isJsonObject(document)) return [problem('did.invalid', 'a DID document is an object', '')]
  const base = parseDid(document['id'])?.did
  if (base === undefined) refuse('/id', 'the id of a DID document is a DID')
  else if (did !== undefined && base !== did) refuse('/id', 'the document is of another DID')
  if (!isSet(document['alsoKnownAs'], isUri)) refuse('/alsoKnownAs', 'a set of URIs is due')
  const { controller } = document
  if (controller !== undefined && !isController(controller)) {
    refuse('/controller', 'a DID or a set of DIDs is due')
  }
  const ids = new Set<string>()
  const judge = (method: unknown, path: string): void => {
    for (const [member, detail] of faultsOfMethod(method)) refuse(`${path}${member}`, detail)
    if (!isJsonObject(method) || typeof method['id'] !== 'string') return
    const id = absolute(method['id'], base)
    if (ids.has(id)) refuse(`${path}/id`, 'two verification methods have the same id')
    ids.add(id)
  }
  const list = (name: string): readonly unknown[] => {
    const value = document[name]
    if (value === undefined) return []
    if (Array.isArray(value) && value.length <= maxMembers) return value
    refuse(`/${name}`, 'an array of reasonable length is due')
    return []
  }
  for (const [at, method] of list('verificationMethod').entries()) {
    judge(method, `/verificationMethod/${at}`)
  }
  for (const name of verificationRelationships) {
    for (const [at, method] of list(name).entries()) {
      if (typeof method !== 'string') judge(method, `/${name}/${at}`)
      else if (!isReference(method)) refuse(`/${name}/${at}`, 'a reference is a DID URL')
    }
  }
  const services = new Set<string>()
  for (const [at, service] of list('service').entries()) {
    const path = `/service/${at}`
    for (const [member, detail] of faultsOfService(service)) refuse(`${path}${member}`, detail)
    if (!isJsonObject(service) || typeof service['id'] !== 'string') continue
    const id = absolute(service['id'], base)
    if (services.has(id)) refuse(`${path}/id`, 'two services have the same id')
    services.add(id)
  }
  return found
}

type Fault = readonly [member: string, detail: string]

function* faultsOfMethod(method: unknown): Generator<Fault> {
  if (!isJsonObject(method)) return yield ['', 'a verification method is an object']
  const { id, type, controller, publicKeyJwk, publicKeyMultibase, expires, revoked } = method
  if (typeof id !== 'string' || !isReference(id)) yield ['/id', 'the id is a DID URL']
  if (typeof type !== 'string' || type === '') yield ['/type', 'one type is due']
  if (parseDid(controller) === undefined) yield ['/controller', 'the controller is a DID']
  if (publicKeyJwk !== undefined) {
    if (!isJsonObject(publicKeyJwk) || typeof publicKeyJwk['kty'] !== 'string') {
      yield ['/publicKeyJwk', 'a JSON Web Key is due']
    } else if (Object.hasOwn(publicKeyJwk, 'd')) {
      yield ['/publicKeyJwk', 'a private key is in the document']
    }
    if (publicKeyMultibase !== undefined) yield ['', 'the key is written twice']
  }
  if (publicKeyMultibase !== undefined && !isMultibase(publicKeyMultibase)) {
    yield ['/publicKeyMultibase', 'multibase text is due']
  }
  if (method['secretKeyMultibase'] !== undefined || method['secretKeyJwk'] !== undefined) {
    yield ['', 'a private key is in the document']
  }
  if (expires !== undefined && !isTime(expires)) yield ['/expires', 'a date and time is due']
  if (revoked !== undefined && !isTime(revoked)) yield ['/revoked', 'a date and time is due']
}

function* faultsOfService(service: unknown): Generator<Fault> {
  if (!isJsonObject(service)) return yield ['', 'a service is an object']
  const { id, type, serviceEndpoint } = service
  if (typeof id !== 'string' || (!isUri(id) && !isFragment(id))) yield ['/id', 'the id is a URI']
  const types = Array.isArray(type) ? type : [type]
  if (types.length === 0 || types.some((one) => typeof one !== 'string')) {
    yield ['/type', 'a type or a set of types is due']
  }
  const endpoints = Array.isArray(serviceEndpoint) ? serviceEndpoint : [serviceEndpoint]
  if (endpoints.length === 0 || !endpoints.every((one) => isJsonObject(one) || isUri(one))) {
    yield ['/serviceEndpoint', 'a URI, an object, or a set of them is due']
  }
}

/** A DID URL of an own method, completed: `#key-1` is below the document's DID. */
export function absolute(id: string, did: string | undefined): string {
  return id.startsWith('#') ? `${did ?? ''}${id}` : id
}

const isUri = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 8192 && uri.test(value)
const isFragment = (value: string): boolean =>
  parseDidUrl(`did:a:a${value}`)?.fragment !== undefined && value.startsWith('#')
const isReference = (value: string): boolean =>
  isFragment(value) || parseDidUrl(value) !== undefined
const isMultibase = (value: unknown): boolean =>
  typeof value === 'string' && /^[a-zA-Z][\w+/=-]+$/.test(value)
const isTime = (value: unknown): boolean =>
  typeof value === 'string' && dateTimeStamp.test(value) && !Number.isNaN(Date.parse(value))
const isDid = (value: unknown): boolean => parseDid(value) !== undefined
const isController = (value: unknown): boolean =>
  isDid(value) || (Array.isArray(value) && isSet(value, isDid))

function isSet(value: unknown, isMember: (member: unknown) => boolean): boolean {
  if (value === undefined) return true
  return (
    Array.isArray(value) &&
    value.length <= maxMembers &&
    new Set(value).size === value.length &&
    value.every(isMember)
  )
}
