import type { IAgentPlugin, IPluginMethodMap } from '@veramo/core'

type Union<Plugin> = Plugin extends { readonly methods: infer Methods }
  ? (of: Methods) => void
  : never

/**
 * The methods of an agent, from its plugins: `createAgent<MethodsOf<typeof plugins>>({ plugins })`
 * instead of a list of interfaces that is kept by hand.
 */
export type MethodsOf<Plugins extends readonly IAgentPlugin[]> = Extract<
  Union<Plugins[number]> extends (of: infer Methods) => void ? Methods : never,
  IPluginMethodMap
>
