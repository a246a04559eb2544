import { isJsonObject, type Json, type JsonObject } from './json.ts'
import type { Check, Problem } from './problem.ts'

/** A check and its outcome by the problems it found. */
export function check(name: string, problems: readonly Problem[]): Check {
  return { check: name, path: '', outcome: problems.length === 0 ? 'passed' : 'failed' }
}

/** The identifier of an issuer, holder or subject: a string, or the `id` of an object. */
export function idOf(value: Json | undefined): string | undefined {
  const id = isJsonObject(value) ? value['id'] : value
  return typeof id === 'string' ? id : undefined
}

/** The subjects of a credential: the objects in `credentialSubject`. */
export function subjectsOf(credential: JsonObject): readonly JsonObject[] {
  const subject = credential['credentialSubject']
  return (Array.isArray(subject) ? subject : [subject]).filter(isJsonObject)
}

/** Strings of a value that is one or an array of them. */
export function stringsOf(value: Json | undefined): readonly string[] {
  const all: readonly Json[] = Array.isArray(value) ? value : [value ?? null]
  return all.filter((one) => typeof one === 'string')
}

/** One value or an array of them. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value as Json]
}

/** A media type as `typ` and `cty` write it: without `application/`, whatever the case (RFC 7515 4.1.9). */
export function mediaTypeOf(typ: string | undefined): string | undefined {
  return typ?.toLowerCase().replace(/^application\//, '')
}
