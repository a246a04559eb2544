import { baseContext, checkContext } from './context.ts'
import { parseDateTimeStamp } from './date-time.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { checkNames } from './language-value.ts'
import { type Problem, problem } from './problem.ts'
import { checkRelatedForm } from './related-resource.ts'
import {
  checkId,
  checkObjects,
  checkType,
  checkUrlOrObject,
  isUrl,
  type Report,
} from './structure.ts'

/**
 * Everything in which a value is not a credential of the VC data model 2.0, each with
 * its JSON pointer; none where it is one. Judges the structure alone: neither the
 * proof, nor whether it is valid now, nor what only JSON-LD processing can tell
 * (terms that a context redefines or leaves undefined).
 *
 * With `disclosed: 'some'` a subject may be empty: its claims were withheld.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#basic-concepts
 */
export function validateCredential(
  value: unknown,
  options: { readonly disclosed?: 'all' | 'some' } = {},
): readonly Problem[] {
  if (!isJsonObject(value))
    return [problem('credential.malformed', 'a credential is an object', '')]
  const problems: Problem[] = []
  const report: Report = (path, detail) => {
    problems.push(problem('credential.malformed', detail, path))
  }
  checkContext(value, baseContext, report) // 4.3
  checkId(value, '', report) // 4.4
  checkType(value, '', report, 'VerifiableCredential') // 4.5
  checkNames(value, '', report) // 4.6
  checkIssuer(value, report) // 4.7
  checkSubjects(value, report, options.disclosed === 'some') // 4.8
  checkValidity(value, report) // 4.9
  checkTyped(value, 'credentialStatus', report) // 4.10
  checkObjects(value, 'credentialSchema', report, (schema, at) => {
    // 4.11
    checkType(schema, at, report)
    if (!isUrl(schema['id'])) report(`${at}/id`, 'id is required and must be a single URL')
  })
  checkProof(value, report) // 4.12
  checkRelated(value, report) // 5.3
  checkTyped(value, 'refreshService', report) // 5.4
  checkTyped(value, 'termsOfUse', report) // 5.5
  checkTyped(value, 'evidence', report) // 5.6
  return problems
}

/** Reports objects of a property that lack a `type` or have an `id` that is no URL. */
export function checkTyped(value: JsonObject, name: string, report: Report): void {
  if (!Object.hasOwn(value, name)) return
  checkObjects(value, name, report, (object, at) => {
    checkType(object, at, report)
    checkId(object, at, report)
  })
}

/** Reports `proof` objects without what every proof must have. */
export function checkProof(value: JsonObject, report: Report): void {
  if (!Object.hasOwn(value, 'proof')) return
  checkTyped(value, 'proof', report)
  checkObjects(
    value,
    'proof',
    () => undefined,
    (proof, at) => {
      if (proof['type'] !== 'DataIntegrityProof') return
      for (const name of ['cryptosuite', 'proofPurpose']) {
        if (typeof proof[name] !== 'string') report(`${at}/${name}`, 'a string is required')
      }
    },
  )
}

/** Reports an issuer that is missing or has no URL. */
export function checkIssuer(value: JsonObject, report: Report): void {
  const { issuer } = value
  if (issuer === undefined) report('/issuer', 'issuer is required')
  else checkUrlOrObject(issuer, '/issuer', report)
  if (isJsonObject(issuer)) checkNames(issuer, '/issuer', report)
}

/** Reports subjects that are missing, no objects, or say nothing. */
export function checkSubjects(value: JsonObject, report: Report, mayBeEmpty: boolean): void {
  if (!Object.hasOwn(value, 'credentialSubject')) {
    report('/credentialSubject', 'credentialSubject is required')
  }
  checkObjects(value, 'credentialSubject', report, (subject, at) => {
    if (!mayBeEmpty && Object.keys(subject).length === 0) report(at, 'a subject needs a claim')
    checkId(subject, at, report)
  })
}

function checkValidity(value: JsonObject, report: Report): void {
  const read = (name: string): Date | undefined => {
    if (!Object.hasOwn(value, name)) return undefined
    const date = parseDateTimeStamp(value[name])
    if (date === undefined) report(`/${name}`, 'must be a date and time with a time zone')
    return date
  }
  const from = read('validFrom')
  const until = read('validUntil')
  if (from !== undefined && until !== undefined && until < from) {
    report('/validUntil', 'validUntil is before validFrom')
  }
}

function checkRelated(value: JsonObject, report: Report): void {
  if (!Object.hasOwn(value, 'relatedResource')) return
  const seen = new Set<unknown>()
  checkObjects(value, 'relatedResource', report, (resource, at) => {
    checkRelatedForm(resource, at, report)
    const { id } = resource
    if (id !== undefined && seen.has(id)) report(`${at}/id`, 'the same resource is named twice')
    seen.add(id)
  })
}
