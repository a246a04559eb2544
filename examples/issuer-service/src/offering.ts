import type { Json } from '@asoba/core'
import type { IssuerServer } from '@asoba/openid4vc/issuer'
import type { Subject } from './issuing.ts'
import type { Settings } from './settings.ts'
import type { Tickets } from './tickets.ts'

/** How long an offer waits for the wallet, in seconds. */
export const offerLifetime = 600

/** What an officer hands over: a link for the wallet, and digits by another way. */
export interface Handed {
  readonly link: string
  readonly digits: string | undefined
}

/** Offers what was approved, by the flow that the settings name. */
export async function offerOf(
  subject: Subject,
  {
    server,
    tickets,
    settings,
  }: { readonly server: IssuerServer; readonly tickets: Tickets; readonly settings: Settings },
): Promise<Handed> {
  const { grant, transactionCode } = settings
  const common = {
    configurations: [subject.application.type],
    by: 'reference' as const,
    lifetime: offerLifetime,
  }
  if (grant === 'pre-authorized_code') {
    // The wallet itself asks for the digits.
    const { link, txCode } = await server.createOffer({
      ...common,
      grant,
      subject: subject as unknown as Json,
      txCode: transactionCode ? { length: 6 } : 'none',
    })
    return { link, digits: txCode }
  }
  const { ticket, digits } = await tickets.make(offerLifetime + 900)
  const carried = { ...subject, ticket } as unknown as Json
  const { link } = await server.createOffer({ ...common, grant, subject: carried, txCode: 'none' })
  return { link, digits }
}
