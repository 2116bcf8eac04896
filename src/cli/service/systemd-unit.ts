import { credentialName } from '../../vault/sources/credential.ts'
import type { ServicePlan } from './plan.ts'

/** The data folder of a service of the system; systemd makes it for the user. */
export const systemHome = '/var/lib/bhor'

const passphraseName = 'bhor-passphrase'

/** Needs no right of the system, so a user's own service has it too. V8 makes code while it runs: no MemoryDenyWriteExecute. */
const everywhere = [
  'NoNewPrivileges=yes',
  'UMask=0077',
  '# A core dump would hold every key.',
  'LimitCORE=0',
  'LockPersonality=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'RestrictNamespaces=yes',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service @pkey',
  'SystemCallErrorNumber=EPERM',
] as const

/**
 * Only the system can give these. In a user's own service they need PrivateUsers=, under which everything of root's shows as
 * nobody's, and bhor trusts no folder on its way that belongs to somebody else.
 */
const systemOnly = [
  'ProtectSystem=strict',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectProc=invisible',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectControlGroups=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'RemoveIPC=yes',
] as const

/** The unit `bhor.service`; see systemd.service(5), systemd.exec(5). */
export function systemdUnit(plan: ServicePlan): string {
  const isSystem = plan.user !== undefined
  return sections({
    Unit: [
      'Description=bhor, keeper of broker sessions',
      ...(isSystem ? ['Wants=network-online.target', 'After=network-online.target time-sync.target'] : []),
      'StartLimitIntervalSec=10min',
      'StartLimitBurst=10',
    ],
    Service: [
      'Type=exec',
      `ExecStart=${plan.command.map(commandWord).join(' ')}`,
      `Environment=${quoted(`BHOR_HOME=${plan.home}`)}`,
      ...credentialLines(plan),
      'Restart=on-failure',
      'RestartSec=5s',
      '# Wrong settings stay wrong.',
      'RestartPreventExitStatus=2',
      'TimeoutStopSec=30s',
      ...(isSystem ? [`User=${plan.user}`, ...placeLines(plan)] : []),
      ...everywhere,
      ...(isSystem ? [...systemOnly, ...rightLines(plan)] : []),
    ],
    Install: [`WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`],
  })
}

function sections(all: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(all)
    .map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n\n`)
    .join('')
}

function credentialLines({ masterKeyFile, passphraseFile, isEncrypted }: ServicePlan): string[] {
  const load = (name: string, file: string) =>
    `${isEncrypted ? 'LoadCredentialEncrypted' : 'LoadCredential'}=${name}:${specifiers(file)}`
  return [
    ...(masterKeyFile === undefined ? [] : [load(credentialName, masterKeyFile)]),
    ...(passphraseFile === undefined
      ? []
      : [
          load(passphraseName, passphraseFile),
          `Environment=${quotedRaw(`BHOR_PASSPHRASE_FILE=%d/${passphraseName}`)}`,
        ]),
  ]
}

function placeLines({ command, home, writable }: ServicePlan): string[] {
  const isInHome = [...command.slice(0, 2), home, ...writable].some((path) =>
    /^\/(home|root|run\/user)\//.test(path),
  )
  const places = [...(home === systemHome ? [] : [home]), ...writable]
  return [
    ...(home === systemHome ? ['StateDirectory=bhor', 'StateDirectoryMode=0700'] : []),
    ...(places.length > 0 ? [`ReadWritePaths=${places.map((path) => quoted(`-${path}`)).join(' ')}`] : []),
    `ProtectHome=${isInHome ? 'read-only' : 'yes'}`,
  ]
}

function rightLines({ needsLowPort }: ServicePlan): string[] {
  const rights = needsLowPort ? 'CAP_NET_BIND_SERVICE' : ''
  return [`CapabilityBoundingSet=${rights}`, `AmbientCapabilities=${rights}`]
}

/** systemd.service(5), "Command lines": `$` names a variable there too. */
function commandWord(word: string): string {
  return quoted(word.replaceAll('$', '$$$$'))
}

function quoted(text: string): string {
  return quotedRaw(specifiers(text))
}

function quotedRaw(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

function specifiers(text: string): string {
  return text.replaceAll('%', '%%')
}
