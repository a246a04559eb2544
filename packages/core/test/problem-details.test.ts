import { type ProblemCode, problem, toProblemDetails } from '@asoba/core'
import { describe, expect, test } from 'vitest'

const dataModel = 'https://www.w3.org/TR/vc-data-model#'

describe('toProblemDetails', () => {
  test.each<[ProblemCode, string]>([
    ['input.malformed', `${dataModel}PARSING_ERROR`],
    ['jws.malformed', `${dataModel}PARSING_ERROR`],
    ['jws.signature-invalid', `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`],
    ['holder.key-mismatch', `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`],
    ['resource.digest-mismatch', `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`],
    ['credential.malformed', `${dataModel}MALFORMED_VALUE_ERROR`],
    ['presentation.malformed', `${dataModel}MALFORMED_VALUE_ERROR`],
    ['credential.expired', `${dataModel}RANGE_ERROR`],
    ['credential.not-yet-valid', `${dataModel}RANGE_ERROR`],
    ['x509.expired', `${dataModel}RANGE_ERROR`],
    ['status.unavailable', 'https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR'],
    [
      'status.list-invalid',
      'https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR',
    ],
    ['status.revoked', 'about:blank'],
    ['issuer.untrusted', 'about:blank'],
    ['query.unsatisfied', 'about:blank'],
  ])('maps %s to %s', (code, type) => {
    const details = toProblemDetails(problem(code, 'A sentence.', '/citizen'))
    expect(details).toMatchObject({ type, detail: 'A sentence.', code, pointer: '/citizen' })
    expect(details.title).not.toBe('')
  })

  test('leaves the pointer out where there is none', () => {
    expect('pointer' in toProblemDetails(problem('replay.seen', 'A sentence.'))).toBe(false)
  })
})
