import { parseArgs } from 'node:util'
import { withService } from './src/command.ts'

const { values } = parseArgs({ options: { after: { type: 'string', default: '900' } } })

// The new key is published at once and signs when every cache has heard of it.
await withService(process.env, async ({ keys }) => {
  const { id, activeFrom } = await keys.rotate(Number(values.after))
  process.stdout.write(`${id} is published and signs from ${activeFrom.toISOString()}\n`)
})
