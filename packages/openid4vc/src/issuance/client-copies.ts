import {
  canonicalize,
  fromBase64url,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
} from '@asoba/core'
import { parseJws } from '@asoba/jwt'
import { malformed } from './client-settings.ts'

/**
 * The copies in `credentials`, where there are as many as were asked for or fewer, and nothing by
 * which two verifiers who are shown one each would know them for copies of one credential.
 *
 * @throws AsobaError `issuance.malformed`
 * @see OpenID4VCI 1.0 sections 8.3, 13.5
 */
export function copiesIn(
  credentials: Json | undefined,
  limit: number,
): readonly (string | JsonObject)[] {
  const entries = Array.isArray(credentials) ? (credentials as readonly Json[]) : []
  if (entries.length === 0 || entries.length > limit) {
    throw malformed('there are no copies, or more than were asked for')
  }
  const copies = entries.map((each) => {
    const copy = isJsonObject(each) ? each['credential'] : undefined
    if (typeof copy !== 'string' && !isJsonObject(copy)) throw malformed('a copy is no credential')
    return copy
  })
  const marks = copies.flatMap((copy) => [...new Set(marksOf(copy))])
  if (new Set(marks).size < marks.length) {
    throw malformed(
      'the copies have something in common by which they can be told to belong together',
    )
  }
  return copies
}

/** What must be of each copy alone: the copy, its salts and digests, its status entries, its id. */
function marksOf(copy: string | JsonObject): readonly string[] {
  if (typeof copy !== 'string') return [...mark('proof', copy['proof']), ...marksOfClaims(copy)]
  const [token = '', ...disclosures] = copy.split('~')
  const parsed = parseJws(token)
  const claims = parsed.verified ? (parsed.claims ?? {}) : {}
  const opened = disclosures.flatMap((each) => {
    const bytes = fromBase64url(each)
    const value = bytes === undefined ? undefined : parseJson(bytes)
    return Array.isArray(value) ? [value as readonly Json[]] : []
  })
  return [
    `copy ${token}`,
    ...opened.flatMap(([salt]) => mark('salt', salt)),
    // Those of decoys too, which no disclosure stands behind.
    ...[claims, ...opened].flatMap((each) => digestsIn(each as Json)),
    ...marksOfClaims(claims),
    ...(isJsonObject(claims['vc']) ? marksOfClaims(claims['vc']) : []),
  ]
}

function digestsIn(value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(digestsIn)
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, each]) =>
    name === '_sd' && Array.isArray(each)
      ? (each as readonly Json[]).flatMap((digest) => mark('digest', digest))
      : name === '...'
        ? mark('digest', each)
        : digestsIn(each),
  )
}

function marksOfClaims({ id, jti, status, credentialStatus }: JsonObject): readonly string[] {
  const list = isJsonObject(status) ? status['status_list'] : undefined
  const entries = Array.isArray(credentialStatus)
    ? (credentialStatus as readonly Json[])
    : [credentialStatus]
  return [
    ...mark('id', id),
    ...mark('id', jti),
    ...(isJsonObject(list)
      ? mark('status', [list['uri'] ?? '', list['idx'] ?? ''])
      : mark('status', status)),
    ...entries.flatMap((entry) =>
      isJsonObject(entry) && entry['statusListCredential'] !== undefined
        ? mark('status', [
            entry['statusListCredential'],
            // A text by the specification; a number is the same entry.
            String(entry['statusListIndex']),
            entry['statusPurpose'] ?? '',
          ])
        : mark('status', entry),
    ),
  ]
}

function mark(kind: string, value: Json | undefined): readonly string[] {
  return value === undefined ? [] : [`${kind} ${canonicalize(value)}`]
}
