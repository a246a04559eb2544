/**
 * The VC data model 1.1, for reading what others issued. New credentials are of 2.0.
 *
 * @module
 */

import { checkContext } from './context.ts'
import { checkIssuer, checkProof, checkSubjects, checkTyped } from './credential.ts'
import { parseDateTimeStamp } from './date-time.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { type Problem, problem, problemsUnder } from './problem.ts'
import {
  checkId,
  checkObjects,
  checkType,
  checkUrlOrObject,
  isUrl,
  type Report,
} from './structure.ts'

/** The base context of the VC data model 1.1. */
export const baseContextV1 = 'https://www.w3.org/2018/credentials/v1'

/**
 * Everything in which a value is not a credential of the VC data model 1.1, each with
 * its JSON pointer. Dates need a time zone: one without is no instant.
 *
 * @see https://www.w3.org/TR/vc-data-model-1.1/#basic-concepts
 */
export function validateCredentialV1(value: unknown): readonly Problem[] {
  if (!isJsonObject(value))
    return [problem('credential.malformed', 'a credential is an object', '')]
  const problems: Problem[] = []
  const report: Report = (path, detail) => {
    problems.push(problem('credential.malformed', detail, path))
  }
  checkContext(value, baseContextV1, report) // 4.1
  checkId(value, '', report) // 4.2
  checkType(value, '', report, 'VerifiableCredential') // 4.3
  checkSubjects(value, report, false) // 4.4
  checkIssuer(value, report) // 4.5
  checkDates(value, report) // 4.6, 4.8
  checkProof(value, report) // 4.7
  checkIdentified(value, 'credentialStatus', report) // 4.9
  checkIdentified(value, 'credentialSchema', report) // 5.4
  checkIdentified(value, 'refreshService', report) // 5.5
  checkTyped(value, 'termsOfUse', report) // 5.6
  checkTyped(value, 'evidence', report) // 5.7
  return problems
}

/**
 * Everything in which a value is not a presentation of the VC data model 1.1. Strings
 * among its credentials are left to the format that reads them.
 *
 * @see https://www.w3.org/TR/vc-data-model-1.1/#presentations-0
 */
export function validatePresentationV1(value: unknown): readonly Problem[] {
  if (!isJsonObject(value)) {
    return [problem('presentation.malformed', 'a presentation is an object', '')]
  }
  const problems: Problem[] = []
  const report: Report = (path, detail) => {
    problems.push(problem('presentation.malformed', detail, path))
  }
  checkContext(value, baseContextV1, report)
  checkId(value, '', report)
  checkType(value, '', report, 'VerifiablePresentation')
  checkProof(value, report)
  if (Object.hasOwn(value, 'holder')) checkUrlOrObject(value['holder'], '/holder', report)
  const { verifiableCredential: held } = value
  for (const [index, each] of (Array.isArray(held) ? held : [held]).entries()) {
    if (each === undefined || typeof each === 'string') continue
    const at = Array.isArray(held) ? `/verifiableCredential/${index}` : '/verifiableCredential'
    problems.push(...problemsUnder(at, validateCredentialV1(each)))
  }
  return problems
}

function checkDates(value: JsonObject, report: Report): void {
  if (!Object.hasOwn(value, 'issuanceDate')) report('/issuanceDate', 'issuanceDate is required')
  for (const name of ['issuanceDate', 'expirationDate']) {
    if (Object.hasOwn(value, name) && parseDateTimeStamp(value[name]) === undefined) {
      report(`/${name}`, 'must be a date and time with a time zone')
    }
  }
}

function checkIdentified(value: JsonObject, name: string, report: Report): void {
  checkObjects(value, name, report, (object, at) => {
    checkType(object, at, report)
    if (!isUrl(object['id'])) report(`${at}/id`, 'id is required and must be a single URL')
  })
}
