import { digest, fromBase64url } from '#platform'
import { fromBase58 } from './base58.ts'
import { equalBytes } from './bytes.ts'
import { digestLengths, type ExpectedDigest, parseDigestSri } from './digest-sri.ts'
import type { JsonObject } from './json.ts'
import { type Problem, problem } from './problem.ts'
import { isUrl, type Report } from './structure.ts'

/**
 * The digest of a `digestMultibase`: a multihash in base58btc or base64url;
 * `undefined` where it is malformed or of an unknown algorithm. The W3C test suite
 * writes 32 bytes of SHA-256 without the multihash header, so these are taken too.
 *
 * @see https://www.w3.org/TR/vc-data-integrity/#resource-integrity
 */
export function parseDigestMultibase(text: unknown): ExpectedDigest | undefined {
  if (typeof text !== 'string' || text.length > 128) return undefined
  const bytes = { u: fromBase64url, z: fromBase58 }[text[0] as 'u']?.(text.slice(1))
  if (bytes?.length === 32) return { algorithm: 'SHA-256', bytes }
  const algorithm = ({ 18: 'SHA-256', 32: 'SHA-384', 19: 'SHA-512' } as const)[bytes?.[0] as 18]
  const value = bytes?.slice(2)
  return algorithm && value?.length === digestLengths[algorithm] && bytes?.[1] === value.length
    ? { algorithm, bytes: value }
    : undefined
}

/** Reports a related resource that is not well-formed. */
export function checkRelatedForm(resource: JsonObject, at: string, report: Report): void {
  const { id, digestSRI, digestMultibase, mediaType } = resource
  if (!isUrl(id)) report(`${at}/id`, 'id is required and must be a single URL')
  if (digestSRI === undefined && digestMultibase === undefined) {
    report(at, 'a related resource needs digestSRI or digestMultibase')
  }
  if (digestSRI !== undefined && parseDigestSri(digestSRI) === undefined) {
    report(`${at}/digestSRI`, 'the digest is malformed or of an unknown algorithm')
  }
  if (digestMultibase !== undefined && parseDigestMultibase(digestMultibase) === undefined) {
    report(`${at}/digestMultibase`, 'the digest is malformed or of an unknown algorithm')
  }
  if (mediaType !== undefined && typeof mediaType !== 'string') {
    report(`${at}/mediaType`, 'mediaType must be a string')
  }
}

/**
 * Whether bytes are the resource that a `relatedResource` entry means: every digest
 * it has must fit. Nothing is fetched; where the bytes come from is the caller's care.
 *
 * @returns problems `credential.malformed` and `resource.digest-mismatch`, none where it fits
 * @see https://www.w3.org/TR/vc-data-model-2.0/#integrity-of-related-resources
 */
export async function checkRelatedResource(
  resource: JsonObject,
  bytes: Uint8Array,
): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  checkRelatedForm(resource, '', (path, detail) => {
    problems.push(problem('credential.malformed', detail, path))
  })
  if (problems.length > 0) return problems
  const { digestSRI, digestMultibase } = resource
  const multibase = parseDigestMultibase(digestMultibase)
  for (const [name, expected] of [
    ['digestSRI', parseDigestSri(digestSRI)],
    ['digestMultibase', multibase && [multibase]],
  ] as const) {
    if (expected !== undefined && !(await matches(bytes, expected))) {
      problems.push(
        problem('resource.digest-mismatch', 'the resource has another digest', `/${name}`),
      )
    }
  }
  return problems
}

async function matches(bytes: Uint8Array, expected: readonly ExpectedDigest[]): Promise<boolean> {
  const [first] = expected
  if (first === undefined) return false
  const actual = await digest(first.algorithm, bytes)
  return expected.some((each) => equalBytes(each.bytes, actual))
}
