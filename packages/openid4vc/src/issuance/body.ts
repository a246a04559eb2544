import { isJsonObject, type Json, type JsonObject, parseJson } from '@asoba/core'
import { mediaTypeOf, parametersOf, textOf } from '../http.ts'
import { Refusal } from './answers.ts'

/** Longest body that is read, in bytes: a batch of a hundred proofs with attestations has room. */
export const maxBody = 524_288

/** The text of a body, if it is UTF-8 and not longer than allowed; reading stops there. */
export async function readText(
  message: { readonly body: ReadableStream<Uint8Array> | null },
  maxBytes: number = maxBody,
): Promise<string | undefined> {
  return textOf(message, maxBytes)
}

/** Parameters of a form, each named once (RFC 6749 section 3.2). @throws Refusal `invalid_request` */
export async function readForm(request: Request): Promise<ReadonlyMap<string, string>> {
  if (mediaTypeOf(request) !== 'application/x-www-form-urlencoded') {
    throw new Refusal('invalid_request', 'send a form')
  }
  const text = await readText(request)
  if (text === undefined) throw new Refusal('invalid_request', 'the body cannot be read')
  const found = parametersOf(text)
  if (found === undefined) throw new Refusal('invalid_request', 'a parameter is named twice')
  return found
}

/** A JSON object in text. */
export function objectIn(text: string | undefined): JsonObject | undefined {
  const value = text === undefined ? undefined : parseJson(text, { maxLength: maxBody })
  return isJsonObject(value) ? value : undefined
}

/**
 * An object in which members that are `null` are left out, at every depth: many libraries write so
 * what they have not. What stands in an array stays, for `null` in a claims path says something.
 */
export function withoutNulls(value: JsonObject): JsonObject {
  const each = (one: Json): Json => {
    if (Array.isArray(one)) return (one as readonly Json[]).map(each)
    return isJsonObject(one) ? withoutNulls(one) : one
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === null ? [] : [[name, each(one)]])),
  )
}
