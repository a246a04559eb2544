import { parseArgs } from 'node:util'
import { createReport } from './src/report.ts'
import { tell } from './src/story.ts'

const help = `The story of Asoba, told over real HTTP servers on loopback: a registry and a chamber
issue credentials to a wallet, a clinic, a tax office and a foreign partner verify
presentations. Two clinics cannot find out that they saw one person, seven citizens
answer a poll that anybody can count, and what should be refused is refused.

Usage: npm run demo [-- --json] [-- --no-colour] [-- --help]

  --json        one JSON document instead of text, for machines
  --no-colour   no colours (they also go where NO_COLOR is set or no terminal is)
  --help        this text

Exit code: 0 when everything happened as it should, 1 when something did not,
2 when the arguments are wrong.
`

let values: { json?: boolean; help?: boolean; 'no-colour'?: boolean }
try {
  values = parseArgs({
    options: {
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      'no-colour': { type: 'boolean' },
    },
  }).values
} catch {
  process.stderr.write(`unknown argument\n\n${help}`)
  process.exit(2)
}

if (values.help === true) {
  process.stdout.write(help)
} else {
  const colour =
    process.stdout.isTTY === true &&
    process.env['NO_COLOR'] === undefined &&
    values['no-colour'] !== true
  const report = createReport(process.stdout, { json: values.json === true, colour })
  await tell(report)
  process.exitCode = report.close()
}
