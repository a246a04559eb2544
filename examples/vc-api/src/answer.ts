import { STATUS_CODES } from 'node:http'
import { AsobaError, type Problem, problem, toProblemDetails } from '@asoba/core'

/** An answer in JSON. */
export function json(value: unknown, status = 200, mediaType = 'application/json'): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': mediaType } })
}

/** Problem details (RFC 9457) of what is wrong with somebody's data: the first, and all of them. */
export function refusal(problems: readonly Problem[], status = 400): Response {
  const errors = problems.map(toProblemDetails)
  const body = { ...errors[0], status, verified: false, errors }
  return json(body, status, 'application/problem+json')
}

/** Problem details where HTTP itself says what is wrong. */
export function httpProblem(
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { type: 'about:blank', title: STATUS_CODES[status], status, detail }
  const response = json(body, status, 'application/problem+json')
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

const jsonLdCodes = [
  'jsonld.context-unknown',
  'jsonld.term-unknown',
  'jsonld.too-complex',
  'jsonld.unsupported',
] as const

/**
 * What an operation that could not go on says of the document that it was given; `pointers` is
 * where the pointers stood that led nowhere.
 *
 * @throws what is no AsobaError, for that is a mistake of ours
 */
export function problemOfError(error: unknown, pointers: string): Problem {
  if (!(error instanceof AsobaError)) throw error
  const { code, message, path } = error
  if (code === 'disclosure.pointer-unknown') return problem('input.malformed', message, pointers)
  const same = jsonLdCodes.find((one) => one === code)
  return problem(same ?? 'credential.malformed', message, path)
}
