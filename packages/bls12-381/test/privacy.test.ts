import { everythingIn } from '@asoba/testing'
import { expect, test } from 'vitest'
import {
  bytesOf,
  typescriptCurve as curve,
  encodeScalar,
  expandMessage,
  hashToScalar,
  invertScalar,
  order,
} from '../src/index.ts'

// A scalar that would be known again in any way of writing it.
const secret = 0x5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e7n
const traces = [secret.toString(), secret.toString(16), String(bytesOf(secret, 32))]
const planted = new TextEncoder().encode('PlantedSecret')
const stranger = { x: secret, y: secret } as never

test('no error tells a scalar, a point or a message', () => {
  const failing: readonly (() => unknown)[] = [
    () => curve.sumSecret([curve.g1], [secret + order]),
    () => curve.sumSecret([curve.g1], [-secret]),
    () => curve.sumSecret([curve.g1, curve.g1], [secret]),
    () => curve.sumSecret([stranger], [secret]),
    () => curve.sum([stranger], [secret]),
    () => curve.publicKey(secret + order),
    () => encodeScalar(secret - order * 2n),
    () => invertScalar(0n),
    () => bytesOf(secret << 200n, 32),
    () => curve.hashToG1(planted, new Uint8Array()),
    () => expandMessage(planted, planted, 1e9),
    () => hashToScalar(planted, new Uint8Array(256)),
  ]
  let thrown = 0
  for (const run of failing) {
    let text = ''
    try {
      run()
    } catch (error) {
      thrown++
      text = everythingIn(error)
    }
    for (const trace of [...traces, 'PlantedSecret', String(planted)]) {
      expect(text).not.toContain(trace)
    }
  }
  expect(thrown).toBeGreaterThan(8)
})
