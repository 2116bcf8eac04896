export { definedge as broker } from '../definedge.ts'
export { simulator } from '../definedge-simulator.ts'
