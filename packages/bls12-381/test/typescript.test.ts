import { typescriptCurve } from '../src/index.ts'
import { curveContract } from './contract.ts'

curveContract(typescriptCurve)
