export { verifyWebvhLog } from './webvh/verify-log.ts'
