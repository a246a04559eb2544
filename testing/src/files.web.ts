import { commands } from 'vitest/browser'

interface VectorCommands {
  readVector(path: string): Promise<string>
  listVectors(folder: string): Promise<string[]>
}

/** Text of one vector file, read by the test runner for the page. */
export function readText(path: string): Promise<string> {
  return (commands as unknown as VectorCommands).readVector(path)
}

/** All files under a folder of the vectors, listed by the test runner for the page. */
export function listFiles(folder: string): Promise<string[]> {
  return (commands as unknown as VectorCommands).listVectors(folder)
}
