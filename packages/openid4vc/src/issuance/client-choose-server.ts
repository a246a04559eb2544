import type { Json, Verified } from '@asoba/core'
import { mayLeadTo } from './client-hosts.ts'
import type { IssuerDetails } from './client-metadata.ts'
import { bad, describeServer, type ServerDescription } from './client-server.ts'
import type { ClientSettings } from './client-settings.ts'
import { preAuthorizedCode } from './metadata.ts'
import { isIssuerUrl } from './settings.ts'

/** The grants of an offer. */
export type GrantKind = 'preAuthorized' | 'authorization'

type Server = Verified<{ readonly server: ServerDescription }>
/** Describes a server, each once for one offer. */
export type DescribeOnce = (issuer: string) => Promise<Server>

/** Servers that are asked at most: who names more wants the wallet to knock at other people's doors. */
const maxServers = 8

/** See {@link DescribeOnce}. */
export function describingOnce(
  settings: ClientSettings,
  signal: AbortSignal | undefined,
): DescribeOnce {
  const known = new Map<string, Promise<Server>>()
  return async (issuer) => {
    const found = known.get(issuer) ?? describeServer(settings, issuer, signal)
    known.set(issuer, found)
    return found
  }
}

/**
 * The authorisation server for a grant: the one that the grant names, the only one, or of several
 * the first that says that it has the grant and has the endpoints, before those that do not say.
 *
 * @see OpenID4VCI 1.0 sections 4.1.1, 12.2.4
 */
export async function chooseServer(
  settings: ClientSettings,
  { issuer, servers }: IssuerDetails,
  wanted: { readonly grant: GrantKind; readonly hint: Json | undefined },
  describe: DescribeOnce,
): Promise<Server> {
  const { grant, hint } = wanted
  const named = hint === undefined ? servers : servers.filter((each) => each === hint)
  const candidates = named.filter((each) => isIssuerUrl(each, settings.insecure))
  if (candidates.length === 0) {
    return bad(
      'offer.metadata-invalid',
      hint === undefined
        ? 'there is no authorisation server in the metadata'
        : 'the offer names an authorisation server that is not in the metadata',
    )
  }
  const reachable = candidates.filter((each) => mayLeadTo(each, issuer))
  const [first, ...others] = reachable
  if (first === undefined) {
    return bad('offer.metadata-invalid', 'the authorisation server is in a private network')
  }
  if (others.length === 0) return describe(first)
  let silent: Server | undefined
  let failed: Server | undefined
  for (const each of reachable.slice(0, maxServers)) {
    const found = await describe(each)
    if (!found.verified) {
      failed ??= found
      continue
    }
    const fit = fits(found.server, grant)
    if (fit === 'says so') return found
    if (fit === 'does not say') silent ??= found
    else failed = bad('offer.unsupported', 'no authorisation server of the issuer has this grant')
  }
  return silent ?? failed ?? bad('offer.unavailable', 'there is no authorisation server')
}

function fits(
  { grants, authorization, par }: ServerDescription,
  grant: GrantKind,
): 'says so' | 'does not say' | 'no' {
  const able = grant === 'preAuthorized' || (authorization.address && par.address)
  if (!able) return 'no'
  if (grants === undefined) return 'does not say'
  const type = grant === 'preAuthorized' ? preAuthorizedCode : 'authorization_code'
  return grants.includes(type) ? 'says so' : 'no'
}
