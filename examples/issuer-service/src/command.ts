import { createSeal } from '@asoba/core/seal'
import { openDatabase } from 'example-kit/database'
import { readEnvironment } from 'example-kit/environment'
import { deriveKey, secretOf } from 'example-kit/secret'
import { type ServiceKeys, serviceKeys } from 'example-kit/service-keys'

/** Runs a command on the database and keys of the service. */
export async function withService(
  variables: Readonly<Record<string, string | undefined>>,
  run: (service: { readonly keys: ServiceKeys }) => Promise<void>,
): Promise<void> {
  const environment = readEnvironment(variables)
  const url = environment.optional('DATABASE_URL')
  const folder = environment.text('DATA_FOLDER', 'data')
  const secret = await secretOf(environment.key('SEAL_KEY'), folder)
  environment.done()
  const database = await openDatabase({ url, folder: `${folder}/database` })
  try {
    const seal = createSeal(await deriveKey(secret, 'seal'))
    await run({ keys: serviceKeys(database, seal) })
  } finally {
    await database.destroy()
  }
}
