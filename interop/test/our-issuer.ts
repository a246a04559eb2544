import type { JsonObject, Signer } from '@asoba/core'
import { createSeal } from '@asoba/core/seal'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createIssuer } from '@asoba/issuer'
import { jwtVcV1 } from '@asoba/jwt/v1'
import {
  createIssuerServer,
  type IssuerServer,
  type IssuerServerOptions,
  memoryOffers,
} from '@asoba/openid4vc/issuer'
import { sdJwtVc } from '@asoba/sd-jwt'
import { memoryReplay } from '@asoba/verifier'
import { nation, serveHandler } from './nation.ts'

/** A server of the nation's registry, and how to end it. */
export interface ServedIssuer {
  readonly server: IssuerServer
  readonly url: string
  readonly close: () => Promise<void>
}

const { citizenship } = nation

/** Copies of a citizenship by the issuer's signer, with what was sealed as its claims. */
export function citizenshipsBy(issuer: string, signer: Signer): IssuerServerOptions['issue'] {
  const registry = createIssuer({
    issuer,
    types: { citizenship },
    formats: [sdJwtVc({ signer }), jwtVcV1({ signer })],
    status: 'none',
    validityDays: 30,
  })
  return ({ configuration, subject, holders }) =>
    registry.issue({
      format: configuration === 'citizenship' ? 'dc+sd-jwt' : 'jwt_vc_json',
      type: 'citizenship',
      claims: subject as JsonObject,
      holders,
    })
}

/** {@link citizenshipsBy} the nation's registry. */
export const issueCitizenship = citizenshipsBy(nation.did, nation.signer)

/** Our issuer, on a port of its own. */
export async function serveIssuer(more: Partial<IssuerServerOptions> = {}): Promise<ServedIssuer> {
  let server: IssuerServer | undefined
  const { origin, close } = await serveHandler((url) => {
    server = createIssuerServer({
      url,
      configurations: {
        citizenship: { format: 'dc+sd-jwt', type: citizenship, signedWith: 'ES256' },
        'citizenship-1.1': { format: 'jwt_vc_json', type: citizenship, signedWith: 'ES256' },
      },
      issue: issueCitizenship,
      seal: createSeal(crypto.getRandomValues(new Uint8Array(32))),
      offers: memoryOffers(),
      replay: memoryReplay(),
      batchSize: 3,
      [allowInsecureLoopback]: true,
      ...more,
    })
    return server.handle
  })
  return { server: server as unknown as IssuerServer, url: origin, close }
}

/** What the tests offer. */
export const offered = {
  configurations: ['citizenship'],
  grant: 'pre-authorized_code',
  subject: nation.claims,
} as const
