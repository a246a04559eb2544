import { readFileSync } from 'node:fs'

const read = (name: string): string =>
  readFileSync(new URL(`../assets/${name}`, import.meta.url), 'utf8')

/** Shows the result when it is there; the page works without it. */
export const waitScript: string = read('wait.js')

/** Asks through the Digital Credentials API, where the browser has it. */
export const dcApiScript: string = read('dc-api.js')
