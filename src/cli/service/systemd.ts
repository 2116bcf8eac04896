import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { userUnitFolder } from '../../config/service-folders.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import type { ServiceManager, ServiceState } from './manager.ts'
import { ran, shown } from './program.ts'
import { systemdUnit } from './systemd-unit.ts'

const unit = 'bhor.service'

/** systemd, of the system or of a user. */
export function systemd(isSystem: boolean): ServiceManager {
  const scope = isSystem ? [] : ['--user']
  const systemctl = (...args: string[]) => ran('systemctl', [...scope, ...args])
  const must = (...args: string[]) => {
    const { code, stderr } = systemctl(...args)
    if (code === 0) return
    if (code === undefined) throw unavailable('There is no systemctl')
    throw new BhorError('service_refused', `systemctl ${args.join(' ')}: ${printable(stderr.trim(), 300)}`)
  }
  const version = () => {
    const { code, stdout, stderr } = systemctl('show', '--property=Version', '--value')
    if (code === undefined) throw unavailable('There is no systemctl')
    if (code !== 0) throw unavailable(printable(stderr.trim().split('\n')[0] ?? '', 200))
    return Number.parseInt(stdout, 10)
  }
  return {
    name: 'systemd',
    file: join(isSystem ? '/etc/systemd/system' : userUnitFolder(), unit),
    describe: systemdUnit,
    comment: (line) => `# ${line}`,
    check(plan) {
      const here = version()
      // https://github.com/systemd/systemd/blob/main/NEWS: 250 and, for units of users, 256.
      const needed = isSystem ? 250 : 256
      if (plan?.isEncrypted && here < needed)
        throw new BhorError('usage', `Encrypted credentials need systemd ${needed} here; this is ${here}.`, {
          hint: isSystem
            ? 'Name a plain file, which only root can read.'
            : 'Name a plain file, or make a service of the system: --system.',
        })
    },
    start() {
      must('daemon-reload')
      must('enable', unit)
      // Also where it runs already, with what the file said before.
      must('restart', unit)
    },
    stop: () => must('disable', '--now', unit),
    forget: () => must('daemon-reload'),
    state() {
      version()
      return stateOf(systemctl('show', unit, `--property=${shownFields.join(',')}`).stdout)
    },
    async log(lines, isFollowing) {
      const filter = isSystem ? ['--unit', unit] : ['--user', '--unit', unit]
      const args = [...filter, '--lines', String(lines), '--no-pager', ...(isFollowing ? ['--follow'] : [])]
      const code = await shown('journalctl', args)
      if (code === undefined) throw unavailable('There is no journalctl')
      return code
    },
    notes: () =>
      isSystem || lingers()
        ? []
        : [
            `It ends when you log out of this computer, unless: sudo loginctl enable-linger ${userInfo().username}`,
          ],
  }
}

const shownFields = ['UnitFileState', 'ActiveState', 'MainPID', 'NRestarts'] as const

function stateOf(text: string): ServiceState {
  const fields: Partial<Record<(typeof shownFields)[number], string>> = Object.fromEntries(
    text.split('\n').map((line) => line.split('=', 2) as [string, string]),
  )
  const { ActiveState = '', UnitFileState, MainPID = '0', NRestarts = '' } = fields
  return {
    state: states[ActiveState] ?? 'stopped',
    startsWithTheSystem: UnitFileState === 'enabled',
    pid: Number(MainPID) || null,
    restarts: /^\d+$/.test(NRestarts) ? Number(NRestarts) : null,
  }
}

const states: Readonly<Record<string, ServiceState['state']>> = {
  active: 'running',
  reloading: 'running',
  activating: 'starting',
  deactivating: 'running',
  failed: 'failed',
}

/** logind keeps a file for each user whose services outlive the last login. */
function lingers(): boolean {
  return existsSync(join('/var/lib/systemd/linger', userInfo().username))
}

function unavailable(why: string): BhorError {
  return new BhorError(
    'service_manager_unavailable',
    `systemd does not answer here: ${why}.`.replace(/\.\.$/, '.'),
  )
}
