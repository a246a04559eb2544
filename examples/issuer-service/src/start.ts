import { nationTypes } from '@asoba/credentials'
import type { Server } from 'example-kit/serve'
import { startService } from 'example-kit/service'
import { serviceKeys } from 'example-kit/service-keys'
import { sqlOffers } from 'example-kit/stores/offers'
import { sqlTags } from 'example-kit/stores/tags'
import { createConsent } from './consent.ts'
import { createLists } from './copies.ts'
import { createDidLog } from './did-log.ts'
import { createIssuing, type Issuing } from './issuing.ts'
import { createOfficers, tryingOfficer } from './officers.ts'
import { routesOf } from './routes.ts'
import { configure } from './settings.ts'
import { createTickets } from './tickets.ts'

/** Starts the issuer by its environment; see `.env.example`. */
export async function startIssuerService(
  variables: Readonly<Record<string, string | undefined>>,
  options: { readonly write?: (line: string) => void } = {},
): Promise<Server> {
  return startService('issuer', variables, {
    defaultPort: 8080,
    configure,
    ...(options.write !== undefined && { write: options.write }),
    routes: async (parts, settings) => {
      const { database, seal, origin, insecure, folder } = parts
      if (settings.officers === undefined && (!insecure || folder === 'memory')) {
        throw new Error('settings: OFFICERS must be set')
      }
      const named = settings.officers ?? (await tryingOfficer(folder))
      const nation = nationTypes({ origin: settings.nationOrigin })
      const keys = serviceKeys(database, seal)
      const tags = sqlTags(database, await parts.deriveKey('tags'))
      const lists = createLists(origin, database)
      const officers = createOfficers({ officers: named, seal, origin })
      const tickets = createTickets(sqlOffers(database))
      const consent = createConsent({ origin, seal, tickets, server: () => issuing.server() })
      const issuing: Issuing = createIssuing(parts, {
        settings,
        keys,
        nation,
        tags,
        lists,
        authorize: consent.authorize,
      })
      const didLog = createDidLog(parts, keys)
      const tagKey = await parts.deriveKey('uniqueness-tag')
      // What is wrong with the settings shall stop the start, not the first visitor.
      await issuing.server()
      return routesOf({
        parts,
        settings,
        issuing,
        officers,
        keys,
        nation,
        tags,
        tagKey,
        didLog,
        tickets,
        consent,
      })
    },
  })
}
