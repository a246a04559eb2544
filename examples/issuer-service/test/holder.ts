import { didResolver, webMethod } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import {
  createIssuanceClient,
  createPresentationClient,
  type IssuanceClient,
  type IssuanceClientOptions,
  type PresentationClient,
} from '@asoba/openid4vc/wallet'
import { sdJwtVc } from '@asoba/sd-jwt'
import { createWallet, type Wallet } from '@asoba/wallet'

/** A person with a wallet of ours, all of it. */
export interface Holder {
  readonly wallet: Wallet
  readonly takes: IssuanceClient
  readonly shows: PresentationClient
  /** Scans an offer, looks at it, takes it; how many copies are in the wallet then. */
  take(link: string, txCode: string): Promise<number>
  /** Reads a request, sees what it would tell, agrees: what was told, and where the browser goes. */
  consent(link: string): Promise<Consented>
}

/** What a holder agreed to. */
export interface Consented {
  /** Who asked. */
  readonly clientId: string | undefined
  readonly told: readonly string[]
  readonly kept: readonly string[]
  readonly redirectTo?: string
}

/** Makes a person; every copy is shown once. */
export function holderOf(
  options: {
    readonly anchors?: readonly Uint8Array[]
    readonly issuance?: Partial<IssuanceClientOptions>
    readonly haip?: true
  } = {},
): Holder {
  const { anchors, issuance, haip } = options
  const wallet = createWallet({ formats: [sdJwtVc()] })
  const reach = { fetch: globalThis.fetch, [allowInsecureLoopback]: true as const }
  const strict = haip ? { haip } : {}
  const takes = createIssuanceClient({
    wallet,
    issuers: 'any',
    notify: true,
    ...reach,
    ...strict,
    ...issuance,
  })
  const shows = createPresentationClient({
    wallet,
    verifiers: {
      did: didResolver({ methods: [webMethod(reach)] }),
      ...(anchors && { x509: anchors }),
      unsigned: 'refused',
    },
    ...reach,
    ...strict,
  })
  return {
    wallet,
    takes,
    shows,
    take: async (link, txCode) => {
      const read = await takes.readOffer(link)
      if (!read.verified) throw new Error(JSON.stringify(read.problems))
      const { credentials } = await takes.accept(read.offer, { txCode })
      return credentials.reduce((sum, { copiesLeft }) => sum + copiesLeft, 0)
    },
    consent: async (link) => {
      const read = await shows.readRequest(link)
      if (!read.verified) throw new Error(JSON.stringify(read.problems))
      const { incoming } = read
      const [match] = await shows.match(incoming)
      if (match === undefined) throw new Error('the wallet cannot answer')
      const sent = await shows.respond(incoming, match)
      const paths = (claims: readonly { readonly path: readonly unknown[] }[]): string[] =>
        claims.map(({ path }) => path.join('.')).toSorted()
      return {
        clientId: incoming.verifier.clientId,
        told: paths(match.disclosed),
        kept: paths(match.withheld),
        ...(sent.kind === 'posted' && sent.redirectTo && { redirectTo: sent.redirectTo }),
      }
    },
  }
}
