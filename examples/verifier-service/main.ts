import { runService } from 'example-kit/serve'
import { startVerifierService } from './src/start.ts'

await runService(() => startVerifierService(process.env))
