import type { JsonObject } from '@asoba/core'
import { type ClientSettings, isEndpoint } from './client-settings.ts'

/** An endpoint that a document names, or why it is not used. */
export type Endpoint =
  | { readonly address: string; readonly why?: never }
  | { readonly address?: never; readonly why: string }

/** Endpoints that issuers and authorisation servers name. */
export type EndpointName =
  | 'authorization_endpoint'
  | 'challenge_endpoint'
  | 'credential_endpoint'
  | 'deferred_credential_endpoint'
  | 'nonce_endpoint'
  | 'notification_endpoint'
  | 'pushed_authorization_request_endpoint'
  | 'token_endpoint'

/**
 * An endpoint in metadata, which were asked at the identifier's own origin. It may lie on another
 * host: OpenID4VCI 12.2.4 and RFC 8414 section 2 want no more than https. It must not lead from
 * https to plain http, nor from the public web into the network that the wallet stands in, where
 * the requests of a wallet would reach what nobody else on the web can.
 */
export function endpointIn(
  settings: ClientSettings,
  document: JsonObject,
  name: EndpointName,
  owner: string,
): Endpoint {
  const address = document[name]
  if (address === undefined) return { why: `there is no ${name} in the metadata` }
  if (!isEndpoint(settings, address) || isDowngrade(address, owner)) {
    return { why: `the ${name} is no https URL` }
  }
  const { origin, hostname } = new URL(address)
  const own = new URL(owner)
  if (settings.options.otherHosts === 'refused' && origin !== own.origin) {
    return { why: `the ${name} lies on another host than its owner, which the wallet refuses` }
  }
  return isPrivate(hostname) && !isPrivate(own.hostname)
    ? { why: `the ${name} leads into a private network` }
    : { address }
}

/** Whether somebody on the public web names an authorisation server that may be asked. */
export function mayLeadTo(server: string, owner: string): boolean {
  const private_ = isPrivate(new URL(server).hostname) && !isPrivate(new URL(owner).hostname)
  return !private_ && !isDowngrade(server, owner)
}

/** Hosts (with their ports) other than the issuer's own, each once and in order. */
export function hostsBeside(issuer: string, addresses: readonly (string | undefined)[]): string[] {
  const { host: own } = new URL(issuer)
  const hosts = addresses.flatMap((each) => (each === undefined ? [] : [new URL(each).host]))
  return [...new Set(hosts)].filter((host) => host !== own).sort()
}

function isDowngrade(address: string, owner: string): boolean {
  return owner.startsWith('https:') && !address.startsWith('https:')
}

/** This machine or a network of its own, as far as a name or an address says so by itself. */
function isPrivate(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '')
  if (name.startsWith('[')) return /^\[(?:::|f[cd]|fe[89ab]|64:ff9b:)/.test(name)
  return (
    !name.includes('.') ||
    /\.(?:localhost|local|internal|home\.arpa)$/.test(name) ||
    // RFC 6890; the URL parser has made dotted decimals of every other spelling.
    /^(?:0|10|127|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.[\d.]+$/.test(
      name,
    )
  )
}
