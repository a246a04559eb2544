import type { JsonObject } from '@asoba/core'
import { vectorSuite } from '@asoba/testing'
import { describe, expect, test } from 'vitest'
import { resolveWebvhLog, type WebvhResolution } from '../src/webvh.ts'

const now = new Date('2026-11-23T00:00:00Z')

vectorSuite('didwebvh', async (vectors) => {
  const files = await vectors.files('vectors')
  const logs = files
    .filter((file) => file.endsWith('/did.jsonl'))
    .map((file) => file.slice(0, -'/did.jsonl'.length))

  const resolve = async (
    folder: string,
    did: string,
    query: {
      readonly versionNumber?: number
      readonly returnDeactivatedDidDocument?: boolean
    } = {},
  ): Promise<WebvhResolution> => {
    const witnessed = files.includes(`${folder}/did-witness.json`)
    return resolveWebvhLog(did, await vectors.text(`${folder}/did.jsonl`), {
      now,
      witnessFile: witnessed ? await vectors.text(`${folder}/did-witness.json`) : undefined,
      ...query,
    })
  }
  const didIn = async (folder: string): Promise<string> => {
    const [line = ''] = (await vectors.text(`${folder}/did.jsonl`)).split('\n')
    return (JSON.parse(line) as { state: { id: string } }).state.id
  }

  describe('resolves', () => {
    for (const folder of logs.filter((one) => !/negative-|witness-update/.test(one))) {
      // The python results by number are those of the last version: judged below.
      const results = files.filter(
        (one) =>
          one.startsWith(`${folder}/resolutionResult`) && !/\/python\/.*\.\d+\.json$/.test(one),
      )
      for (const file of results) {
        const [, number] = /resolutionResult\.(\d+)\.json$/.exec(file) ?? []
        test(`${nameOf(folder)}${number === undefined ? '' : ` version ${number}`}${doubtsOf(folder, number)}`, async () => {
          const expected = await vectors.json<WebvhResolution>(file)
          const { didDocument, didDocumentMetadata, didResolutionMetadata } = await resolve(
            folder,
            await didIn(folder),
            {
              ...(number === undefined ? {} : { versionNumber: Number(number) }),
              returnDeactivatedDidDocument: true,
            },
          )
          expect(didResolutionMetadata['error']).toBeUndefined()
          expect(comparable(didDocument)).toEqual(comparable(expected.didDocument))
          const { updated, ...metadata } = expected.didDocumentMetadata
          expect(didDocumentMetadata).toMatchObject(metadata)
          if (!(folder.endsWith('/ts') && number !== undefined)) {
            expect(didDocumentMetadata['updated']).toBe(updated)
          }
        })
      }
    }
  })

  test('resolves multi-update by python at version 1 and 2 (specification and the ts vector; the python results of these are those of version 3)', async () => {
    const folder = 'vectors/multi-update/python'
    const lines = (await vectors.text(`${folder}/did.jsonl`)).split('\n')
    for (const versionNumber of [1, 2]) {
      const vector = await vectors.json<WebvhResolution>(
        `${folder}/resolutionResult.${versionNumber}.json`,
      )
      expect(vector.didDocumentMetadata['versionNumber']).toBe(3)
      const { state } = JSON.parse(lines[versionNumber - 1] ?? '') as { state: JsonObject }
      const result = await resolve(folder, await didIn(folder), { versionNumber })
      expect(result.didDocument).toMatchObject(state)
      expect(result.didDocumentMetadata).toMatchObject({
        ...vector.didDocumentMetadata,
        versionNumber,
        versionId: (JSON.parse(lines[versionNumber - 1] ?? '') as JsonObject)['versionId'],
        versionTime: (JSON.parse(lines[versionNumber - 1] ?? '') as JsonObject)['versionTime'],
      })
    }
  })

  test('withholds the document of a deactivated DID unless asked for it, (specification: MUST NOT return it; the vectors return it)', async () => {
    for (const folder of logs.filter((one) => one.includes('/deactivate/'))) {
      const result = await resolve(folder, await didIn(folder))
      expect(result.didDocument).toBeNull()
      expect(result.didDocumentMetadata).toMatchObject({ deactivated: true, versionNumber: 2 })
      const before = await resolve(folder, await didIn(folder), { versionNumber: 1 })
      expect(before.didDocument).not.toBeNull()
      expect(before.didDocumentMetadata['deactivated']).toBe(true)
    }
  })

  test('refuses witness-update of both implementations: the old list of two judges the entry that replaces it (specification; the python vector agrees, the ts vector resolves)', async () => {
    const folders = logs.filter((one) => one.includes('/witness-update/'))
    expect(folders).toHaveLength(2)
    for (const folder of folders) {
      const result = await resolve(folder, await didIn(folder))
      expect(result.didResolutionMetadata).toMatchObject({
        error: 'invalidDid',
        problemDetails: {
          detail: 'The log is not valid: fewer witnesses than the threshold approved a version.',
        },
      })
      const first = await resolve(folder, await didIn(folder), { versionNumber: 1 })
      expect(first.didDocument).not.toBeNull()
    }
  })

  describe('refuses', () => {
    for (const folder of logs.filter((one) => one.includes('/negative-'))) {
      test(`${nameOf(folder)}, always as invalidDid (specification; vectors also say invalidProof and invalidParameters)`, async () => {
        const literals = [
          ...(
            await vectors.text(`${folder.split('/').slice(0, 2).join('/')}/script.yaml`)
          ).matchAll(/^\s+did: "(did:webvh:[^"]+)"/gm),
        ].map(([, did = '']) => did)
        // A literal DID of a vector has an impossible SCID; with a good one it must fall too.
        const dids =
          literals.length === 0
            ? [await didIn(folder)]
            : literals.flatMap((did) => [did, did.replace(/Qm0+/, goodScid)])
        for (const did of dids) {
          const result = await resolve(folder, did)
          expect(result.didDocument).toBeNull()
          expect(result.didResolutionMetadata['error']).toBe('invalidDid')
          expect(result.didResolutionMetadata['problemDetails']).toHaveProperty('detail')
        }
      })
    }
  })
})

const goodScid = 'QmXhVjFG6EBTosDastaaHMRypm2qSv4SMGctADsx878Yux'

function nameOf(folder: string): string {
  const [, scenario, implementation] = folder.split('/')
  return `${scenario} by ${implementation}`
}

function doubtsOf(folder: string, number: string | undefined): string {
  const doubts: string[] = []
  if (folder.endsWith('/ts')) doubts.push('#files without the slash of the specification')
  if (folder.endsWith('/ts') && number !== undefined)
    doubts.push('updated of the version, not of the DID')
  if (folder.includes('/deactivate/')) doubts.push('with the document of a deactivated DID')
  return doubts.length === 0 ? '' : ` (the vector has ${doubts.join(' and ')})`
}

/** The implicit services without what implementations write differently: whole ids, final slash. */
function comparable(document: JsonObject | null): unknown {
  const id = String(document?.['id'])
  const services = (document?.['service'] ?? []) as readonly Record<string, unknown>[]
  return {
    ...document,
    service: services.map((one) => ({
      ...one,
      id: String(one['id']).replace(id, ''),
      serviceEndpoint: String(one['serviceEndpoint']).replace(/\/$/, ''),
    })),
  }
}
