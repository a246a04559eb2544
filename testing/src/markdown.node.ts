import { readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The TypeScript of a Markdown file: all its `ts` blocks in their order, as one module. */
export function codeIn(file: URL): string {
  const blocks = readFileSync(file, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)
  const code = [...blocks].map(([, block]) => block).join('\n')
  if (code === '') throw new Error('the page has no ts block')
  return code
}

/**
 * Runs the TypeScript of a Markdown file as it stands, with what its imports name resolved from
 * where the file lies.
 *
 * @param given what the code takes for granted, by name
 * @returns the arguments of every `console.log`
 */
export async function runMarkdown(
  file: URL,
  given: Readonly<Record<string, unknown>> = {},
): Promise<readonly (readonly unknown[])[]> {
  const logged: unknown[][] = []
  const scope: Record<string, unknown> = {
    console: { log: (...values: unknown[]) => logged.push(values) },
    ...given,
  }
  const { resolve } = createRequire(fileURLToPath(file))
  const imports = /^import\s+\{([^}]*)\}\s+from\s+'([^']+)';?$/gm
  const code = stripTypeScriptTypes(codeIn(file))
  for (const [, names = '', specifier = ''] of code.matchAll(imports)) {
    const library = await import(/* @vite-ignore */ pathToFileURL(resolve(specifier)).href)
    for (const name of names.split(',').map((each) => each.trim())) {
      if (name === '') continue
      const [exported = '', local = exported] = name.split(/\s+as\s+/)
      if (!(exported in library)) throw new Error(`${specifier} exports no ${exported}`)
      scope[local] = library[exported]
    }
  }
  const body = `'use strict'; return (async () => {${code.replaceAll(imports, '')}\n})()`
  await new Function(...Object.keys(scope), body)(...Object.values(scope))
  return logged
}
