import {
  AsobaError,
  type CredentialQuery,
  type DcqlQuery,
  isServiceScopeOf,
  readQuery,
  scopeKind,
  toBase64url,
} from '@asoba/core'
import type { Settings } from './create-verifier.ts'
import { asksFor } from './judge-credential.ts'
import { hashOfQuery, sealState } from './request-state.ts'
import type { QueryInput, RequestOptions, VerifierRequest } from './types.ts'

/** How long a request may be answered when its caller does not say, in milliseconds. */
const lifetime = 600_000

/** A request with a fresh nonce, its state sealed. */
export async function makeRequest<Q extends QueryInput>(
  settings: Settings,
  query: Q,
  options: RequestOptions,
): Promise<VerifierRequest<Q>> {
  const parsed = readQuery(query)
  parsed.credentials.forEach((each, index) => {
    checkKnown(settings, each, `/credentials/${index}`)
  })
  const completed = await withAuthorities(settings, query, parsed)
  const { expires: asked, ...fixed } = options
  const audience = options.audience ?? settings.audience
  if (audience === '') throw new TypeError('audience is empty')
  checkScope(options, audience)
  const until = asked?.getTime() ?? settings.now().getTime() + lifetime
  if (!(until > settings.now().getTime())) throw new TypeError('expires is in the past or no date')
  // The seal knows whole seconds.
  const expires = new Date(Math.floor(until / 1000) * 1000)
  const nonce = random(24)
  const hashes = new Set([await hashOfQuery(completed), await hashOfQuery(query)])
  const state = await sealState(settings.seal, {
    purpose: 'present',
    ...fixed,
    id: random(16),
    nonce,
    audience,
    queryHashes: [...hashes],
    expires,
  })
  const { responseUri, encryptionKeyThumbprint, purpose, scope, transactionData } = options
  return {
    query: completed,
    nonce,
    audience,
    state,
    expires,
    ...(responseUri !== undefined && { responseUri }),
    ...(encryptionKeyThumbprint !== undefined && { encryptionKeyThumbprint }),
    ...(purpose !== undefined && { purpose }),
    ...(scope !== undefined && { scope }),
    ...(transactionData !== undefined && { transactionData }),
  }
}

/** No wallet answers in a scope that is neither the verifier's own nor an election's. */
function checkScope({ scope, purpose = 'present' }: RequestOptions, audience: string): void {
  if (scope === undefined || isServiceScopeOf(scope, audience)) return
  if (scopeKind(scope) !== 'election') throw new TypeError('the scope is not of this audience')
  if (purpose === 'present') throw new TypeError('an election scope is for a roll or a poll')
}

/** A verifier asks only for what it can judge. @throws AsobaError `query.invalid` */
export function checkKnown(
  { types, formats }: Pick<Settings, 'types' | 'formats'>,
  query: CredentialQuery,
  path: string,
): void {
  const refuse = (message: string, member: string): never => {
    throw new AsobaError('query.invalid', message, { path: `${path}/${member}` })
  }
  const able = formats.filter(({ dcqlFormat }) => dcqlFormat === query.format)
  if (able.length === 0) refuse('the verifier has no such format', 'format')
  if (query.multiple && able.every(({ countedBy }) => countedBy === 'nothing')) {
    refuse('in this format one credential could be sent twice unnoticed', 'multiple')
  }
  const { vct_values = [], type_values = [] } = query.meta
  const known =
    vct_values.every((vct) => types.some((type) => type.vct === vct)) &&
    type_values.every((all) => types.some(({ vcdmType }) => all.includes(vcdmType)))
  if (!known || vct_values.length + type_values.length === 0) {
    refuse('the verifier does not know this type', 'meta')
  }
}

/** Names the anchors that a wallet's credential must come under, where X.509 is all there is. */
async function withAuthorities<Q extends QueryInput>(
  { types, trust, issuerKeys, now }: Settings,
  query: Q,
  parsed: DcqlQuery,
): Promise<Q> {
  const credentials = await Promise.all(
    query.credentials.map(async (each, index) => {
      const asked = parsed.credentials[index]
      if (asked === undefined || asked.trusted_authorities !== undefined) return each
      const named = types.filter((type) => asksFor(asked, type))
      const entries = (await Promise.all(named.map(({ name }) => trust.all(name, now())))).flat()
      // One issuer that is known otherwise would be shut out by a list of authorities.
      if (entries.length === 0 || entries.some(({ mechanism }) => mechanism !== 'x509')) return each
      const perEntry = entries.map((entry) => issuerKeys.authorityKeyIds(entry))
      if (perEntry.some((ids) => ids.length === 0)) return each
      const values = [...new Set(perEntry.flat())]
      return { ...each, trusted_authorities: [{ type: 'aki', values }] }
    }),
  )
  return { ...query, credentials }
}

function random(bytes: number): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(bytes)))
}
