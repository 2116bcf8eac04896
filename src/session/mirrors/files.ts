import type { MirrorFiles } from '../../contracts/mirrors.ts'
import { BhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'

/** @throws BhorError `mirror_unwritable` where nobody writes files */
export function mirrorFilesOf({ mirrorFiles }: Pick<SessionContext, 'mirrorFiles'>): MirrorFiles {
  if (mirrorFiles) return mirrorFiles
  throw new BhorError('mirror_unwritable', 'Nobody writes mirrors here.', {
    hint: 'bhor serve does.',
  })
}
