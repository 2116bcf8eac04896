import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ownFolder } from '../../config/paths.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { label, launchdAgent } from './launchd-agent.ts'
import type { ServiceManager } from './manager.ts'
import { ran, shown } from './program.ts'

/** launchd, of the system or of a user. Written from its manual pages; docs/platforms.md says that nobody has run it yet. */
export function launchd(isSystem: boolean): ServiceManager {
  const folder = isSystem ? '/Library' : join(ownFolder(), 'Library')
  const file = join(folder, isSystem ? 'LaunchDaemons' : 'LaunchAgents', `${label}.plist`)
  const logFile = join(folder, 'Logs', 'bhor.log')
  const domain = isSystem ? 'system' : `gui/${process.getuid?.() ?? 0}`
  const launchctl = (...args: string[]) => {
    const done = ran('launchctl', args)
    if (done.code === undefined)
      throw new BhorError('service_manager_unavailable', 'There is no launchctl here.')
    return done
  }
  const print = () => launchctl('print', `${domain}/${label}`)
  const stop = () => {
    const { code, stderr } = launchctl('bootout', `${domain}/${label}`)
    if (code !== 0 && print().code === 0) throw refused('bootout', stderr)
  }
  return {
    name: 'launchd',
    file,
    describe: (plan) => launchdAgent(plan, logFile),
    comment: (line) => `<!-- ${line} -->`,
    check: () => void launchctl('help'),
    start() {
      stop()
      const { code, stderr } = launchctl('bootstrap', domain, file)
      if (code !== 0) throw refused('bootstrap', stderr)
    },
    stop,
    forget: () => {},
    state() {
      const { code, stdout } = print()
      const pid = Number(/^\s*pid = (\d+)$/m.exec(stdout)?.[1] ?? 0)
      return {
        state: pid > 0 ? 'running' : 'stopped',
        startsWithTheSystem: code === 0,
        pid: pid || null,
        restarts: null,
      }
    },
    async log(lines, isFollowing) {
      if (!existsSync(logFile)) throw new BhorError('not_found', 'The service has written no log yet.')
      return (await shown('tail', ['-n', String(lines), ...(isFollowing ? ['-F'] : []), logFile])) ?? 1
    },
    notes: () => [
      'Nobody has run bhor under launchd yet: tell the maintainers how it went (docs/platforms.md).',
    ],
  }
}

function refused(what: string, stderr: string): BhorError {
  return new BhorError('service_refused', `launchctl ${what}: ${printable(stderr.trim(), 300)}`)
}
