import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { makeFolders } from '../../stores/sqlite/file-checks.ts'
import { launchd } from './launchd.ts'
import type { ServicePlan } from './plan.ts'
import { isUntouched, stamped } from './stamp.ts'
import { systemd } from './systemd.ts'

/** What keeps bhor running in the background, on one kind of system. */
export interface ServiceManager {
  readonly name: string
  /** Where its description of the service lies. */
  readonly file: string
  describe(plan: ServicePlan): string
  comment(line: string): string
  /** @throws BhorError `service_manager_unavailable`, `usage` for what this one cannot do */
  check(plan?: ServicePlan): void
  /** Reads the file and starts the service, now and with the system. @throws BhorError `service_refused` */
  start(): void
  /** Ends it and starts it no more. @throws BhorError `service_refused` */
  stop(): void
  /** Forgets a file that was removed. */
  forget(): void
  state(): ServiceState
  /** Shows its log. @returns the exit code */
  log(lines: number, isFollowing: boolean): Promise<number>
  /** What the user should know after an installation, a sentence each. */
  notes(): readonly string[]
}

export interface ServiceState {
  readonly state: 'running' | 'starting' | 'stopped' | 'failed'
  readonly startsWithTheSystem: boolean
  readonly pid: number | null
  readonly restarts: number | null
}

/** The one of this system. @throws BhorError `service_manager_unavailable` */
export function managerHere(isSystem: boolean): ServiceManager {
  if (process.platform === 'linux') return systemd(isSystem)
  if (process.platform === 'darwin') return launchd(isSystem)
  throw new BhorError('service_manager_unavailable', 'bhor cannot make a service on this system yet.', {
    hint: 'Run bhor serve in another way; docs/platforms.md says what works where.',
  })
}

/** Writes the description and starts the service. @throws BhorError `service_changed`, `system_refused` and whatever the manager throws */
export function install(manager: ServiceManager, plan: ServicePlan, isForced: boolean): void {
  manager.check(plan)
  const text = descriptionOf(manager, plan)
  if (existsSync(manager.file)) giveWay(manager, isForced)
  inWords(manager, () => {
    makeFolders(dirname(manager.file))
    const draft = `${manager.file}.${process.pid}.tmp`
    writeFileSync(draft, text, { mode: 0o644, flag: 'wx' })
    renameSync(draft, manager.file)
  })
  manager.start()
}

/** The whole file, as it is written. */
export function descriptionOf(manager: ServiceManager, plan: ServicePlan): string {
  return stamped(manager.describe(plan), manager.comment)
}

/** Ends the service and takes its description away. @throws BhorError `service_not_installed`, `service_changed`, `system_refused` */
export function remove(manager: ServiceManager, isForced: boolean): void {
  requireInstalled(manager)
  manager.check()
  const copy = giveWay(manager, isForced)
  manager.stop()
  if (copy === undefined) inWords(manager, () => rmSync(manager.file))
  manager.forget()
}

/** @throws BhorError `service_not_installed` */
export function requireInstalled({ file }: ServiceManager): void {
  if (!existsSync(file)) throw new BhorError('service_not_installed', `There is no ${printable(file, 400)}.`)
}

/** Whether the description is still as bhor wrote it. */
export function isAsWritten(manager: ServiceManager): boolean {
  return isUntouched(inWords(manager, () => readFileSync(manager.file, 'utf8')))
}

/** Nothing that a person wrote is lost. @returns where it is kept now */
function giveWay(manager: ServiceManager, isForced: boolean): string | undefined {
  if (isAsWritten(manager)) return undefined
  if (!isForced)
    throw new BhorError('service_changed', `${printable(manager.file, 400)} was changed by hand.`)
  const copy = `${manager.file}.before`
  inWords(manager, () => renameSync(manager.file, copy))
  return copy
}

function inWords<T>({ file }: ServiceManager, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    throw new BhorError('system_refused', `${printable(file, 400)} cannot be read or written (${code}).`, {
      cause,
      ...(['EACCES', 'EPERM', 'EROFS'].includes(code)
        ? { hint: 'A service of the system takes root: sudo.' }
        : {}),
    })
  }
}
