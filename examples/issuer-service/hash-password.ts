import { createInterface } from 'node:readline/promises'
import { hashPassword } from './src/officers.ts'

// From standard input: an argument would stay in the history of the shell.
const lines = createInterface({ input: process.stdin })
for await (const password of lines) {
  process.stdout.write(`${await hashPassword(password)}\n`)
  break
}
lines.close()
