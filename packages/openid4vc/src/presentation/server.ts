import { beginByDcApi, beginByLink } from './begin.ts'
import { collect } from './collect.ts'
import { answerWallet } from './endpoints.ts'
import { settingsOf } from './settings.ts'
import type {
  DcApiInput,
  DcApiRequest,
  LinkInput,
  LinkRequest,
  PresentationServer,
  PresentationServerOptions,
} from './types.ts'

/**
 * The verifier's side of OpenID4VP 1.0. It keeps no session: what the browser that began needs is
 * sealed into a transaction, and what wallets need or post lies in the shared store for minutes,
 * encrypted to a key that only the transaction has. Replicas with one seal key and one store are
 * one server.
 *
 * @throws TypeError where an option is missing or makes no sense
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html
 */
export function createPresentationServer(options: PresentationServerOptions): PresentationServer {
  const settings = settingsOf(options)
  function begin(input: LinkInput): Promise<LinkRequest>
  function begin(input: DcApiInput): Promise<DcApiRequest>
  async function begin(input: LinkInput | DcApiInput): Promise<LinkRequest | DcApiRequest> {
    return input.flow === 'dc-api' ? beginByDcApi(settings, input) : beginByLink(settings, input)
  }
  return {
    begin,
    handle: (request) => answerWallet(settings, request),
    collect: (input) => collect(settings, input),
  }
}
