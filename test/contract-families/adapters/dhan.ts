export { dhan as broker } from '../dhan.ts'
export { simulator } from '../dhan-simulator.ts'
