import { withService } from './src/command.ts'

// The new key is published at once and signs when every cache has heard of it.
await withService(process.env, async ({ keys }) => {
  const { id, activeFrom } = await keys.rotate(900)
  process.stdout.write(`${id} is published and signs from ${activeFrom.toISOString()}\n`)
})
