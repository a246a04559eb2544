/** Reads settings, and says all that is wrong with them at once. */
export interface Environment {
  /** A text; `fallback` where it is not set, and a fault where there is no fallback. */
  text(name: string, fallback?: string): string
  optional(name: string): string | undefined
  number(name: string, fallback: number): number
  flag(name: string): boolean
  oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T
  /** JSON of the shape that the caller goes on to check. */
  json(name: string): unknown
  /** 32 bytes in base64url. */
  key(name: string): Uint8Array | undefined
  /** @throws Error that lists every fault, by name of the variable, without its value */
  done(): void
}

/** An environment over variables, `process.env` for a service. */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  const faults: string[] = []
  const optional = (name: string): string | undefined => {
    const value = variables[name]?.trim()
    return value === '' ? undefined : value
  }
  const fault = (name: string, what: string): void => {
    faults.push(`${name} ${what}`)
  }
  return {
    optional,
    text: (name, fallback) => {
      const value = optional(name) ?? fallback
      if (value === undefined) fault(name, 'must be set')
      return value ?? ''
    },
    number: (name, fallback) => {
      const value = Number(optional(name) ?? fallback)
      if (!Number.isSafeInteger(value) || value < 0) fault(name, 'is a whole number')
      return value
    },
    flag: (name) => {
      const value = optional(name) ?? '0'
      if (!['0', '1'].includes(value)) fault(name, 'is 0 or 1')
      return value === '1'
    },
    oneOf: (name, values, fallback) => {
      const value = optional(name) ?? fallback
      const found = values.find((each) => each === value)
      if (found === undefined) fault(name, `is one of ${values.join(', ')}`)
      return found ?? fallback
    },
    json: (name) => {
      const text = optional(name)
      if (text === undefined) return undefined
      try {
        return JSON.parse(text) as unknown
      } catch {
        fault(name, 'is JSON')
        return undefined
      }
    },
    key: (name) => {
      const text = optional(name)
      if (text === undefined) return undefined
      const bytes = new Uint8Array(Buffer.from(text, 'base64url'))
      if (bytes.length !== 32) fault(name, 'is 32 bytes in base64url')
      return bytes.length === 32 ? bytes : new Uint8Array(32)
    },
    done: () => {
      if (faults.length > 0) throw new Error(`settings: ${faults.join('; ')}`)
    },
  }
}
