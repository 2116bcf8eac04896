import { signal } from '@preact/signals'
import type { Trouble } from '../../src/contracts/api.ts'

/** False while bhor does not answer. */
export const isConnected = signal(true)

/** What keeps everything from leaving, as bhor says it. */
export const trouble = signal<Trouble | null>(null)
