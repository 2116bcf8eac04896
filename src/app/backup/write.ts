import { join } from 'node:path'
import { readConfigFile } from '../../config/file.ts'
import type { KeyringRecord, StoreCopy } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { iso } from '../../core/instant.ts'
import type { Random } from '../../core/random.ts'
import type { Secret } from '../../core/secret.ts'
import { BackupSealer } from '../../vault/backup-file.ts'
import type { KeyCopy } from '../../vault/keyring.ts'
import { version } from '../version.ts'
import { linesOf } from './content.ts'
import { writePrivately } from './private-file.ts'

export interface BackupWish {
  readonly path: string
  readonly passphrase: Secret
  readonly replaces?: boolean
  readonly makesFolder?: boolean
}

export interface BackupMeans {
  readonly clock: Clock
  readonly random: Random
  /** The data folder, whose `config.toml` goes along. */
  readonly home: string
  readonly engine: string
  keysOf(records: readonly KeyringRecord[]): readonly KeyCopy[]
  /** How far it is, after each so many rows. */
  onRows?(rows: number): void
}

/** What came of it. */
export interface Written {
  readonly rows: number
  readonly bytes: number
}

/** Writes everything that a copy holds into one sealed file. @throws BhorError `output_exists`, `backup_failed` */
export function writeBackup(
  copy: StoreCopy,
  { path, passphrase, replaces, makesFolder }: BackupWish,
  means: BackupMeans,
): Promise<Written> {
  const { random, clock, home, engine } = means
  const options = { path, random, replaces: replaces ?? false, makesFolder: makesFolder ?? false }
  return writePrivately(options, async (file) => {
    const sealer = await BackupSealer.begin(passphrase, random)
    let [rows, bytes] = [0, 0]
    const write = async (chunk: Buffer) => {
      await file.writeFile(chunk)
      bytes += chunk.length
    }
    await write(sealer.header)
    const config = readConfigFile(join(home, 'config.toml')) ?? null
    const about = { bhor: version, at: iso(clock.nowMs()), engine, config }
    const onRow = () => {
      rows++
      if (rows % 500 === 0) means.onRows?.(rows)
    }
    for await (const line of linesOf(copy, about, (records) => means.keysOf(records), onRow))
      for (const piece of sealer.add(line)) await write(piece)
    await write(sealer.end())
    return { rows, bytes }
  })
}
