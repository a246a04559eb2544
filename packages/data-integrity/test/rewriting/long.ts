import { isDeepStrictEqual } from 'node:util'
import { ecdsaRdfc2019, ecdsaSd2023, eddsaRdfc2022 } from '../../src/index.ts'
import { judged, judgedPresentation, presented, processor, shown, vocabulary } from './judging.ts'
import { originals } from './originals.ts'
import { kindNames, rewritings, type Tally } from './rewritings.ts'

// node packages/data-integrity/test/rewriting/long.ts [documents] [seed]
// Writes every original in other words until so many were judged, by every suite, and tells what
// came of it; ends with 1 where one was accepted and read otherwise than the original.
const [wanted = 50_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number)
const suites = [
  { suite: eddsaRdfc2022(processor), algorithm: 'EdDSA' },
  { suite: ecdsaRdfc2019(processor), algorithm: 'ES256' },
  { suite: ecdsaRdfc2019(processor), algorithm: 'ES384' },
  { suite: ecdsaSd2023(processor), algorithm: 'ES256' },
] as const
const tally: Tally = { made: new Map(), dropped: 0 }
const count = { same: 0, refused: 0, different: 0 }
const attempts = 8 * kindNames.length
console.log(`seed ${seed}`)

for (let round = 0; count.same + count.refused + count.different < wanted; round++) {
  for (const [index, one] of originals.entries()) {
    const { suite, algorithm } = suites[(round + index) % suites.length] as (typeof suites)[number]
    if (suite.derive !== undefined && one.whole === true) continue
    const inside = round % 4 === 3
    const credential = await shown(one, suite, algorithm)
    const holders = eddsaRdfc2022(processor)
    const document = inside ? await presented([credential], holders) : credential
    const judge = (each: unknown) =>
      inside ? judgedPresentation(each, suite, one, holders) : judged(each, suite, one)
    const expected = await judge(document)
    if ((expected === undefined) !== (one.refused === true)) throw new Error(one.name)
    const own = seed + 1000 * round + index
    const options = { processor, vocabulary, seed: own, attempts, tally }
    for await (const { document: written, kinds } of rewritings(document, options)) {
      const found = await judge(written)
      if (found === undefined) count.refused++
      else if (isDeepStrictEqual(found, expected)) count.same++
      else {
        count.different++
        console.log(`READ OTHERWISE: ${one.name}, ${suite.name}, seed ${own}: ${kinds.join(', ')}`)
      }
    }
  }
  const { same, refused, different } = count
  console.log(`round ${round}: ${same} the same, ${refused} refused, ${different} read otherwise`)
}
console.log(
  `\nother statements came of ${tally.dropped} attempts, which do not count; of each kind:`,
)
for (const name of kindNames)
  console.log(`${String(tally.made.get(name) ?? 0).padStart(7)} ${name}`)
process.exitCode = count.different === 0 ? 0 : 1
