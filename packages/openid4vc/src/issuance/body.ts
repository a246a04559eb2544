import { isJsonObject, type JsonObject, parseJson } from '@asoba/core'
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
    throw new Refusal('invalid_request', 'send a form (application/x-www-form-urlencoded)')
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
