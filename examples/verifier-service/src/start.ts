import { nationTypes } from '@asoba/credentials'
import type { Server } from 'example-kit/serve'
import { startService } from 'example-kit/service'
import { serviceKeys } from 'example-kit/service-keys'
import { apiRoutes } from './api.ts'
import { createJudging } from './judging.ts'
import { questionsFor } from './questions.ts'
import { pageRoutes } from './routes.ts'
import { configure } from './settings.ts'
import { createTrust } from './trust.ts'
import { createWebhook } from './webhook.ts'

/** Starts the verifier by its environment; see `.env.example`. */
export async function startVerifierService(
  variables: Readonly<Record<string, string | undefined>>,
  options: { readonly write?: (line: string) => void } = {},
): Promise<Server> {
  return startService('verifier', variables, {
    defaultPort: 8081,
    configure,
    ...(options.write !== undefined && { write: options.write }),
    routes: async (parts, settings) => {
      const nation = nationTypes({ origin: settings.nationOrigin })
      const questions = questionsFor(nation)
      const keys = serviceKeys(parts.database, parts.seal)
      const trust = createTrust({
        database: parts.database,
        settings,
        types: Object.values(nation),
      })
      const judging = createJudging(parts, { settings, trust, keys, nation })
      // What is wrong with keys and certificate shall stop the start, not the first visitor.
      const [{ query }] = questions
      await (await judging.pages()).begin({ query, flow: 'same-device' })
      const webhook = settings.webhook && createWebhook(settings.webhook, parts.log)
      return [
        ...apiRoutes({ parts, settings, judging, questions, webhook }),
        ...pageRoutes({ parts, settings, judging, trust, keys, questions }),
      ]
    },
  })
}
