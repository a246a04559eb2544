import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createSeal } from '@asoba/core/seal'
import { openDatabase } from './database.ts'
import { readEnvironment } from './environment.ts'
import { deriveKey, secretOf } from './secret.ts'
import { serviceKeys } from './service-keys.ts'

/**
 * Gives a service its next key: published at once, signing when every cache has heard of it, a
 * quarter of an hour later (`--after`, in seconds). Reads the settings that the service reads.
 */
export async function rotateKey(
  variables: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void = (text) => process.stdout.write(text),
): Promise<void> {
  const { values } = parseArgs({ options: { after: { type: 'string', default: '900' } } })
  const after = Number(values.after)
  if (!Number.isSafeInteger(after) || after < 0) throw new Error('--after is in whole seconds')
  const environment = readEnvironment(variables)
  const url = environment.optional('DATABASE_URL')
  const folder = environment.text('DATA_FOLDER', 'data')
  const secret = await secretOf(environment.key('SEAL_KEY'), folder)
  environment.done()
  const database = await openDatabase({ url, folder: join(folder, 'database') })
  try {
    const seal = createSeal(await deriveKey(secret, 'seal'))
    const { id, activeFrom } = await serviceKeys(database, seal).rotate(after)
    write(`${id} is published and signs from ${activeFrom.toISOString()}\n`)
  } finally {
    await database.destroy()
  }
}
