import { closeSync, constants, fsyncSync, openSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Seen } from '../contracts/inventory.ts'
import type { Vault } from '../contracts/secrets.ts'
import { isBhorError } from '../core/errors.ts'
import { tryParseJson } from '../core/json.ts'
import { readPrivateFile } from '../vault/read-private-file.ts'

/** How far this computer has seen one store. */
export interface Counter extends Seen {
  /** When, as ISO text. */
  readonly at: string
  /** Of the vault's keys the one that the MAC was made with: another one may count by now. */
  readonly key: string
  readonly hmac: string
}

/** All counters of a folder: of each store that was used with it one. */
interface CounterFile {
  readonly version: 1
  readonly counters: readonly Counter[]
}

/**
 * The counters in a file; none where there is no file.
 *
 * @returns undefined for a file that holds anything else
 * @throws BhorError `permissions_too_wide`
 */
export function readCounters(path: string): readonly Counter[] | undefined {
  try {
    const bytes = readPrivateFile({ path, what: 'counter file', code: 'store_damaged' })
    if (!bytes) return []
    const content = tryParseJson(bytes.toString('utf8')) as unknown
    return isCounterFile(content) ? content.counters : undefined
  } catch (error) {
    if (isBhorError(error, 'store_damaged')) return undefined
    throw error
  }
}

/** Replaces the file at once: whoever reads it finds the counters from before or these. */
export async function writeCounters(path: string, counters: readonly Counter[]): Promise<void> {
  const fresh = `${path}.new`
  await rm(fresh, { force: true })
  {
    await using file = await open(fresh, 'wx', 0o600)
    await file.writeFile(`${JSON.stringify({ version: 1, counters } satisfies CounterFile)}\n`)
    await file.sync()
  }
  await rename(fresh, path)
}

/** Makes the file's name durable, before anything relies on its being there. */
export function keepName(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), constants.O_RDONLY)
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

export function sealedCounter(vault: Vault, seen: Seen, at: string): Counter {
  const { seq, mac, version } = seen
  const key = vault.counterKeyId
  return { seq, mac, version, at, key, hmac: vault.counterMac(textOf({ seq, mac, version, at }), key) ?? '' }
}

/** Whether it was made with a key of this vault, and whether it is as it was made. */
export function isOf(vault: Vault, { key }: Counter): boolean {
  return vault.counterMac('', key) !== undefined
}
export function isSound(vault: Vault, counter: Counter): boolean {
  return vault.counterMac(textOf(counter), counter.key) === counter.hmac
}

function textOf({ seq, mac, version, at }: Omit<Counter, 'key' | 'hmac'>): string {
  return JSON.stringify(['bhor-counter', seq, mac, version, at])
}

function isCounterFile(content: unknown): content is CounterFile {
  const { version, counters } = (content ?? {}) as { version?: unknown; counters?: unknown }
  return version === 1 && Array.isArray(counters) && counters.every(isCounter)
}

function isCounter(one: unknown): one is Counter {
  const { seq, mac, version, at, key, hmac } = (one ?? {}) as Partial<Record<keyof Counter, unknown>>
  const isText = [mac, at, key, hmac].every((part) => typeof part === 'string')
  return isText && Number.isSafeInteger(seq) && Number.isSafeInteger(version)
}
