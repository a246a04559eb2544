import type { IAgentPlugin, IPluginMethodMap } from '@veramo/core'

/**
 * The methods of an agent, from its plugins: `createAgent<MethodsOf<typeof plugins>>({ plugins })`
 * instead of a list of interfaces that is kept by hand.
 */
export type MethodsOf<Plugins extends readonly IAgentPlugin[]> = Extract<
  // All at once: where functions of each could stand, one of all of them can.
  (
    Plugins[number] extends infer Plugin
      ? Plugin extends { readonly methods: infer Methods }
        ? (of: Methods) => void
        : never
      : never
  ) extends (of: infer Methods) => void
    ? Methods
    : never,
  IPluginMethodMap
>
