import { signal } from '@preact/signals'

/** False while bhor does not answer. */
export const isConnected = signal(true)
