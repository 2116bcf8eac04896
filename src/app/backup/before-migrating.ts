import type { OldStore } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import type { Random } from '../../core/random.ts'
import type { BackupMade } from '../../session/ground/backup-state.ts'
import { copiesOf } from '../../vault/keyring.ts'
import type { MasterKey } from '../../vault/master-key.ts'
import { type BackupConfig, ownPassphrase, ownPath } from './backups.ts'
import { writeBackup } from './write.ts'

/** Copies a store before its schema changes; where that is not possible, nothing is changed. @throws BhorError `backup_failed` */
export async function backupOld(
  old: OldStore,
  config: BackupConfig,
  { clock, random, masterKey }: { clock: Clock; random: Random; masterKey: MasterKey },
): Promise<Omit<BackupMade, 'atMs'>> {
  const path = ownPath(config, clock.nowMs(), old.version + 1)
  const keysOf = (records: Parameters<typeof copiesOf>[0]) => copiesOf(records, masterKey)
  const means = { clock, random, home: config.home, engine: 'older', keysOf }
  const wish = { path, passphrase: ownPassphrase(config), makesFolder: true }
  return { path, ...(await writeBackup(old, wish, means)) }
}
