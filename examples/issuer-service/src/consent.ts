import type { Json } from '@asoba/core'
import type { Seal } from '@asoba/core/seal'
import type { Interaction, IssuerServer } from '@asoba/openid4vc/issuer'
import { formOf } from 'example-kit/page'
import type { Route } from 'example-kit/router'
import { type IssuedType, issuedTypes } from './application.ts'
import type { Subject } from './issuing.ts'
import { agreePage, backPage, overPage } from './pages.ts'
import type { Tickets } from './tickets.ts'

/** What an offer for the authorisation code flow carries, sealed. */
export type OfferedSubject = Subject & { readonly ticket: string }

/** Login and consent: who has the digits of the officer is the person before them, and says yes or no. */
export interface Consent {
  /** Answers a browser that a wallet sent. */
  authorize(request: Request, interaction: Interaction): Promise<Response>
  readonly routes: readonly Route[]
}

interface Session {
  readonly interaction: string
  readonly subject: OfferedSubject
}

const purpose = 'asoba/consent/v1'

/** See {@link Consent}. */
export function createConsent(options: {
  readonly origin: string
  readonly seal: Seal
  readonly tickets: Tickets
  readonly server: () => Promise<IssuerServer>
}): Consent {
  const { origin, seal, tickets, server } = options

  const open = async (text: string): Promise<Session | undefined> => {
    try {
      return (await seal.unseal(text, { now: new Date(), purpose })) as unknown as Session
    } catch {
      return undefined
    }
  }
  /** The browser goes back to the wallet by a page: a form may not lead to another site. */
  const back = async (request: Request, ended: Promise<Response>): Promise<Response> => {
    try {
      return backPage(request, (await ended).headers.get('location') ?? '')
    } catch {
      return overPage(request)
    }
  }

  return {
    authorize: async (request, { interaction, configurations, issuerState }) => {
      const subject = issuerState as unknown as OfferedSubject | undefined
      const type = issuedTypes.find((each) => each === subject?.application.type)
      // A wallet that begins by itself: nobody has looked at document and person yet.
      if (subject === undefined || type === undefined || !configurations.includes(type)) {
        return overPage(request)
      }
      const expires = new Date(Date.now() + 900_000)
      const session = { interaction, subject } as unknown as Json
      return agreePage(request, { type, session: await seal.seal(session, { expires, purpose }) })
    },
    routes: [
      {
        method: 'POST',
        path: '/agree',
        handle: async (request) => {
          const form = await formOf(request, origin)
          const text = form?.get('session') ?? ''
          const session = await open(text)
          if (form === undefined || session === undefined) return overPage(request)
          const { interaction, subject: carried } = session
          const { ticket, ...subject } = carried
          const type = subject.application.type as IssuedType
          if (form.get('answer') === 'no') {
            return back(request, (await server()).deny(interaction))
          }
          if (!(await tickets.redeem(ticket, form.get('digits') ?? ''))) {
            return agreePage(request, { type, session: text, wrong: true })
          }
          const decision = { subject: subject as unknown as Json, configurations: [type] }
          return back(request, (await server()).approve(interaction, decision))
        },
      },
    ],
  }
}
