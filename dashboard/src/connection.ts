import { signal } from '@preact/signals'
import type { Trouble } from '../../src/contracts/api.ts'

/** False while bhor does not answer. */
export const isConnected = signal(true)

/** How long to wait before asking a bhor that does not answer, or cannot now, again. */
export const retryMs = 2_000

/** What keeps everything from leaving, as bhor says it. */
export const trouble = signal<Trouble | null>(null)
