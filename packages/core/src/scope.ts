/** What a pseudonym is bound to: somebody's service, or one election. */
export type ScopeKind = 'service' | 'election'

const servicePrefix = 'asoba:nym:v1:svc:'
const electionPrefix = 'asoba:nym:v1:election:'
const part = /^#[A-Za-z0-9._-]{1,64}$/
// SHA-256 in base64url.
const manifestHash = /^[A-Za-z0-9_-]{43}$/

/**
 * The scope of a service, from the audience of its requests. With `part` one of several that a
 * service keeps apart, or a new one every year.
 *
 * @throws TypeError where the audience is empty or the part is not 1 to 64 of `A-Z a-z 0-9 . _ -`
 * @see spec/pseudonyms.md, Scopes
 */
export function serviceScope(audience: string, options: { readonly part?: string } = {}): string {
  if (audience === '') throw new TypeError('a service scope needs an audience')
  const suffix = options.part === undefined ? '' : `#${options.part}`
  if (suffix !== '' && !part.test(suffix)) throw new TypeError('the part of a scope is malformed')
  return `${servicePrefix}${audience}${suffix}`
}

/**
 * The scope of an election, from the SHA-256 of its manifest in base64url.
 *
 * @throws TypeError where it is no such hash
 * @see spec/pseudonyms.md, Scopes
 */
export function electionScope(hashOfManifest: string): string {
  if (!manifestHash.test(hashOfManifest)) throw new TypeError('an election scope needs a SHA-256')
  return electionPrefix + hashOfManifest
}

/** Which kind of scope a text is; `undefined` where it is none. */
export function scopeKind(scope: string): ScopeKind | undefined {
  if (scope.startsWith(servicePrefix) && scope.length > servicePrefix.length) return 'service'
  const isElection = scope.startsWith(electionPrefix)
  return isElection && manifestHash.test(scope.slice(electionPrefix.length))
    ? 'election'
    : undefined
}

/** Whether a scope is the service scope of this audience, or a part of it. */
export function isServiceScopeOf(scope: string, audience: string): boolean {
  const own = servicePrefix + audience
  return (
    audience !== '' &&
    scope.startsWith(own) &&
    /^(#[A-Za-z0-9._-]{1,64})?$/.test(scope.slice(own.length))
  )
}
