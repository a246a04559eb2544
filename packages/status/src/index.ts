/**
 * Token Status List and Bitstring Status List: issue, publish, check.
 *
 * @module
 */

export { type StatusAllocator, type StatusAllocatorOptions, statusAllocator } from './allocator.ts'
export * from './bitstring.ts'
export type {
  PublishedStatusList,
  StatusList,
  StatusListTimes,
} from './status-list.ts'
export { memoryStatusStore, type StatusState, type StatusStore } from './store.ts'
export * from './token.ts'
