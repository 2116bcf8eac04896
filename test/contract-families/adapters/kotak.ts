export { kotak as broker } from '../kotak.ts'
export { simulator } from '../kotak-simulator.ts'
