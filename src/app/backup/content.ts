import { masterKeyIdName } from '../../contracts/secrets.ts'
import type { CopiedRow, KeyringRecord, StoreCopy } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { tryParseJson } from '../../core/json.ts'
import { restoredName } from '../../session/ground/restored.ts'
import { stepCount } from '../../stores/schema.ts'
import type { KeyCopy } from '../../vault/keyring.ts'
import { checkName } from '../../vault/open.ts'
import { derivationName } from '../../vault/sources/passphrase.ts'

/** What a backup says of itself: its first line, when it is open. */
export interface About {
  /** Of what the lines mean. */
  readonly content: 1
  /** The bhor that wrote it. */
  readonly bhor: string
  /** How many steps of the schema its store has seen. */
  readonly schema: number
  /** When, ISO text in UTC. */
  readonly at: string
  readonly engine: string
  /** The text of `config.toml`; null where there is none. */
  readonly config: string | null
}
type Keys = { readonly keys: readonly KeyCopy[] }
type End = { readonly end: { readonly rows: number } }

/** What the store says of its master key and of itself: of a restored one both are others. */
const ofItsOwn: ReadonlySet<unknown> = new Set([masterKeyIdName, checkName, derivationName, restoredName])

/**
 * The lines of a backup: what it is, the keys, a line for each row, and how many there were.
 *
 * @param keysOf opens the keys of the keyring as it stands in the copy
 * @param onRow is told of every row
 */
export async function* linesOf(
  copy: StoreCopy,
  about: Omit<About, 'content' | 'schema'>,
  keysOf: (records: readonly KeyringRecord[]) => readonly KeyCopy[],
  onRow: () => void = () => {},
): AsyncGenerator<string, void> {
  yield lineOf({ content: 1, schema: copy.version, ...about } satisfies About)
  const ring: KeyringRecord[] = []
  let rows = 0
  for await (const { table, row } of copy.rows()) {
    if (table === 'keyring') {
      ring.push(keyringRecord(row))
      continue
    }
    if (table === 'meta' && ofItsOwn.has(row.name)) continue
    rows++
    onRow()
    yield lineOf([table, row])
  }
  yield lineOf({ keys: keysOf(ring) } satisfies Keys)
  yield lineOf({ end: { rows } } satisfies End)
}

/** A backup that is read: what it is, and then its rows. */
export interface Content {
  readonly about: About
  /**
   * The rows but for the keyring's. `onKeys` gets the keys once the rows have ended, and gives what else belongs into the
   * store. @throws BhorError `backup_damaged` where not everything is there
   */
  rows(onKeys: (keys: readonly KeyCopy[]) => Promise<readonly CopiedRow[]>): AsyncGenerator<CopiedRow, void>
}

/** @throws BhorError `backup_newer`, `backup_damaged`, and what `lines` throws */
export async function contentOf(lines: AsyncGenerator<string, void>): Promise<Content> {
  const first = await lines.next()
  const about = aboutIn(first.done ? undefined : first.value)
  return {
    about,
    async *rows(onKeys) {
      let keys: readonly KeyCopy[] | undefined
      let end: number | undefined
      let rows = 0
      for await (const line of lines) {
        const said = tryParseJson(line) as [string, CopiedRow['row']] | Partial<Keys & End> | null | undefined
        if (end !== undefined || !said) throw damaged()
        if (Array.isArray(said)) {
          rows++
          yield { table: said[0], row: said[1] }
        } else if (said.keys) {
          keys = said.keys
          yield* await onKeys(keys)
        } else if (said.end) end = said.end.rows
        else throw damaged()
      }
      if (!keys || end !== rows) throw damaged()
    },
  }
}

function aboutIn(line: string | undefined): About {
  const about = (line === undefined ? undefined : tryParseJson(line)) as Partial<About> | null | undefined
  const { content, schema, bhor } = about ?? {}
  if (typeof content !== 'number' || typeof schema !== 'number') throw damaged()
  if (content > 1 || schema > stepCount) {
    const text = `The backup was written by bhor ${bhor ?? 'of a later version'}, which is newer than this one.`
    throw new BhorError('backup_newer', text)
  }
  return about as About
}

function keyringRecord(row: CopiedRow['row']): KeyringRecord {
  return {
    id: String(row.id),
    purpose: row.purpose as KeyringRecord['purpose'],
    wrapped: String(row.wrapped),
    createdAtMs: Number(row.created_at_ms),
    retiredAtMs: row.retired_at_ms === null ? null : Number(row.retired_at_ms),
  }
}

/** The same as a row of the table. */
export function keyringRow({ id, purpose, wrapped, createdAtMs, retiredAtMs }: KeyringRecord): CopiedRow {
  const row = { id, purpose, wrapped, created_at_ms: createdAtMs, retired_at_ms: retiredAtMs }
  return { table: 'keyring', row }
}

function lineOf(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}

function damaged(): BhorError {
  return new BhorError('backup_damaged')
}
