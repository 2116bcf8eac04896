import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { openRegistry } from '../src/brokers/registry.ts'
import { examples } from '../src/cli/examples.ts'
import { buildProgram } from '../src/cli/main.ts'
import type { OptionSpec } from '../src/config/options.ts'
import { options } from '../src/config/options.ts'
import { scopes } from '../src/contracts/api.ts'
import { auditActions } from '../src/contracts/audit.ts'
import type { Broker, ExpiryRule } from '../src/contracts/broker.ts'
import { errorTable } from '../src/core/errors.ts'
import { allRoutes } from '../src/http/routes/all.ts'
import { libraryPage } from './library-page.ts'

/** The pages of docs/reference that are made from the code. `node scripts/reference.ts` writes them; a test compares. */
export async function referencePages(): Promise<Record<string, string>> {
  return {
    'commands.md': commandsPage(),
    'options.md': optionsPage(),
    'errors.md': errorsPage(),
    'http.md': httpPage(),
    'brokers.md': await brokersPage(),
    'library.md': page('Library', `${libraryIntro}\n\n${libraryPage()}`),
    'licenses.md': licensesPage(),
  }
}

const libraryIntro =
  'What programs import, by entry point. Everything else in the package is closed to them. Methods give promises where they say so; what is thrown is a `BhorError` with a `code` of [errors](errors.md).'

const made = '<!-- Made from the code by `node scripts/reference.ts`. -->'

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function page(title: string, text: string): string {
  return `# ${title}\n\n${made}\n\n${text}\n`
}

function commandsPage(): string {
  const program = buildProgram()
  const intro =
    'stdout is data only, talk goes to stderr. Exit codes: 0 ok · 1 failed · 2 usage or cancelled · 3 not found · 4 login needed · 5 store or vault locked · 6 broker unreachable · 7 refused · 124 timeout · 126 and 127 of a program that cannot be started.\n\nEvery command uses the running server of the same data folder; where none runs, it does the work itself. `desk`, `wait`, `exec` and `status --watch` need one. `bhor help COMMAND` says what stands here.'
  return page(
    'Commands',
    [intro, ...program.commands.flatMap((command) => sections(command, 'bhor'))].join('\n\n'),
  )
}

function sections(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`
  const usage = [
    name,
    ...command.registeredArguments.map((a) =>
      a.required ? `<${a.name()}>` : `[${a.name()}${a.variadic ? '…' : ''}]`,
    ),
  ].join(' ')
  const shown = (examples[name.replace(/^bhor /, '')] ?? []).map(([line, says]) => `${line}   # ${says}`)
  const flags = command.options.map((option) => [`\`${option.flags}\``, option.description])
  const own = [
    `## \`${usage}\``,
    command.description(),
    ...(flags.length > 0 ? [table(['option', 'meaning'], flags)] : []),
    ...(shown.length > 0 ? [`\`\`\`sh\n${shown.join('\n')}\n\`\`\``] : []),
  ]
  return [own.join('\n\n'), ...command.commands.flatMap((sub) => sections(sub, name))]
}

function optionsPage(): string {
  const rows = (options as readonly OptionSpec[]).map(
    ({ name, env, default: value, environmentOnly, help }) => [
      environmentOnly ? '–' : `\`${name}\``,
      `\`${env}\``,
      value === undefined ? '' : `\`${value}\``,
      help,
    ],
  )
  const intro =
    'Flags beat environment beats `config.toml` in the data folder beats default. An unknown key or `BHOR_*` variable is an error.\n\nEvery host of a broker can be set: `[hosts.kite]` and below it `api = "https://…"`; the roles are in [brokers](brokers.md). An adapter of your own: `[brokers.ID]` and below it `module = "…"`, see [adding a broker](../adding-a-broker.md).'
  return page('Options', `${intro}\n\n${table(['config.toml', 'environment', 'default', 'meaning'], rows)}`)
}

function errorsPage(): string {
  const rows = Object.entries(errorTable).map(([code, { http, exit, retryable, sentence, hint }]) => [
    `<a id="${code}"></a>\`${code}\``,
    String(http),
    String(exit),
    retryable ? 'yes' : '',
    sentence,
    hint,
  ])
  return page(
    'Errors',
    `The same codes everywhere: library, HTTP (problem+json), command line, dashboard.\n\n${table(['code', 'HTTP', 'exit', 'try again', 'what happened', 'next step'], rows)}`,
  )
}

function httpPage(): string {
  const rows = allRoutes.map(
    ({ method, path, right, summary, body, answer, stream, status, contentType }) => [
      `\`${method} ${path}\``,
      right,
      body ? `\`${body}\`` : '',
      stream
        ? `\`${stream}\`, one after the other`
        : answer
          ? `\`${answer}\`${status === 201 ? ' (201)' : ''}`
          : contentType
            ? 'text'
            : '204',
      summary,
    ],
  )
  const intro =
    'All types are in `/openapi.json`. A client key goes into `Authorization: Bearer …`, never into an address. Errors are problem+json with a `code` of [errors](errors.md). Rights: SCOPES (holds all); `anyone`: no credential; `page`: the dashboard, signed in or not; `person`: signed in to it; `operator`: the command line of the same user.\n\nWithout a key: `GET /healthz`, `GET /readyz`, `GET /openapi.json`, `GET /v1/proof`, `GET /callback/<broker>`. `bhor` asks for the proof before it sends a key over TCP; a program of yours can do the same ([the security model](../security-model.md#the-port-of-the-desk)).'.replace(
      'SCOPES',
      scopes.map((scope) => `\`${scope}\``).join(', '),
    )
  return page(
    'HTTP',
    `${intro}\n\n${table(['route', 'right', 'body', 'answer', 'what'], rows)}\n\n## Audit actions\n\n${auditActions.map((action) => `\`${action}\``).join(' · ')}`,
  )
}

async function brokersPage(): Promise<string> {
  const registry = openRegistry()
  const brokers: Broker[] = await Promise.all(registry.ids().map((id) => registry.load(id)))
  const parts = brokers.map((broker) =>
    [
      `## ${broker.name} (\`${broker.id}\`)`,
      `${broker.console.registerHint} Console: ${broker.console.url}`,
      table(
        ['what', 'how'],
        [
          ['facts compared on', broker.verifiedOn],
          ['login', broker.logins.map((login) => login.kind).join(', ')],
          ['session ends', expiryText(broker.expiry)],
          ['live sessions', broker.liveSessions],
          [
            'bound to the registered address',
            broker.addressCheck === 'session' ? 'orders and the session' : 'orders',
          ],
          [
            'renewal without a human',
            broker.renewal ? `only with a token of kind \`${broker.renewal.needs}\`` : 'none',
          ],
          ['handed out', broker.handsOut],
          ['logout', logoutText(broker)],
          ['its own sandbox', sandboxText(broker)],
          ['limits', `${broker.limits.ordersPerSecond} orders/s, ${broker.limits.callsPerSecond} calls/s`],
        ],
      ),
      table(
        ['host role', 'default', ...(broker.sandboxHosts ? ['the broker’s own sandbox'] : [])],
        Object.entries(broker.hosts).map(([role, url]) => [
          `\`${role}\``,
          url,
          ...(broker.sandboxHosts ? [broker.sandboxHosts[role] ?? ''] : []),
        ]),
      ),
      table(
        ['token kind', 'orders', 'ends', 'handed out'],
        Object.entries(broker.tokens).map(([kind, spec]) => [
          `\`${kind}\``,
          spec.canOrder ? 'yes' : 'no',
          spec.expiry ? expiryText(spec.expiry) : 'with the session',
          spec.internal ? 'never' : 'yes',
        ]),
      ),
      (broker.links ?? []).map(({ label, url }) => `[${label}](${url})`).join(' · '),
    ].join('\n\n'),
  )
  return page('Brokers', parts.join('\n\n'))
}

function sandboxText({ sandboxHosts, sandboxApp }: Broker): string {
  if (!sandboxHosts) return 'none that bhor could log in to'
  return sandboxApp ? `with the published app \`${sandboxApp.apiKey}\`` : 'with an app of your own there'
}

interface LockedPackage {
  readonly version: string
  readonly license?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly peer?: boolean
  readonly link?: boolean
}

/** Of what is installed with bhor, as the lock file knows it. */
function licensesPage(): string {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, LockedPackage>
  }
  const rows = Object.entries(lock.packages)
    .filter(
      ([path, { dev, devOptional, peer, link }]) =>
        path.startsWith('node_modules/') && !dev && !devOptional && !peer && !link,
    )
    .map(([path, { version, license = '?' }]) => [path.replace(/^.*node_modules\//, ''), version, license])
  return page(
    'Licenses',
    `bhor is under Apache-2.0. These ${rows.length} packages are installed with it; none has native code or a script that runs at its installation.\n\n${table(['package', 'version', 'license'], rows)}`,
  )
}

function logoutText({ logout }: Broker): string {
  if (!logout) return 'here only'
  return logout.ends === 'user' ? 'at the broker, of all that the user has' : 'at the broker'
}

function expiryText(rule: ExpiryRule): string {
  switch (rule.kind) {
    case 'daily_at':
      return `the next ${rule.time} in India`
    case 'after':
      return `${Math.round(rule.ms / 86_400_000)} days after the grant`
    case 'jwt_exp':
      return `the \`exp\` of the ${rule.token} token`
    case 'as_granted':
      return 'as the broker says'
    case 'earliest':
      return `whichever comes first: ${rule.of.map(expiryText).join('; ')}`
  }
}

/** Where a page lies. */
export function referencePath(name: string): string {
  return fileURLToPath(new URL(`../docs/reference/${name}`, import.meta.url))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(await referencePages())) {
    if (text !== readText(referencePath(name))) writeFileSync(referencePath(name), text)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
