import { rotateKey } from 'example-kit/rotate-key'

await rotateKey(process.env)
