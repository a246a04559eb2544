import { runService } from 'example-kit/serve'
import { startIssuerService } from './src/start.ts'

await runService(() => startIssuerService(process.env))
